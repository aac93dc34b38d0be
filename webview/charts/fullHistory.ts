import type { ChartsRun, SeriesBlock } from '../../src/shared/protocol/series';
import { joined } from '../../src/shared/series/merge';
import { unpackSeries } from '../../src/shared/series/packing';
import type { StoreServices } from './metricStore';

export interface FullProgress {
  readonly points: number;
  readonly runs: number;
  /** Runs in all. */
  readonly of: number;
}

interface Receiver {
  progress(progress: FullProgress): void;
  /** A run with all its points. */
  take(block: SeriesBlock): void;
}

/** Every point of every run, one run after the other. Runs that are complete stay when it is cancelled. */
export async function loadHistories(
  key: string,
  runs: readonly ChartsRun[],
  { rpc, queue }: StoreServices,
  signal: AbortSignal,
  receiver: Receiver,
): Promise<void> {
  let points = 0;
  receiver.progress({ points, runs: 0, of: runs.length });
  for (const [done, { runId }] of runs.entries()) {
    const pages: SeriesBlock[] = [];
    for (let pageToken: string | undefined, first = true; first || pageToken !== undefined; first = false) {
      const question = { key, runId, ...(pageToken === undefined ? {} : { pageToken }) };
      // A person waits for it, but what is only looked at comes first.
      const demand = { priority: () => Number.MAX_SAFE_INTEGER };
      const page = await queue.ask(demand, () => rpc.call('history', question, signal), signal);
      pages.push(unpackSeries(page.block));
      points += page.block.values.length;
      pageToken = page.nextPageToken;
      receiver.progress({ points, runs: done, of: runs.length });
    }
    receiver.take(joined(runId, false, pages));
    receiver.progress({ points, runs: done + 1, of: runs.length });
  }
}
