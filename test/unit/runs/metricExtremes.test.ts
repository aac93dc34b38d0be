import assert from 'node:assert/strict';
import { ExtremesReader, type HistoryStore } from '../../../src/panels/runs/metricExtremes';

const { signal } = new AbortController();

function store(values: Readonly<Record<string, readonly number[]>>) {
  const asked: string[] = [];
  const whole = (runId: string, key: string) => {
    const series = Float64Array.from(values[runId] ?? []);
    return { runId, key, values: series, steps: series.map((_, at) => at * 10), timestamps: series, sampled: false };
  };
  const answers: HistoryStore = {
    metricHistory: async (runId, key) => {
      asked.push(`whole ${runId}`);
      return whole(runId, key);
    },
    sampledHistory: async ({ runIds, key, maxPoints }) => {
      asked.push(...runIds);
      return runIds.map((runId) => {
        const series = whole(runId, key);
        return series.values.length > maxPoints ? { ...series, values: new Float64Array(3), sampled: true } : series;
      });
    },
  };
  return { answers, asked };
}

describe('least and largest values of a metric', () => {
  it('leave out NaN and infinity, with the first step where they stood', async () => {
    const { answers } = store({ a: [Number.NaN, 3, -1, Number.POSITIVE_INFINITY, -1, 3], b: [Number.NaN] });
    const found = await new ExtremesReader(() => undefined).read(answers, 'loss', ['a', 'none', 'b'], signal);
    assert.deepEqual([...found.min], [-1, Number.NaN, Number.NaN]);
    assert.deepEqual([...found.max], [3, Number.NaN, Number.NaN]);
    assert.deepEqual([...found.minSteps], [20, Number.NaN, Number.NaN]);
    assert.deepEqual([...found.maxSteps], [10, Number.NaN, Number.NaN]);
  });

  it('are read once of a run that has ended, and again when it went on', async () => {
    const { answers, asked } = store({ done: [1], live: [2] });
    const ends = new Map([['done', 5]]);
    const reader = new ExtremesReader((runId) => ends.get(runId));
    const read = (key = 'loss') => reader.read(answers, key, ['done', 'live'], signal);
    await read();
    assert.equal((await read()).min[0], 1);
    assert.deepEqual(asked, ['done', 'live', 'live']);
    await read('other');
    assert.deepEqual(asked.slice(3), ['done', 'live']);
    ends.set('done', 6);
    await read();
    assert.deepEqual(asked.slice(5), ['done', 'live']);
  });

  it('are of all points of a history that is too long to come with others', async () => {
    const long = Array.from({ length: 2_500 }, (_, at) => at);
    const { answers, asked } = store({ long, short: [4, 2] });
    const found = await new ExtremesReader(() => undefined).read(answers, 'loss', ['long', 'short'], signal);
    assert.deepEqual([...found.max], [2_499, 4]);
    assert.deepEqual(asked, ['long', 'short', 'whole long']);
  });

  it('are no longer read once nobody wants them, and what was read is kept', async () => {
    const controller = new AbortController();
    const { answers, asked } = store({});
    const runIds = Array.from({ length: 200 }, (_, at) => `r${at}`);
    const reader = new ExtremesReader(() => 1);
    const reading = reader.read(answers, 'loss', runIds, controller.signal);
    controller.abort();
    await assert.rejects(reading, { name: 'AbortError' });
    const before = asked.length;
    assert.ok(before <= 40);
    await reader.read(answers, 'loss', runIds, signal);
    assert.equal(asked.length, 200);
  });
});
