import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { pythonCall, scriptEntryPoint } from '../../../src/projects/command/entryPoints';
import { choiceOf, decodeChoice, noSweep, requestOf } from '../../../src/projects/form/formChoice';
import { LaunchQueue } from '../../../src/projects/launch/launchQueue';
import { launcherArguments, mlflowRunArguments, RunIdReader } from '../../../src/projects/process/mlflowRun';
import { parseVaried } from '../../../src/projects/request/parameters';
import { decodeDefinition, definitionOf, type LaunchRequest } from '../../../src/projects/request/taskDefinition';
import { LaunchMemory } from '../../../src/projects/tasks/launchMemory';
import { TracebackReader } from '../../../src/projects/tracebacks/tracebacks';
import { type FormChoice, valueIn } from '../../../src/shared/protocol/launch';

const range = { line: 0, column: 0, endLine: 0, endColumn: 0 };
const text = fc.string({ unit: 'binary', maxLength: 12 }).filter((value) => !value.includes('\0'));
const filled = text.filter((value) => value.trim() !== '');
const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,8}$/).filter((value) => !(value in {}));

const request: fc.Arbitrary<LaunchRequest> = fc
  .record(
    {
      entryPoint: filled,
      project: fc.constantFrom('', 'a', 'a b/c'),
      parameters: fc.dictionary(name, text).map((values) => new Map(Object.entries(values))),
      experiment: filled,
      runName: filled,
      environmentManager: fc.constantFrom('local' as const, 'uv' as const),
      backend: filled,
      backendConfig: filled,
      storageDir: filled,
      version: filled,
      repository: filled,
      dockerArguments: fc.array(filled, { minLength: 1, maxLength: 3 }),
      sweep: fc.record(
        {
          method: fc.constantFrom('grid' as const, 'random' as const),
          samples: fc.integer({ min: 1, max: 50 }),
          seed: fc.nat(),
          parallel: fc.integer({ min: 1, max: 8 }),
          values: fc.dictionary(name, filled).map((values) => new Map(Object.entries(values))),
        },
        { noNullPrototype: true },
      ),
    },
    { requiredKeys: ['entryPoint', 'project', 'parameters'], noNullPrototype: true },
  )
  .map((made) => made as LaunchRequest);

describe('a task', () => {
  it('says what is launched, and is read back as it was', () => {
    fc.assert(
      fc.property(request, (given) => {
        const decoded = decodeDefinition(JSON.parse(JSON.stringify(definitionOf(given))));
        assert.deepEqual(decoded, { request: given });
      }),
    );
  });

  it('is refused by the name of the property that is wrong', () => {
    const bad = (more: object) => {
      const decoded = decodeDefinition({ type: 'flowdeck', entryPoint: 'main', ...more });
      return 'bad' in decoded ? decoded.bad : undefined;
    };
    assert.deepEqual(
      [
        { backend: 5 },
        { version: ['x'] },
        { repository: 'a\0b' },
        { dockerArguments: 'gpus=all' },
        { dockerArguments: [''] },
        { sweep: {} },
        { sweep: { values: { a: '1..2' }, method: 'best' } },
        { sweep: { values: { a: '1..2' }, parallel: 0 } },
        { sweep: { values: { a: [{}] } } },
        { sweep: { values: { a: [1, true, 'x'] } } },
      ].map(bad),
      [
        'backend',
        'version',
        'repository',
        'dockerArguments',
        'dockerArguments',
        'sweep',
        'sweep',
        'sweep',
        'sweep',
        undefined,
      ],
    );
  });
});

