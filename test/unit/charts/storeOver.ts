import { setTimeout as sleep } from 'node:timers/promises';
import { atMost } from '../../../src/mlflow/wire/series';
import type { RunStatus } from '../../../src/shared/domain';
import type { ChartsRun, SeriesBlock } from '../../../src/shared/protocol/series';
import type { RunTable } from '../../../src/shared/runs/runTable';
import { packSeries } from '../../../src/shared/series/packing';
import { MetricStore } from '../../../webview/charts/metricStore';
import { QuestionQueue } from '../../../webview/charts/questionQueue';
import type { SeriesRpc } from '../../../webview/charts/seriesRpc';

export const run = (runId: string, status: RunStatus = 'FINISHED'): ChartsRun => ({
  runId,
  name: runId,
  status,
  startTime: 0,
  color: 1,
  dash: 0,
});

/** Every `stride`-th of the steps `from … to`; the value is the step. */
function block(runId: string, from: number, to: number, stride = 1): SeriesBlock {
  const length = to < from ? 0 : Math.floor((to - from) / stride) + 1;
  const steps = Float64Array.from({ length }, (_, at) => from + at * stride);
  return { runId, steps, timestamps: steps.slice(), values: steps.slice(), sampled: stride > 1 };
}

/** What a server gives of the points at every so many steps that are in an interval. */
function sampleOf(runId: string, every: number, points: number, from: number, to: number, most: number): SeriesBlock {
  const [first, last] = [Math.ceil(from / every), Math.min(points - 1, Math.floor(to / every))];
  const { steps } = block(runId, first, last);
  const at = steps.map((step) => step * every);
  return atMost(most, { runId, key: 'loss', steps: at, timestamps: at, values: at, sampled: false });
}

/** A server of runs with `lengths` points each of any metric, and what it is asked. */
export function serverOver(
  lengths: Readonly<Record<string, number>>,
  answer?: (method: string, params: Record<string, unknown>) => void,
  /** `every`: steps from one point to the next. */
  { every = 1, mostPoints = 1_000 } = {},
) {
  const asked: string[] = [];
  const call = async (method: string, params: Record<string, unknown>) => {
    const {
      runIds = [],
      maxPoints = 2_499,
      startStep,
      endStep,
      after,
      runId,
      pageToken,
    } = params as {
      runIds?: string[];
      maxPoints?: number;
      startStep?: number;
      endStep?: number;
      after?: { runId: string; step: number }[];
      runId?: string;
      pageToken?: string;
    };
    asked.push(
      `${method} ${after ? after.map((last) => `${last.runId}>${last.step}`) : (runId ?? runIds.join())} ${startStep ?? pageToken ?? maxPoints}`,
    );
    answer?.(method, params);
    const sampled = (id: string) => {
      const [from, to] = [
        startStep ?? 0,
        Math.min(endStep ?? Number.POSITIVE_INFINITY, (lengths[id] ?? 0) * every - 1),
      ];
      const most = startStep === undefined ? maxPoints : 2_499;
      if (every > 1) return packSeries(sampleOf(id, every, lengths[id] ?? 0, from, to, most));
      return packSeries(block(id, from, to, Math.ceil((to - from + 1) / maxPoints)));
    };
    if (method === 'series') return { series: runIds.map(sampled) };
    if (method === 'newPoints')
      return {
        series: after?.map(({ runId, step }) => {
          const last = (lengths[runId] ?? 0) - 1;
          return packSeries(block(runId, step, last, Math.ceil((last - step + 1) / 2_499)));
        }),
      };
    if (method === 'count') return runIds.map((id) => ({ runId: id, points: lengths[id] ?? 0, exact: true }));
    const first = Number(pageToken ?? 0);
    const end = Math.min(lengths[runId ?? ''] ?? 0, first + 25_000);
    const more = end < (lengths[runId ?? ''] ?? 0);
    return { block: packSeries(block(runId ?? '', first, end - 1)), ...(more ? { nextPageToken: String(end) } : {}) };
  };
  const ids = Object.keys(lengths);
  const last = (row: number) => ((lengths[ids[row] ?? ''] ?? 0) - 1) * every;
  const cells = { get: last, has: (row: number) => last(row) >= 0 };
  const table = {
    rowOf: (id: string) => (ids.includes(id) ? ids.indexOf(id) : undefined),
    metric: () => ({ steps: cells, last: cells }),
    metricTime: last,
  };
  const rpc = { call } as unknown as SeriesRpc;
  return { rpc, table: table as unknown as RunTable, mostPoints, asked };
}

/** A store that asks such a server. */
export function storeOver(...server: Parameters<typeof serverOver>) {
  const { rpc, table, mostPoints, asked } = serverOver(...server);
  const services = { rpc, queue: new QuestionQueue(3, 5), table, mostPoints: () => mostPoints };
  return { store: new MetricStore('loss', services), asked };
}

export const viewer = (budget: number) => ({ priority: () => 0, budget: () => budget });

/** Until what goes on in the background is over. */
export async function settled(asked: readonly string[]): Promise<void> {
  for (let seen = -1; seen !== asked.length; ) {
    seen = asked.length;
    await sleep(20);
  }
}
