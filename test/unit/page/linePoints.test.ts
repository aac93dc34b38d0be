import assert from 'node:assert/strict';
import type { ChartsRun } from '../../../src/shared/protocol/series';
import { parseExpression } from '../../../src/shared/series/expression';
import { packSeries } from '../../../src/shared/series/packing';
import { linePoints } from '../../../webview/charts/board/linePoints';
import { QuestionQueue } from '../../../webview/charts/questionQueue';
import { tableOf } from '../chartKinds/tableOf';

const pageSize = 25_000;
const settings = { axis: 'step', xMetric: '' } as const;
const { signal } = new AbortController();

/** Runs with `a` at every step and `b` at every second one, 60,000 steps long; the last run has no `b`. */
function pageOf(runs: number) {
  const { table } = tableOf(
    Array.from({ length: runs }, (_, at) => ({ metrics: { a: 1, ...(at === runs - 1 ? {} : { b: 1 }) } })),
  );
  const asked: string[] = [];
  const call = async (_: string, question: { key: string; runId: string; pageToken?: string }) => {
    const { key, runId, pageToken = '0' } = question;
    asked.push(`${key} ${runId} ${pageToken}`);
    const [each, from] = [key === 'a' ? 1 : 2, Number(pageToken)];
    const count = Math.min(pageSize, 60_000 / each - from);
    const steps = Float64Array.from({ length: count }, (_, at) => (from + at) * each);
    const values = steps.map((step) => step * (key === 'a' ? 3 : 1));
    const block = packSeries({ runId, steps, timestamps: steps.slice(), values, sampled: false });
    const next = from + count;
    return { block, ...(next * each < 60_000 ? { nextPageToken: String(next) } : {}) };
  };
  const shownRuns = Array.from({ length: runs }, (_, at) => ({ runId: `r${at}`, name: `run ${at}` }) as ChartsRun);
  const session = { rpc: { call } as never, queue: new QuestionQueue(3, 5), shownRuns, runs: { table } };
  return { session, asked };
}

describe('all points of a line chart', () => {
  it('are read of a few runs at a time and given in pieces, in full', async () => {
    const { session, asked } = pageOf(7);
    const { columns, runs, reads } = linePoints(session, {
      metric: 'a',
      parsed: undefined,
      title: 'my chart',
      settings,
    });
    assert.deepEqual([columns, runs, reads.length], [['Run', 'Run ID', 'Step', 'Time', 'a'], 7, 3]);
    const [first] = reads;
    const parts = [...((await first?.(signal)) ?? [])];
    assert.deepEqual([...new Set(asked.map((question) => question.split(' ')[1]))], ['r0', 'r1', 'r2']);
    assert.ok(parts.every(({ rows }) => rows.length <= 20_000));
    assert.equal(
      parts.reduce((sum, part) => sum + part.runs, 0),
      3,
    );
    const rows = parts.flatMap((part) => part.rows);
    assert.equal(rows.length, 180_000);
    assert.deepEqual(rows[59_999], ['run 0', 'r0', 59_999, '1970-01-01T00:00:59.999Z', 179_997]);
  });

  it('are given without a time where that is none a date can hold', async () => {
    const { session } = pageOf(2);
    const block = packSeries({
      runId: 'r0',
      steps: Float64Array.of(0, 1),
      // One that took nanoseconds for milliseconds.
      timestamps: Float64Array.of(5, 1.7e18),
      values: Float64Array.of(1, 2),
      sampled: false,
    });
    const rpc = { call: async () => ({ block }) } as never;
    const { reads } = linePoints({ ...session, rpc }, { metric: 'a', parsed: undefined, title: 'a', settings });
    const [part] = [...((await reads[0]?.(signal)) ?? [])];
    assert.deepEqual(
      part?.rows.map((row) => row[3]),
      ['1970-01-01T00:00:00.005Z', undefined],
    );
  });

  it('of an expression are those of every step that its metrics share, whatever is drawn of them', async () => {
    const { session } = pageOf(3);
    const parsed = parseExpression(`\${a} - \${b}`);
    const { columns, runs, reads } = linePoints(session, { metric: undefined, parsed, title: 'gap', settings });
    assert.deepEqual([columns.at(-1), runs], ['gap', 2]);
    const parts = await Promise.all(reads.map((read) => read(signal)));
    const rows = parts.flatMap((part) => [...part].flatMap((piece) => piece.rows));
    assert.equal(rows.length, 60_000);
    assert.deepEqual(rows[29_999], ['run 0', 'r0', 59_998, '1970-01-01T00:00:59.998Z', 119_996]);
    assert.ok(rows.every(([, , step, , value]) => value === Number(step) * 2));
  });

  it('over another metric have its value at the step, and none where it has none', async () => {
    const { session, asked } = pageOf(2);
    const over = { metric: 'a', parsed: undefined, title: 'a', settings: { axis: 'metric', xMetric: 'b' } } as const;
    const { columns, runs, reads } = linePoints(session, over);
    assert.deepEqual([columns, runs], [['Run', 'Run ID', 'Step', 'Time', 'b', 'a'], 2]);
    const parts = await Promise.all(reads.map((read) => read(signal)));
    const rows = parts.flatMap((part) => [...part].flatMap((piece) => piece.rows));
    assert.equal(rows.length, 120_000);
    assert.deepEqual(rows.slice(2, 4), [
      ['run 0', 'r0', 2, '1970-01-01T00:00:00.002Z', 2, 6],
      ['run 0', 'r0', 3, '1970-01-01T00:00:00.003Z', undefined, 9],
    ]);
    // The last run has no `b`, and nobody is asked for it.
    assert.deepEqual(rows[60_002], ['run 1', 'r1', 2, '1970-01-01T00:00:00.002Z', undefined, 6]);
    assert.ok(!asked.some((question) => question.startsWith('b r1')));
  });

  it('of an expression that says nothing are none', () => {
    const { session } = pageOf(2);
    for (const text of ['1 + 1', '${a'])
      assert.equal(
        linePoints(session, { metric: undefined, parsed: parseExpression(text), title: '', settings }).runs,
        0,
      );
  });
});
