import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { pythonCall, scriptEntryPoint } from '../../../src/projects/command/entryPoints';
import { launcherArguments, mlflowRunArguments } from '../../../src/projects/process/mlflowRun';
import { repeatedName } from '../../../src/projects/request/givenTags';
import { name, text } from './launchArbitraries';

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
      "python -u -W 'ignore::UserWarning' -Xdev -OO train.py {a} -u {b}",
      'python -BuW ignore -m pkg.mod {a} {b}',
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
          assert.deepEqual([...call.options, ...call.program, ...call.args], words);
        }),
        { numRuns: 25 },
      );
    for (const command of [
      'python a.py | tee x',
      'bash run.sh',
      'python a.py && b',
      'python -c {a}',
      'python -u -c {a}',
      'python -i a.py',
      'python -W',
      'X=1 python a.py',
      'python $HOME/a.py',
      'python "{a}"',
      'python a.py `id`',
      'python',
    ])
      assert.equal(pythonCall(command, new Map([['a', 'x y']])), undefined, command);
  });

  it('of docker stand there once each: MLflow takes no name twice', () => {
    assert.equal(repeatedName(['v=/a:/a', 'env=X', 'v=/b:/b']), 'v');
    assert.equal(repeatedName(['rm', 'rm']), 'rm');
    assert.equal(repeatedName(['v=/a:/a', 'volume=/b:/b', 'env=v=1']), undefined);
  });

  onPosix('put the debugger behind the options of Python', () => {
    const line = { entryPoint: 'main', environmentManager: 'local' as const, parameters: new Map<string, string>() };
    const [, code = ''] = mlflowRunArguments(line, 3);
    const debugged = code.match(/^ {4}python = [^\n]*\n/m)?.[0].trim() ?? assert.fail(code);
    const command = `python -u -W 'ignore: x' train.py 'a b'`;
    const script = `import re, sys\nfirst = sys.argv[1]\n${debugged}\nprint(python)`;
    assert.equal(execFileSync('python3', ['-c', script, command]).toString(), `python -u -W 'ignore: x'\n`);
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
