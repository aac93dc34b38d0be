import { mapLimited } from '../../src/shared/mapLimited';
import type { ChartsRun, SeriesBlock } from '../../src/shared/protocol/series';
import { joined } from '../../src/shared/series/merge';
import { unpackSeries } from '../../src/shared/series/packing';
import type { StoreServices } from './storeServices';

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

/** Runs that are read at once: as many as questions are asked at once. */
const atOnce = 3;

/** Every point of every run, page by page. Runs that are complete stay when it is cancelled. */
export async function loadHistories(
  key: string,
  runs: readonly ChartsRun[],
  services: StoreServices,
  signal: AbortSignal,
  receiver: Receiver,
): Promise<void> {
  let points = 0;
  let done = 0;
  const report = () => receiver.progress({ points, runs: done, of: runs.length });
  report();
  await mapLimited(runs, atOnce, async ({ runId }) => {
    const block = await historyOf(key, runId, services, signal, (added) => {
      points += added;
      report();
    });
    receiver.take(block);
    done++;
    report();
  });
}

async function historyOf(
  key: string,
  runId: string,
  { rpc, queue }: StoreServices,
  signal: AbortSignal,
  arrived: (points: number) => void,
): Promise<SeriesBlock> {
  const pages: SeriesBlock[] = [];
  for (let pageToken: string | undefined, first = true; first || pageToken !== undefined; first = false) {
    const question = { key, runId, ...(pageToken === undefined ? {} : { pageToken }) };
    // A person waits for it, but what is only looked at comes first.
    const demand = { priority: () => Number.MAX_SAFE_INTEGER };
    const page = await queue.ask(demand, () => rpc.call('history', question, signal), signal);
    pages.push(unpackSeries(page.block));
    arrived(page.block.values.length);
    pageToken = page.nextPageToken;
  }
  return joined(runId, false, pages);
}
