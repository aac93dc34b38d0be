import assert from 'node:assert/strict';
import { atMost } from '../../../src/mlflow/wire/series';
import type { ChartsRun } from '../../../src/shared/protocol/series';
import type { RunTable } from '../../../src/shared/runs/runTable';
import { PointForecast } from '../../../src/shared/series/pointForecast';

const runOf = (runId: string): ChartsRun => ({
  runId,
  name: runId,
  status: 'RUNNING',
  startTime: 0,
  color: 1,
  dash: 0,
});

/** A list of runs whose last step of `loss` is given, with the value 0.5 there. */
function forecast(lastSteps: Readonly<Record<string, number | undefined>>): PointForecast {
  const ids = Object.keys(lastSteps);
  const table = {
    rowOf: (id: string) => (ids.includes(id) ? ids.indexOf(id) : undefined),
    metric: () => ({ steps: { get: (row: number) => lastSteps[ids[row] ?? ''] }, last: { get: () => 0.5 } }),
    metricTime: () => 7,
  };
  return new PointForecast('loss', table as unknown as RunTable);
}
const many = (count: number, lastStep: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`r${at}`, lastStep]));
const sizes = (lastSteps: Readonly<Record<string, number>>, mostPoints: number) =>
  forecast(lastSteps)
    .parts(Object.keys(lastSteps).map(runOf), mostPoints)
    .map((part) => part.length);

describe('what the list of runs tells of points', () => {
  it('takes one point a step, and one where nothing is known', () => {
    const known = forecast({ a: 99, b: undefined });
    assert.deepEqual([known.estimate('a'), known.estimate('b'), known.estimate('nobody')], [100, 1, 1]);
  });

  it('learns from a sample how often a run logs, though its last point may be beside the others', () => {
    const sampleOf = (steps: readonly number[], most: number) => {
      const values = Float64Array.from(steps);
      return atMost(most, { runId: 'a', key: 'loss', steps: values, timestamps: values, values, sampled: false });
    };
    const every = (stride: number, points: number, first = 0) =>
      Array.from({ length: points }, (_, at) => first + at * stride);
    const estimate = (steps: readonly number[], most = 400) => {
      const known = forecast({ a: steps.at(-1) });
      known.learn(sampleOf(steps, most));
      return known.estimate('a');
    };
    assert.equal(estimate(every(100, 4_000)), 4_000);
    assert.equal(estimate(every(50, 4_000, 49)), 4_000);
    assert.equal(estimate(every(1, 4_000, 1_000_000)), 4_000);
    assert.equal(estimate([...every(100, 4_000), 399_950]), 4_000);
    // Logged as it comes, or sampled evenly so that nothing tells: one point a step, as before.
    assert.equal(estimate(every(100, 4_000).map((step, at) => step + (at % 7))), 399_903);
    assert.equal(estimate(every(1, 399 * 10 + 1)), 3_991);
    // All at one step.
    assert.equal(estimate(every(0, 4_000)), 1);
    const known = forecast({ a: 399_900 });
    known.learn(sampleOf(every(100, 4_000), 400));
    assert.equal(known.within('a', 100_000, 199_999), 1_000);
    known.learn({ ...sampleOf(every(100, 4_000), 4_000), sampled: false });
    assert.equal(known.estimate('a'), 4_000);
  });

  it('has curves whole where they are few points in all, and none is too long', () => {
    const ids = ['r0', 'r1'];
    assert.equal(forecast(many(2, 9_999)).whole(ids, 10_000), 20_000);
    assert.equal(forecast(many(2, 10_000)).whole(ids, 20_000), undefined);
    assert.equal(forecast(many(2, 9_999)).whole(ids, 9_999), undefined);
  });

  it('asks for short curves in as many parts as are needed to get each whole', () => {
    assert.deepEqual(sizes(many(45, 999), 1_000), [20, 20, 5]);
  });

  it('asks for long ones in three parts at most, each run once', () => {
    assert.deepEqual(sizes(many(10, 99_999), 1_000), [4, 4, 2]);
    assert.deepEqual(sizes(many(2, 999_999), 1_000), [1, 1]);
    assert.deepEqual(sizes(many(10, 2_000), 1_000), [10]);
  });

  it('knows of newer points by step, by value, or by time where both are the same', () => {
    const known = forecast({ a: 10, b: undefined });
    const newerThan = (step: number, value: number, timestamp: number) =>
      known.hasNewer('a', { step, value, timestamp });
    assert.deepEqual([newerThan(10, 0.5, 7), newerThan(9, 0.5, 7), newerThan(10, Number.NaN, 7)], [false, true, true]);
    assert.deepEqual([newerThan(10, 0.5, 6), known.hasNewer('a', undefined)], [true, true]);
    assert.equal(known.hasNewer('b', undefined), false);
  });
});
