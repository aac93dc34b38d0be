import assert from 'node:assert/strict';
import fc from 'fast-check';
import { gridValues, parseAxis, planSweep } from '../../../src/projects/request/sweepPlan';
import { mostSweepRuns, type SweepSpec } from '../../../src/projects/request/sweepSpec';

const spec = (values: Record<string, string>, change: Partial<SweepSpec> = {}): SweepSpec => ({
  method: 'grid',
  samples: 10,
  seed: 0,
  parallel: 1,
  values: new Map(Object.entries(values)),
  ...change,
});
const runsOf = (given: SweepSpec) => {
  const plan = planSweep(given);
  assert.ok('runs' in plan, JSON.stringify(plan));
  return plan.runs.map((run) => Object.fromEntries(run));
};
const problemOf = (given: SweepSpec) => {
  const plan = planSweep(given);
  assert.ok('problem' in plan);
  return plan.problem;
};
const grid = (text: string) => {
  const axis = parseAxis(text);
  return typeof axis === 'string' ? axis : gridValues(axis);
};

describe('the values of a sweep', () => {
  it('are lists, ranges of whole numbers, and ranges with a step, a count or on a logarithmic scale', () => {
    assert.deepEqual(grid('0.1, 0.01 ,x'), ['0.1', '0.01', 'x']);
    assert.deepEqual(grid('1..4'), ['1', '2', '3', '4']);
    assert.deepEqual(grid('-2..4 step 3'), ['-2', '1', '4']);
    assert.deepEqual(grid('0..0.3 step 0.1'), ['0', '0.1', '0.2', '0.3']);
    assert.deepEqual(grid('0..1 count 5'), ['0', '0.25', '0.5', '0.75', '1']);
    assert.deepEqual(grid('1e-4..1 log 5'), ['0.0001', '0.001', '0.01', '0.1', '1']);
    assert.deepEqual(grid('5..5'), ['5']);
  });

  it('are rounded where a parameter takes integers alone, each of them once', () => {
    const integers = (text: string, change: Partial<SweepSpec> = {}) => {
      const plan = planSweep(spec({ a: text }, change), new Set(['a']));
      return 'runs' in plan ? plan.runs.map((run) => run.get('a') ?? '') : plan.problem;
    };
    assert.deepEqual(integers('1..100 log 4'), ['1', '5', '22', '100']);
    assert.deepEqual(integers('1..3 count 9'), ['1', '2', '3']);
    assert.deepEqual(integers('2..8 step 3'), ['2', '5', '8']);
    for (const text of ['1..2 step 0.5', '0.5..2', '1..2.5 log 3'])
      assert.deepEqual(integers(text), { kind: 'wholeRange', name: 'a' }, text);
    for (const text of ['8..512 log', '8..512 log 40', '8..512 count 7', '8..512']) {
      const values = integers(text, { method: 'random', samples: 50 });
      assert.ok(Array.isArray(values) && values.length === 50, text);
      for (const value of values) assert.match(value, /^\d+$/, text);
      assert.ok(
        values.every((value) => Number(value) >= 8 && Number(value) <= 512),
        text,
      );
    }
    assert.deepEqual(runsOf(spec({ a: '1..100 log 4' })).map(({ a }) => a)[1], '4.64158883361');
  });

  it('say what is wrong with them', () => {
    assert.deepEqual(
      ['', ' ', '5..1', '1..2 step 0', '1..2 count 0', '0..1 log 3', '"open'].map((text) => parseAxis(text)),
      ['empty', 'empty', 'badRange', 'badRange', 'badRange', 'logRange', 'badQuotes'],
    );
    assert.deepEqual(problemOf(spec({ rate: '0.1..0.5' })), { kind: 'needsStep', name: 'rate' });
    assert.equal(problemOf(spec({ a: '1..100', b: '1..11' })).kind, 'tooMany');
    assert.equal(problemOf(spec({ a: '0..1e9 step 1e-9' })).kind, 'tooMany');
    assert.equal(problemOf(spec({})).kind, 'nothing');
    assert.equal(problemOf(spec({ a: '1..3' }, { method: 'random', samples: mostSweepRuns + 1 })).kind, 'tooMany');
  });

  it('are not too many before it is known which are rounded, and then as many as are left', () => {
    const wide = spec({ a: '1..4 log 300', b: '1..4', c: '0.5, 1.5' });
    const known = planSweep(wide, new Set(['a', 'b']));
    assert.ok('runs' in known && known.runs.length === 4 * 4 * 2, JSON.stringify(known));
    assert.equal(runsOf(wide).length, 32);
    const unrounded = planSweep(wide, new Set(['b']));
    assert.ok('problem' in unrounded && unrounded.problem.kind === 'tooMany');
    assert.equal(problemOf(spec({ a: '0.5..4 log 300', b: '1..4' })).kind, 'tooMany');
  });

  it('take any text that is quoted as in JSON', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }), (texts) => {
        const axis = parseAxis(texts.map((text) => JSON.stringify(text)).join(', '));
        assert.ok(typeof axis !== 'string' && axis.kind === 'list');
        assert.deepEqual(axis.values, texts);
      }),
    );
  });

  it('are combined, every one with every other, the last the fastest', () => {
    assert.deepEqual(runsOf(spec({ a: '1..2', b: 'x, y' })), [
      { a: '1', b: 'x' },
      { a: '1', b: 'y' },
      { a: '2', b: 'x' },
      { a: '2', b: 'y' },
    ]);
  });

  it('are drawn inside their bounds, the same ones for the same seed', () => {
    const bounds = fc
      .tuple(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), fc.double({ min: 1, max: 100, noNaN: true }))
      .map(([low, factor]) => [low, low * factor] as const);
    fc.assert(
      fc.property(bounds, fc.nat(), fc.boolean(), ([low, high], seed, log) => {
        const text = `${low}..${high}${log ? ' log' : ''}`;
        const random = spec({ a: text, b: 'x, y', c: '1..6' }, { method: 'random', samples: 8, seed });
        const runs = runsOf(random);
        assert.deepEqual(runs, runsOf(random));
        assert.equal(runs.length, 8);
        for (const { a, b, c } of runs) {
          assert.ok(Number(a) >= low * (1 - 1e-9) && Number(a) <= high * (1 + 1e-9), `${a} of ${text}`);
          assert.ok(b === 'x' || b === 'y');
          assert.ok(/^[1-6]$/.test(c ?? ''), c);
        }
      }),
    );
    assert.notDeepEqual(runsOf(spec({ a: '0..1' }, { method: 'random', seed: 1 })).length, 0);
    const many = runsOf(spec({ a: '0..1000000' }, { method: 'random', samples: 50 })).map(({ a }) => Number(a));
    assert.ok(many.every(Number.isInteger) && new Set(many).size > 40);
  });
});