describe('the form', () => {
  it('gives the request that it was filled from', () => {
    fc.assert(
      fc.property(request, ({ repository, ...given }) => {
        const names = new Set([...given.parameters.keys(), ...(given.sweep?.values.keys() ?? [])]);
        const parameters = [...names].map((own) => ({ name: own, type: 'string', reachable: true, range }));
        const trimmed = ['backend', 'backendConfig', 'storageDir', 'version'] as const;
        fc.pre(trimmed.every((key) => given[key] === given[key]?.trim()) && given.backend !== 'local');
        fc.pre((given.dockerArguments ?? []).every((line) => line === line.trim() && !line.includes('\n')));
        fc.pre(given.environmentManager !== undefined);
        const sweep = given.sweep && given.sweep.values.size > 0 ? given.sweep : undefined;
        const { sweep: _, ...base } = given;
        const wanted = sweep ? { ...base, sweep } : base;
        const choice = decodeChoice(JSON.parse(JSON.stringify(choiceOf(wanted, { parameters }))));
        const place = { project: given.project, ...(repository === undefined ? {} : { repository }) };
        const back = requestOf(choice, { parameters }, place);
        assert.ok('request' in back, JSON.stringify(back));
        const swept = new Set(sweep?.values.keys() ?? []);
        const fixed = [...names].filter((own) => !swept.has(own));
        assert.deepEqual(
          { ...back.request, repository: undefined },
          {
            ...wanted,
            parameters: new Map(fixed.map((own) => [own, given.parameters.get(own) ?? ''])),
            repository: undefined,
          },
        );
      }),
      { numRuns: 60 },
    );
  });

  it('leaves defaults to the file, and refuses what no page of ours sends', () => {
    const parameters = [
      { name: 'a', type: 'float', default: '1', reachable: true, range },
      { name: 'b', type: 'float', reachable: true, range },
    ];
    const choice = {
      ...choiceOf({ entryPoint: 'main', project: '', parameters: new Map([['b', '2']]) }, { parameters }),
    };
    const made = requestOf(choice, { parameters }, { project: 'x' });
    assert.ok('request' in made);
    assert.deepEqual([...made.request.parameters], [['b', '2']]);
    const varied = { ...choice, sweep: { ...noSweep, varied: ['b', 'gone'], samples: 'many' } };
    assert.deepEqual(requestOf(varied, { parameters }, { project: '' }), { bad: 'sweep' });
    for (const raw of [
      undefined,
      5,
      {},
      { ...choice, values: { a: 5 } },
      { ...choice, sweep: { ...noSweep, method: 'x' } },
    ])
      assert.throws(() => decodeChoice(raw));
  });

  it('tells an empty text from nothing, whatever the parameter is called', () => {
    const parameters = ['a', 'constructor', '__proto__'].map((own) => ({
      name: own,
      type: 'string',
      reachable: true,
      range,
    }));
    const of = (given: readonly (readonly [string, string])[]) =>
      choiceOf({ entryPoint: 'main', project: '', parameters: new Map(given) }, { parameters });
    const again = (choice: FormChoice) => decodeChoice(JSON.parse(JSON.stringify(choice)));
    const given = (choice: FormChoice) => {
      const made = requestOf(again(choice), { parameters }, { project: '' });
      return 'request' in made ? [...made.request.parameters] : made;
    };
    assert.deepEqual(given(of([])), []);
    for (const { name: own } of parameters) {
      assert.equal(valueIn(again(of([])), own), undefined);
      assert.equal(valueIn(again(of([[own, '']])), own), '');
      assert.deepEqual(given(of([[own, '']])), [[own, '']]);
    }
  });

  it('looks at each value of a list and at the ends of a range', () => {
    const parameter = { name: 'a', type: 'float', reachable: true, range };
    const entryPoint = { name: 'main', command: 'python x.py {a}', parameters: [parameter], reachable: true, range };
    assert.equal(parseVaried(entryPoint, parameter, '1, 2'), undefined);
    assert.equal(parseVaried(entryPoint, parameter, '1..2 step 0.5'), undefined);
    assert.deepEqual(parseVaried(entryPoint, parameter, '1, two'), {
      of: 'value',
      problem: { kind: 'notNumber', name: 'a' },
    });
    assert.equal(parseVaried(entryPoint, parameter, '')?.of, 'sweep');
    const text = { ...parameter, type: 'string' };
    assert.deepEqual(parseVaried({ ...entryPoint, parameters: [text] }, text, 'a,,b'), {
      of: 'value',
      problem: { kind: 'missing', name: 'a' },
    });
  });
});

describe('what was launched', () => {
  it('is remembered per entry point, the last first, nothing twice, ten at most', async () => {
    const kept = new Map<string, unknown>();
    const state = {
      get: <T>(key: string) => kept.get(key) as T,
      update: async (key: string, value: unknown) => void kept.set(key, JSON.parse(JSON.stringify(value))),
    };
    const memory = new LaunchMemory(state);
    const launch = (rate: string) => ({
      entryPoint: 'main',
      project: '',
      parameters: new Map([['rate', rate]]),
      id: rate,
    });
    for (let at = 0; at < 14; at++) await memory.record('main', launch(String(at)));
    await memory.record('main', launch('9'));
    await memory.record('other', launch('x'));
    const rates = memory.history('main').map(({ parameters }) => parameters.get('rate'));
    assert.deepEqual(rates, ['9', '13', '12', '11', '10', '8', '7', '6', '5', '4']);
    assert.equal(memory.history('other').length, 1);
    kept.set('flowdeck.projects.history', [['main', [{ entryPoint: 5 }, null]], 'x']);
    assert.deepEqual(memory.history('main'), []);
  });
});

