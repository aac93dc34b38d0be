import type { RunTable } from '../../src/shared/runs/runTable';
import type { QuestionQueue } from './questionQueue';
import type { SeriesRpc } from './seriesRpc';

/** What the points of a metric are fetched with. */
export interface StoreServices {
  readonly rpc: SeriesRpc;
  readonly queue: QuestionQueue;
  readonly table: RunTable;
  /** Points per run that a person allows without being asked. */
  mostPoints(): number;
}
