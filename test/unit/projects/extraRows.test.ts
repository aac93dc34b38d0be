import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isScript, scriptEntryPoint } from '../../../src/projects/command/entryPoints';
import { extraProblems } from '../../../src/projects/form/extraProblems';
import { choiceOf, decodeChoice, givenValues, requestOf } from '../../../src/projects/form/formChoice';
import type { EntryPoint } from '../../../src/projects/mlproject/mlproject';
import { planSweep } from '../../../src/projects/request/sweepPlan';
import { type FormExtra, variedNames } from '../../../src/shared/protocol/launch';

const range = { line: 0, column: 0, endLine: 0, endColumn: 0 };
const script = scriptEntryPoint('train.py') ?? assert.fail();
const declared: EntryPoint = {
  name: 'main',
  command: 'python train.py {rate}',
  parameters: [{ name: 'rate', type: 'float', default: '0.1', reachable: true, range }],
  reachable: true,
  range,
};
const row = (name: string, value: string, varied = false): FormExtra => ({ name, value, varied });
const launch = (extra: readonly FormExtra[], of: EntryPoint = script) => {
  const base = choiceOf({ entryPoint: of.name, project: '', parameters: new Map() }, of);
  const made = requestOf({ ...base, environmentManager: 'local', extra }, of, { project: '' });
  return 'request' in made ? made.request : assert.fail(JSON.stringify(made));
};

describe('parameters that nothing declares', () => {
  it('come back as they were launched, from the form and into it', () => {
    const name = fc.stringMatching(/^[A-Za-z_][\w.-]{0,8}$/).filter((value) => !(value in {}));
    const value = fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => !/[\0\p{Surrogate}]/u.test(text));
    const rows = fc.uniqueArray(fc.record({ name, value, varied: fc.boolean() }, { noNullPrototype: true }), {
      selector: (made) => made.name,
      maxLength: 5,
    });
    fc.assert(
      fc.property(rows, (extra) => {
        const request = launch(extra);
        const fixed = extra.filter(({ varied }) => !varied);
        assert.deepEqual(request.parameters, new Map(fixed.map((one) => [one.name, one.value])));
        const swept = extra.filter(({ varied }) => varied).map((one) => [one.name, one.value] as const);
        assert.deepEqual([...(request.sweep?.values ?? [])], swept);
        const again = decodeChoice(JSON.parse(JSON.stringify(choiceOf(request, script))));
        assert.deepEqual(again.extra, [...fixed, ...extra.filter(({ varied }) => varied)]);
        assert.deepEqual([variedNames(again), again.sweep.varied], [swept.map(([one]) => one), []]);
      }),
    );
  });

  it('are passed on beside those that are declared', () => {
    const extra = [row('--depth', '3'), row(' note ', ''), row('', '')];
    assert.deepEqual(
      [...launch(extra, declared).parameters],
      [
        ['depth', '3'],
        ['note', ''],
      ],
    );
    const choice = choiceOf(launch(extra, declared), declared);
    assert.deepEqual(choice.values, { rate: '0.1' });
    assert.deepEqual(choice.extra, [row('depth', '3'), row('note', '')]);
    assert.deepEqual(
      [...givenValues(choice)],
      [
        ['rate', '0.1'],
        ['depth', '3'],
        ['note', ''],
      ],
    );
  });

  it('make a grid', () => {
    const request = launch([row('rate', '0.1, 0.2', true), row('kind', 'a, b', true), row('note', 'x')]);
    const planned = planSweep(request.sweep ?? assert.fail());
    assert.ok('runs' in planned);
    assert.deepEqual(
      planned.runs.map((run) => [...run.values()].join(' ')),
      ['0.1 a', '0.1 b', '0.2 a', '0.2 b'],
    );
    assert.deepEqual([...request.parameters], [['note', 'x']]);
  });

  it('are refused where MLflow, or the shell that it starts, would take them for something else', () => {
    const found = (extra: readonly FormExtra[], of: EntryPoint = script) =>
      Object.fromEntries(
        [...extraProblems(of, extra)].map(([name, problem]) => [
          name,
          problem.of === 'row' ? problem.kind : problem.problem.kind,
        ]),
      );
    assert.deepEqual(found([row('', ''), row('rate', ''), row('learning-rate', '$(id)'), row('--x', '1')]), {});
    assert.deepEqual(found([row('', '1')]), { '': 'unnamed' });
    assert.deepEqual(found([row('', '', true)]), { '': 'unnamed' });
    assert.deepEqual(found([row('a', '1'), row('--a', '2')]), { a: 'twice' });
    assert.deepEqual(found([row('rate', '1')], declared), { rate: 'twice' });
    assert.deepEqual(found([row('a;b', '1'), row('-x', '1'), row('b c', '1')]), {
      'a;b': 'unusableName',
      '-x': 'unusableName',
      'b c': 'unusableName',
    });
    assert.deepEqual(found([row('a', 'x\0'), row('b', 'x'.repeat(6_001))]), { a: 'nul', b: 'tooLong' });
    assert.deepEqual(found([row('a', '', true), row('b', '"x', true), row('c', '5..1', true)]), {
      a: 'empty',
      b: 'badQuotes',
      c: 'badRange',
    });
    assert.deepEqual(found([row('a;b', '1, 2', true), row('c', '1, 2', true)]), { 'a;b': 'unusableName' });
  });

  it('are no page of ours where they are no rows', () => {
    const choice = choiceOf({ entryPoint: 'train.py', project: '', parameters: new Map() }, script);
    for (const extra of [undefined, {}, [5], [{ name: 'a' }], [{ name: 'a', value: 1 }]])
      assert.throws(() => decodeChoice({ ...choice, extra }));
  });

  it('are all that a script has', () => {
    assert.ok(isScript(script));
    assert.ok(isScript(scriptEntryPoint('sub dir/run.sh') ?? declared));
    assert.ok(!isScript(declared));
    assert.ok(!isScript({ ...declared, name: 'train.py' }));
    assert.ok(!isScript({ name: 'main', parameters: [], command: 'python train.py', reachable: true, range }));
  });
});
