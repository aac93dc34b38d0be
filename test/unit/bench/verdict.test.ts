import assert from 'node:assert/strict';
import { type Figures, judge, median, type Promised, promises, tableText } from '../../../scripts/bench/verdict.mjs';
import { trueInterval } from '../../bench/frames';

const promised = (id: string): Promised => {
  const found = promises.find((promise) => promise.id === id);
  assert.ok(found, id);
  return found;
};
const figures = (samples: Record<string, number[]>): Figures => ({ samples, problems: [] });

describe('the verdict of the bench', () => {
  it('compares the medians of both sides', () => {
    const row = judge(
      promised('table-10k'),
      figures({ flowdeckFirst: [900, 240, 250], peerColdFirst: [1000, 1, 1010] }),
      3,
    );
    assert.deepEqual([row.flowdeck_ms, row.peer_ms, row.ratio, row.ok], [250, 1000, 0.25, true]);
  });

  it('refuses what is a little too slow', () => {
    const row = judge(promised('table-10k'), figures({ flowdeckFirst: [251], peerColdFirst: [1000] }), 1);
    assert.equal(row.ok, false);
  });

  it('adds the allowance to the bare request', () => {
    const at = (ms: number) => judge(promised('table-10k-http'), figures({ flowdeckFirst: [ms], http: [100] }), 1).ok;
    assert.deepEqual([at(350), at(351)], [true, false]);
  });

  it('takes the worst repetition where nothing may ever take longer', () => {
    const row = judge(promised('host-loop'), figures({ blocked: [10, 60, 20], runBytes: [33e6, 33e6, 33e6] }), 3);
    assert.deepEqual([row.flowdeck_ms, row.ok], [60, false]);
  });

  it('refuses a figure about less than was promised', () => {
    const row = judge(promised('host-loop'), figures({ blocked: [1], runBytes: [16e6] }), 1);
    assert.equal(row.ok, false);
    assert.deepEqual(row.problems, ['runBytes is below 30000000']);
  });

  it('refuses a bar that is kept in fewer repetitions than were wanted, or beside no peer', () => {
    assert.equal(judge(promised('charts-10'), figures({ flowdeckAll: [1, 1], peerColdAll: [9, 9, 9] }), 3).ok, false);
    assert.equal(judge(promised('charts-10'), figures({ flowdeckAll: [1, 1, 1] }), 3).ok, false);
    assert.equal(judge(promised('pan'), undefined, 3).ok, false);
  });

  it('is kept by 60 frames a second', () => {
    const at = (p95: number) => judge(promised('pan'), figures({ p95: [p95] }), 1).ok;
    assert.deepEqual([at(trueInterval(16.8)), at(trueInterval(16.9)), at(trueInterval(33.3))], [true, false, false]);
  });

  it('gives bytes under a name of their own, never as time', () => {
    const row = judge(promised('bytes'), figures({ bytes: [16.5e6] }), 1);
    assert.deepEqual([row.bytes, row.flowdeck_ms, row.ok], [16.5e6, null, true]);
  });

  it('prints one line per row below the heads', () => {
    const rows = promises.map((promise) => judge(promise, undefined, 3));
    const lines = tableText(rows).split('\n');
    assert.equal(lines.length, promises.length + 1);
    assert.match(lines[0] ?? '', /^work +\| flowdeck +\| peer +\| ratio +\| bar +\| ok$/);
    assert.ok(lines.slice(1).every((line) => line.endsWith('NO')));
  });

  it('knows no median of nothing', () => {
    assert.equal(median([]), null);
    assert.equal(median([3, 1]), 2);
  });
});
