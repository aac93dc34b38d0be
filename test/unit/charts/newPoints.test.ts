import assert from 'node:assert/strict';
import type { ChartsRun, SeriesBlock } from '../../../src/shared/protocol/series';
import { allOf, isBehind, lastPointOf, latestOf, pointsBehind } from '../../../src/shared/series/lastKnown';
import { packSeries } from '../../../src/shared/series/packing';
import type { PointForecast } from '../../../src/shared/series/pointForecast';
import { grown, LiveRuns } from '../../../webview/charts/newPoints';

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

describe('a run that goes on', () => {
  const run: ChartsRun = { runId: 'r', name: '', status: 'RUNNING', startTime: 0, color: 1, dash: 0 };
  const steps = (...all: number[]) => block(all.map((step, time) => [step, time, step] as const));
  /** What is asked about it at each of so many times. */
  function askedAt(live: LiveRuns, points: SeriesBlock, times: number, counted?: number): string {
    const counts = new Map(counted === undefined ? [] : [['r', { runId: 'r', points: counted, exact: true }]]);
    const known = { blocks: new Map([['r', points]]), counts };
    const asked = Array.from({ length: times }, () => live.whatIsLast([run], known)[0]);
    return asked.map((last) => (last ? `${last.step}:${last.known?.points ?? '?'}` : '-')).join(' ');
  }
  const liveRuns = () => {
    const list = { isNewer: false };
    return { list, live: new LiveRuns({ hasNewer: () => list.isNewer } as unknown as PointForecast) };
  };

  it('is asked from its last step on as often as the list of runs knows of something new', () => {
    const { live, list } = liveRuns();
    list.isNewer = true;
    assert.equal(askedAt(live, steps(0, 1, 2), 3), '2:3 2:3 2:3');
  });

  it('is asked for what came behind all its points, at any step, rarer and rarer while nothing is new', () => {
    const { live } = liveRuns();
    const asked = askedAt(live, steps(0, 1, 2), 300).split(' ');
    const times = asked.flatMap((text, at) => (text === '-' ? [] : [at + 1]));
    assert.deepEqual(times, [4, 8, 16, 32, 64, 128, 192, 256]);
    assert.equal(asked[3], '0:3');
  });

  it('that went back to earlier steps is asked each time something came, then rarer and rarer', () => {
    const { live, list } = liveRuns();
    const before = steps(0, 1, 2, 3);
    const back = steps(0, 1, 2, 3, 1);
    assert.deepEqual([isBehind(before), isBehind(back)], [false, true]);
    assert.deepEqual(live.heard(new Map([['r', before]]), new Map([['r', back]])), [back]);
    assert.equal(askedAt(live, back, 8), '0:5 0:5 - 0:5 - - - 0:5');
    list.isNewer = true;
    assert.equal(askedAt(live, back, 1), '0:5');
    const passed = steps(0, 1, 2, 3, 1, 4);
    live.heard(new Map([['r', back]]), new Map([['r', passed]]));
    assert.equal(askedAt(live, passed, 1), '4:6');
  });

  it('is asked without news only where it is known how many points there are, and with few others at a time', () => {
    const { live } = liveRuns();
    const sample = block(
      [
        [0, 0, 0],
        [9, 9, 9],
      ],
      true,
    );
    assert.equal(askedAt(live, sample, 4), '- - - -');
    assert.equal(askedAt(live, sample, 1, 10), '0:10');
    assert.deepEqual(allOf(sample, 10).known?.again, 2);
    const runs = Array.from({ length: 25 }, (_, at) => ({ ...run, runId: `${at}` }));
    const blocks = new Map(runs.map(({ runId }) => [runId, { ...steps(0, 1), runId }]));
    const many = liveRuns().live;
    const asked = Array.from({ length: 7 }, () => many.whatIsLast(runs, { blocks, counts: new Map() }).length);
    assert.deepEqual(asked, [0, 0, 0, 10, 10, 5, 0]);
  });

  it('has all its points read when it ends, again after it went on', () => {
    const { live } = liveRuns();
    const ended = { ...run, status: 'FINISHED' } as const;
    assert.equal(live.hasEnded(ended), true);
    live.asked([ended]);
    assert.equal(live.hasEnded(ended), false);
    askedAt(live, steps(0), 1);
    assert.equal(live.hasEnded(ended), true);
  });
});
