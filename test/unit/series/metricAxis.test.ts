import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { SeriesBlock } from '../../../src/shared/protocol/series';
import { lastPerStep } from '../../../src/shared/series/lastPerStep';
import { overMetric } from '../../../src/shared/series/metricAxis';
import { intersectionOf, unionOf } from '../../../src/shared/series/risingSets';

function block(points: readonly (readonly [step: number, value: number])[]): SeriesBlock {
  return {
    runId: 'r',
    steps: Float64Array.from(points, ([step]) => step),
    timestamps: Float64Array.from(points, (_, at) => 1000 + at),
    values: Float64Array.from(points, ([, value]) => value),
    sampled: false,
  };
}

const list = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 12 }), fc.oneof(fc.integer(), fc.constantFrom(Number.NaN, Infinity))),
);

describe('a metric over another one', () => {
  it('joins what both have logged at a step, the last value of each', () => {
    fc.assert(
      fc.property(list, list, fc.constantFrom('x' as const, 'step' as const), (forX, forY, order) => {
        const found = overMetric(block(forX), block(forY), order);
        const [onX, onY] = [new Map(forX), new Map(forY)];
        const shared = [...onX.keys()].filter((step) => onY.has(step)).sort((a, b) => a - b);
        const points = shared
          .map((step) => [onX.get(step) ?? 0, onY.get(step) ?? 0, step] as const)
          .filter(([x]) => Number.isFinite(x));
        if (order === 'x') points.sort(([a], [b]) => a - b);
        assert.deepEqual(
          [...found.x].map((x, at) => [x, found.y[at], found.steps[at]]),
          points,
        );
        assert.deepEqual(found.unmatched, { x: onX.size - shared.length, y: onY.size - shared.length });
        assert.equal(found.withoutX, shared.length - points.length);
      }),
    );
  });

  it('says so when one of them is a sample', () => {
    const whole = block([[0, 1]]);
    assert.equal(overMetric(whole, { ...whole, sampled: true }, 'x').sampled, true);
    assert.equal(overMetric({ ...whole, sampled: true }, whole, 'x').sampled, true);
    assert.equal(overMetric(whole, whole, 'x').sampled, false);
  });
});

describe('one value per step', () => {
  it('is the last one logged, and nothing is copied where there is one already', () => {
    const resumed = lastPerStep(
      block([
        [5, 50],
        [6, 60],
        [2, 20],
        [6, 61],
      ]),
    );
    assert.deepEqual([...resumed.steps], [2, 5, 6]);
    assert.deepEqual([...resumed.values], [20, 50, 61]);
    assert.deepEqual([...resumed.timestamps], [1002, 1000, 1003]);
    const rising = block([
      [1, 1],
      [2, 2],
    ]);
    assert.equal(lastPerStep(rising).values, rising.values);
  });
});

describe('rising sets', () => {
  it('are united and intersected as sets are', () => {
    const rising = fc.array(fc.integer({ min: 0, max: 30 })).map((all) => Float64Array.from(all).sort());
    const plain = (all: Iterable<number>) => [...new Set(all)].sort((a, b) => a - b);
    fc.assert(
      fc.property(fc.array(rising), (all) => {
        assert.deepEqual([...unionOf(all)], plain(all.flatMap((one) => [...one])));
        const [a, b] = [all[0] ?? new Float64Array(), all[1] ?? new Float64Array()].map((one) => unionOf([one]));
        if (!a || !b) return;
        assert.deepEqual(
          [...intersectionOf(a, b)],
          [...a].filter((one) => b.includes(one)),
        );
      }),
    );
  });
});