describe('the queue of launches', () => {
  it('lets as many in as the limit says, in order, and forgets who gave up', async () => {
    let limit = 2;
    const queue = new LaunchQueue(() => limit);
    const entered: number[] = [];
    const waited: number[] = [];
    const leaving = new Map<number, () => void>();
    const enter = (id: number, signal = new AbortController().signal) =>
      queue
        .enter(signal, (running) => waited.push(running))
        .then((leave) => {
          entered.push(id);
          leaving.set(id, leave);
        });
    const tick = () => new Promise((resolve) => setImmediate(resolve));
    const giveUp = new AbortController();
    const all = [enter(1), enter(2), enter(3, giveUp.signal), enter(4), enter(5)];
    await tick();
    assert.deepEqual([entered, waited, queue.length], [[1, 2], [2, 2, 2], 3]);
    giveUp.abort();
    await assert.rejects(all[2] ?? Promise.resolve(), { name: 'AbortError' });
    leaving.get(1)?.();
    leaving.get(1)?.();
    await tick();
    assert.deepEqual(entered, [1, 2, 4]);
    limit = 3;
    queue.admit();
    await tick();
    assert.deepEqual(entered, [1, 2, 4, 5]);
    await assert.rejects(queue.enter(AbortSignal.abort()), { name: 'AbortError' });
  });
});

const broken = [
  '\u001b[31mTraceback (most recent call last):\u001b[0m\r',
  '  File "/p/train.py", line 12, in <module>\r',
  '    main(float("x"))\r',
  '    ~~~~^^^^^^^^^^^^\r',
  '  File "<frozen runpy>", line 88, in _run_code\r',
  '  File \u001b[35m"helpers/data.py"\u001b[0m, line \u001b[35m7\u001b[0m, in load\r',
  '    raise ValueError("too fast")\r',
  '\u001b[1;35mValueError\u001b[0m: too fast\r',
  'after\r',
].join('\n');

describe('tracebacks', () => {
  it('are found in any pieces, with colours, and only with their frames', () => {
    const expected = [
      {
        message: 'ValueError: too fast',
        frames: [
          { file: '/p/train.py', line: 12, name: '<module>' },
          { file: 'helpers/data.py', line: 7, name: 'load' },
        ],
      },
    ];
    fc.assert(
      fc.property(fc.array(fc.nat({ max: broken.length }), { maxLength: 8 }), (cuts) => {
        const reader = new TracebackReader();
        const places = [0, ...cuts.toSorted((a, b) => a - b), broken.length];
        const found = places.slice(1).flatMap((end, at) => reader.read(broken.slice(places[at], end)));
        assert.deepEqual(found, expected);
      }),
    );
    const reader = new TracebackReader();
    assert.deepEqual(reader.read('Traceback (most recent call last):\nValueError: x\nFile "a.py", line 3\n'), []);
    const syntax = reader.read(
      'Traceback (most recent call last):\n  File "a.py", line 3\n    x =\nSyntaxError: bad\n',
    );
    assert.deepEqual(syntax, [{ message: 'SyntaxError: bad', frames: [{ file: 'a.py', line: 3 }] }]);
  });

  const found = (text: string) =>
    new TracebackReader()
      .read(text)
      .map(({ message, frames }) => [message, frames.map(({ file, line }) => `${file}:${line}`)]);

  it('are found where the script itself cannot be parsed, and nothing says that there is one', () => {
    for (const [message, code] of [
      ['SyntaxError: invalid syntax', '    x = = 1\n        ^\n'],
      ['IndentationError: unexpected indent', '    x = 1\n'],
      ['TabError: inconsistent use of tabs and spaces in indentation', ''],
      ["SyntaxError: (unicode error) 'utf-8' codec can't decode byte 0xe9", ''],
    ] as const)
      assert.deepEqual(found(`starts\n  File "/p/train.py", line 3\n${code}${message}\n`), [
        [message, ['/p/train.py:3']],
      ]);
    for (const other of ['done', 'ValueError: x', 'a SyntaxError: no'])
      assert.deepEqual(found(`  File "/p/train.py", line 3\n    x\n${other}\n`), []);
  });

  it('are found in groups, of the group and of each in it', () => {
    // As Python 3.12 prints one.
    const group = `  + Exception Group Traceback (most recent call last):
  |   File "/p/g.py", line 13, in <module>
  |     raise ExceptionGroup("many", errors)
  | ExceptionGroup: many (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "/p/g.py", line 3, in one
    |     raise ValueError("first")
    | ValueError: first
    +---------------- 2 ----------------
    | Exception Group Traceback (most recent call last):
    |   File "/p/g.py", line 9, in inner
    |     raise ExceptionGroup("inner", [error])
    | ExceptionGroup: inner (1 sub-exception)
    +-+---------------- 1 ----------------
      | Traceback (most recent call last):
      |   File "/p/g.py", line 6, in two
      |     raise KeyError("second")
      | KeyError: 'second'
      +------------------------------------
Traceback (most recent call last):
  File "/p/a.py", line 1, in <module>
    | x
OSError: after
`;
    assert.deepEqual(found(group), [
      ['ExceptionGroup: many (2 sub-exceptions)', ['/p/g.py:13']],
      ['ValueError: first', ['/p/g.py:3']],
      ['ExceptionGroup: inner (1 sub-exception)', ['/p/g.py:9']],
      ["KeyError: 'second'", ['/p/g.py:6']],
      ['OSError: after', ['/p/a.py:1']],
    ]);
  });

  it('are found behind a bar that was being drawn', () => {
    const text =
      '\r 10%|#   | 1/10\r 20%|##  | 2/10Traceback (most recent call last):\r\n  File "a.py", line 3, in f\r\nOSError: x\r\n';
    assert.deepEqual(found(text), [['OSError: x', ['a.py:3']]]);
  });
});

