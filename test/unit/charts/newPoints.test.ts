import assert from 'node:assert/strict';
import type { SeriesBlock } from '../../../src/shared/protocol/series';
import { lastPointOf, latestOf, pointsBehind } from '../../../src/shared/series/lastKnown';
import { packSeries } from '../../../src/shared/series/packing';
import { grown } from '../../../webview/charts/newPoints';

/** Points as [step, time, value]. */
const block = (points: readonly (readonly [number, number, number])[], sampled = false): SeriesBlock => ({
  runId: 'r',
  steps: Float64Array.from(points, ([step]) => step),
  timestamps: Float64Array.from(points, ([, time]) => time),
  values: Float64Array.from(points, ([, , value]) => value),
  sampled,
});
const at = (time: number) => [0, time, time] as const;

describe('what is known of a run that goes on', () => {
  it('ends for the list of runs with the last step, for a history with the last time', () => {
    const resumed = block([
      [8, 1, 0.5],
      [9, 2, 0.25],
      [3, 3, Number.NaN],
    ]);
    assert.deepEqual(latestOf(resumed), { step: 9, timestamp: 2, value: 0.25 });
    assert.deepEqual(lastPointOf(resumed, 3), {
      runId: 'r',
      step: 9,
      known: { points: 3, again: 1, last: { step: 3, timestamp: 3, value: 'NaN' } },
    });
    assert.deepEqual(lastPointOf(resumed, undefined), { runId: 'r', step: 9 });
    assert.deepEqual(lastPointOf(block([]), 0), { runId: 'r', step: -1 });
  });

  it('has of equal times the greatest value last, where NaN counts as 0 and infinity as the greatest number', () => {
    const values = [1, Number.POSITIVE_INFINITY, Number.NaN, -2].map((value) => [0, 7, value] as const);
    assert.equal(lastPointOf(block(values), 4).known?.last.value, 'Infinity');
    assert.ok(Number.isNaN(latestOf(block(values.slice(2)))?.value));
  });

  it('tells points behind it from those that came between', () => {
    assert.equal(pointsBehind(block([at(1), at(5)]), block([at(2), at(5), at(6), at(7)])), 2);
    assert.equal(pointsBehind(block([]), block([at(1)])), 1);
  });
});

describe('curves that grow', () => {
  const known = (points: SeriesBlock, stored?: number) => ({
    blocks: new Map([['r', points]]),
    counts: new Map(stored === undefined ? [] : [['r', { runId: 'r', points: stored, exact: true }]]),
  });

  it('are left alone by an answer that has nothing new', () => {
    assert.equal(grown(known(block([at(1), at(2)])), [packSeries(block([at(2)]))]), undefined);
  });

  it('count what came behind them, not what their sample left out', () => {
    const sample = block([at(1), at(9)], true);
    const more = grown(known(sample, 9), [packSeries(block([at(8), at(9), at(10)]))]);
    assert.deepEqual(more?.counts.get('r'), { runId: 'r', points: 10, exact: true });
    assert.equal(more?.blocks.get('r')?.sampled, true);
    const unsure = grown(known(sample, 9), [packSeries(block([at(9), at(12)], true))]);
    assert.equal(unsure?.counts.get('r')?.exact, false);
  });

  it('are whole and in order where the answer has all that there was', () => {
    const sample = block([at(1), at(4)], true);
    const all = [at(1), at(2), at(3), at(4), at(5)];
    assert.equal(grown(known(sample, 4), [packSeries(block(all))])?.blocks.get('r')?.sampled, false);
    assert.equal(grown(known(sample, 40), [packSeries(block(all))])?.blocks.get('r')?.sampled, true);
    const late = grown(known(block([at(1), at(4)])), [packSeries(block(all))]);
    assert.deepEqual([...(late?.blocks.get('r')?.timestamps ?? [])], [1, 2, 3, 4, 5]);
  });
});
