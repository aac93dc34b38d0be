import assert from 'node:assert/strict';
import { frameWork } from '../../bench/frameWork';

const page = { pid: 1, tid: 2 };
const mark = (ts: number) => ({ ...page, name: 'TimeStamp', ts, args: { data: { message: 'flowdeck-frame' } } });
const task = (ts: number, dur: number, tdur: number) => ({ ...page, name: 'RunTask', ts, dur, tdur });

describe('what the page does for a frame', () => {
  it('is the processor time of its own thread between frames, whatever the clock says', () => {
    // A frame every 16 ms, each with a task of 2 ms that the machine lets run for 9; one has 7 ms, one is missed.
    const events = Array.from({ length: 40 }, (_, at) => {
      const start = 1_000_000 + at * 16_000 + (at > 30 ? 16_000 : 0);
      return [mark(start + 500), task(start, 9_000, at === 20 ? 7_000 : 2_000)];
    }).flat();
    const others = [
      { ...task(1_005_000, 9_000, 9_000), tid: 3 },
      { ...mark(1_006_000), args: { data: { message: 'another' } } },
    ];
    const found = frameWork([...others, ...events.reverse()]);
    assert.deepEqual([found.frames, found.p95, found.worst, found.missed], [39, 2, 7, 1]);
    assert.equal(found.intervalP95, 16);
  });

  it('is no figure where nothing was traced', () => {
    assert.throws(() => frameWork([]), /0 frames/);
    const marks = Array.from({ length: 20 }, (_, at) => mark(at * 16_000));
    assert.throws(() => frameWork(marks), /no tasks/);
  });
});