const hostile = fc.oneof(
  text,
  fc.constantFrom('$(touch x)', '`id`', '"; rm x #', "it's", 'a\nb', '--run-id=5', '-P', '=', '{x}', 'é\u202e😀', ' '),
);

describe('the arguments of a launch', () => {
  it('hold each value whole, in one argument or one JSON text', () => {
    fc.assert(
      fc.property(fc.dictionary(name, hostile), hostile, hostile, (values, entryPoint, docker) => {
        const line = {
          entryPoint,
          environmentManager: 'local' as const,
          parameters: new Map(Object.entries(values)),
          dockerArguments: [docker],
        };
        const args = mlflowRunArguments({ ...line, runId: 'a'.repeat(32) });
        const given = args.flatMap((arg, at) => (args[at - 1] === '-P' && at > 6 ? [arg] : []));
        assert.deepEqual(
          given.slice(-Object.keys(values).length || given.length),
          Object.entries(values).map(([key, value]) => `${key}=${value}`),
        );
        assert.ok(args.includes(`--entry-point=${entryPoint}`));
        const [file, json = ''] = launcherArguments('/launcher.py', { ...line, backend: 'elsewhere' });
        const options: { parameters: object; entry_point: string; docker_args: Record<string, unknown> } =
          JSON.parse(json);
        assert.equal(file, '/launcher.py');
        assert.deepEqual(options.parameters, { ...values });
        assert.equal(options.entry_point, entryPoint);
        const [key, value] = Object.entries(options.docker_args)[0] ?? [];
        assert.equal(value === true ? key : `${key}=${value}`, docker);
      }),
    );
  });

  // bash is what MLflow gives commands to; Windows has none to ask.
  const onPosix = process.platform === 'win32' ? () => undefined : it;
  onPosix('for docker are the words that a person wrote, with a label beside their own', () => {
    const label = `flowdeck.run=${'a'.repeat(32)}`;
    const words = (given: readonly string[]) => {
      const line = { entryPoint: 'main', environmentManager: 'local' as const, parameters: new Map<string, string>() };
      const args = mlflowRunArguments({ ...line, dockerArguments: given, containers: label });
      const docker = args.flatMap((arg, at) => (args[at - 1] === '-A' ? [arg] : []));
      // As MLflow writes them: https://github.com/mlflow/mlflow/blob/v3.17.2/mlflow/projects/backend/local.py#L288
      const written = docker.map((arg) => {
        const at = arg.indexOf('=');
        const option = at < 0 ? arg : arg.slice(0, at);
        const value = at < 0 ? '' : ` ${arg.slice(at + 1)}`;
        return `${option.length === 1 ? '-' : '--'}${option}${value}`;
      });
      return execFileSync('bash', ['-c', `printf '%s\\0' ${written.join(' ')}`])
        .toString()
        .split('\0')
        .slice(0, -1);
    };
    fc.assert(
      fc.property(hostile, (value) => {
        fc.pre(!/[\0\ud800-\udfff\r]/.test(value));
        assert.deepEqual(words([`env=${value}`, 'gpus=all']), ['--env', value, '--gpus', 'all', '--label', label]);
      }),
      { numRuns: 25 },
    );
    assert.deepEqual(words(['label=own=1']), ['--label', 'own=1', '-l', label]);
    assert.deepEqual(words(['label=own=1', 'l=x']), ['--label', 'own=1', '-l', 'x'], 'there is no third name');
  });

  onPosix('of a debugged command are the words that bash would make', () => {
    const shellQuoted = (value: string) => `'${value.replaceAll("'", `'"'"'`)}'`;
    const commands = [
      'python train.py {a} --x {b}',
      'python3 "my file.py" {a}x{b} {{"k"}}',
      "/usr/bin/python3.11 -m pkg.mod --a={a} 'q r' {b}",
    ];
    for (const command of commands)
      fc.assert(
        fc.property(hostile, hostile, (a, b) => {
          fc.pre(!`${a}${b}`.match(/[\ud800-\udfff\r]/));
          const call = pythonCall(command, new Map(Object.entries({ a, b })));
          assert.ok(call, command);
          const filledIn = command.replaceAll(/\{\{|\}\}|\{(\w)\}/g, (found, key) =>
            key === 'a' ? shellQuoted(a) : key === 'b' ? shellQuoted(b) : found.slice(1),
          );
          const words = execFileSync('bash', ['-c', `printf '%s\\0' ${filledIn}`])
            .toString()
            .split('\0')
            .slice(1, -1);
          assert.deepEqual([...call.program, ...call.args], words);
        }),
        { numRuns: 25 },
      );
    for (const command of [
      'python a.py | tee x',
      'bash run.sh',
      'python a.py && b',
      'python -c {a}',
      'X=1 python a.py',
      'python $HOME/a.py',
      'python "{a}"',
      'python a.py `id`',
      'python',
    ])
      assert.equal(pythonCall(command, new Map([['a', 'x y']])), undefined, command);
  });

  it('of a script are its path inside the project and nothing else', () => {
    assert.equal(scriptEntryPoint('sub/train.py')?.command, 'python sub/train.py');
    assert.equal(scriptEntryPoint("it's.sh")?.command, `$SHELL 'it'"'"'s.sh'`);
    assert.equal(
      scriptEntryPoint('src/fit.R')?.command,
      `Rscript -e "mlflow::mlflow_source('src/fit.R')" --args`,
      'as MLflow calls R',
    );
    const outside = ['/etc/x.py', '../x.py', 'a/../../x.py', 'C:\\x.py'];
    const others = ['train', 'x.py\0.py', 'a.ipynb', 'x.PY', '.py.txt', 'x.r'];
    // bash would read these inside the double quotes of MLflow's call.
    const readByBash = ['$(id).R', '`id`.R', 'a b.R', 'it"s.R'];
    for (const bad of [...outside, ...others, ...readByBash]) assert.equal(scriptEntryPoint(bad), undefined, bad);
  });
});

