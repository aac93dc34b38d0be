import assert from 'node:assert/strict';
import fc from 'fast-check';
import { associationsWith, type Column, ranks } from '../../../src/shared/stats/rankCorrelation';
import reference from './stats.reference.json';

const { correlations } = reference;
const near = (found: number | undefined, expected: number) => Math.abs((found ?? Number.NaN) - expected) < 1e-12;

describe('what goes with a metric', () => {
  it('agrees with SciPy and pandas, strongest first', () => {
    const { rows, leftOut } = associationsWith(correlations.metric, [
      { key: 'seed', values: correlations.seed },
      { key: 'optimizer', values: correlations.optimizer },
      { key: 'rate', values: correlations.rate },
      { key: 'layers', values: correlations.layers.map(String) },
    ]);
    assert.deepEqual(leftOut, []);
    const of = (key: string) => rows.find((row) => row.key === key);
    for (const key of ['rate', 'layers', 'seed'] as const) {
      assert.equal(of(key)?.kind, 'numeric');
      assert.ok(near(of(key)?.coefficient, correlations.spearman[key]), key);
    }
    assert.ok(near(of('optimizer')?.coefficient, correlations.kruskal.epsilon));
    assert.deepEqual(
      { ...of('optimizer'), coefficient: 0 },
      { key: 'optimizer', kind: 'categorical', coefficient: 0, n: 40, distinct: 3 },
    );
    assert.equal(of('rate')?.distinct, 5);
    const strengths = rows.map(({ coefficient }) => Math.abs(coefficient));
    assert.deepEqual(
      strengths,
      [...strengths].sort((a, b) => b - a),
    );
  });

  it('ranks as SciPy does, equal values sharing the mean of their ranks', () => {
    assert.deepEqual([...ranks(Float64Array.from(correlations.metric))], correlations.ranks);
    assert.deepEqual([...ranks(Float64Array.of(5, -Infinity, 5, Infinity))], [2.5, 1, 2.5, 4]);
  });

  const only = (metric: readonly (number | undefined)[], values: Column['values']) => {
    const { rows, leftOut } = associationsWith(metric, [{ key: 'p', values }]);
    return rows[0] ?? leftOut[0]?.reason;
  };

  it('looks only at runs that have both', () => {
    const found = only([1, 2, undefined, Number.NaN, 3, 9], ['1', '2', '7', '8', '3', undefined]);
    assert.deepEqual(found, { key: 'p', kind: 'numeric', coefficient: 1, n: 3, distinct: 3 });
  });

  it('says why there is no coefficient', () => {
    assert.equal(only([1, 2, 3], ['a', 'a', 'a']), 'constant');
    assert.equal(only([1, 2, 3, 4], ['1', '1.0', '1e0', undefined]), 'constant');
    assert.equal(only([5, 5, 5], ['1', '2', '3']), 'constantMetric');
    assert.equal(only([1, 2, undefined], ['1', '2', '3']), 'tooFew');
    assert.equal(only([], []), 'tooFew');
    assert.equal(only([1, 2, 3], ['run a', 'run b', 'run c']), 'everyRunAnother');
  });

  it('takes for numbers what Python writes as numbers, and one word makes categories of all', () => {
    const kind = (values: Column['values']) => {
      const found = only([1, 2, 3, 4], values);
      return typeof found === 'object' ? found.kind : found;
    };
    assert.equal(kind(['1e-05', ' -2.', '.5', 'inf']), 'numeric');
    assert.equal(kind(['1_000', '+3', 'Infinity', '-inf']), 'numeric');
    assert.equal(kind(['1', 'None', '1', '2']), 'categorical');
    assert.equal(kind(['0x10', '0x10', '2', '3']), 'categorical');
    assert.equal(kind(['', '', '1', '1']), 'categorical');
    assert.equal(kind(['True', 'False', 'True', 'False']), 'categorical');
  });

  it('finds a perfect and a missing connection', () => {
    assert.ok(near((only([1, 10, 100, 1000], ['4', '3', '2', '1']) as { coefficient: number }).coefficient, -1));
    const apart = only([1, 2, 3, 4, 5, 6], ['a', 'b', 'c', 'c', 'b', 'a']);
    assert.ok(typeof apart === 'object' && apart.coefficient === 0);
  });

  it('stays in its limits, whatever the values', () => {
    const cell = fc.oneof(
      fc.constant(undefined),
      fc.double(),
      fc.constantFrom('a', 'b', '1', 'nan', 'inf', ''),
      fc.string(),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.oneof(fc.double(), fc.constant(undefined), fc.integer({ max: 3, min: 0 })), cell)),
        (runs) => {
          const found = only(
            runs.map(([metric]) => metric),
            runs.map(([, value]) => value),
          );
          if (typeof found !== 'object') return;
          assert.ok(found.coefficient <= 1 && found.coefficient >= (found.kind === 'numeric' ? -1 : 0));
          assert.ok(found.distinct >= 2 && found.distinct <= found.n && found.n <= runs.length);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('does not change with the scale of the metric', () => {
    const runs = fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.constantFrom('1', '2', '30')), {
      minLength: 3,
    });
    fc.assert(
      fc.property(runs, (list) => {
        const values = list.map(([, value]) => value);
        const plain = list.map(([metric]) => metric);
        assert.deepEqual(
          only(
            plain.map((metric) => Math.exp(metric / 9) * 7 - 2),
            values,
          ),
          only(plain, values),
        );
      }),
    );
  });
});