describe('the id of a run that a backend makes', () => {
  it('is read from the launcher alone, in any pieces, and the first one counts', () => {
    const id = '0123456789abcdef'.repeat(2);
    const output = `noise ${'f'.repeat(32)}\r\n\u001b]5379;flowdeck-run=${id}\u0007more\u001b]5379;flowdeck-run=${'a'.repeat(32)}\u0007`;
    fc.assert(
      fc.property(fc.nat({ max: output.length }), fc.nat({ max: output.length }), (a, b) => {
        const reader = new RunIdReader();
        const [first, second] = [Math.min(a, b), Math.max(a, b)];
        const found = [output.slice(0, first), output.slice(first, second), output.slice(second)].map((part) =>
          reader.read(part),
        );
        assert.deepEqual(
          found.filter((one) => one !== undefined),
          [id],
        );
        assert.equal(reader.runId, id);
      }),
    );
    const own = new RunIdReader();
    assert.equal(own.read(`2026 INFO mlflow.projects: === Run (ID '${id}') succeeded ===`), id);
    assert.equal(new RunIdReader().read('flowdeck-run=zz'), undefined);
  });

  it('is another one when the backend hands over another, and none that a program names after that', () => {
    const reader = new RunIdReader();
    const told = (key: string, value: string) => reader.read(`\u001b]5379;flowdeck-${key}=${value}\u0007`);
    const [made, submitted, foreign] = ['a'.repeat(32), 'b'.repeat(32), 'c'.repeat(32)];
    assert.deepEqual([told('run', made), told('run', foreign)], [made, undefined]);
    assert.deepEqual([told('submitted', submitted), told('submitted', foreign)], [submitted, undefined]);
    assert.equal(reader.read(`=== Run (ID '${foreign}') succeeded ===`), undefined);
    assert.deepEqual([told('reason', 'no room'), reader.reason, reader.runId], [undefined, 'no room', submitted]);
  });
});
