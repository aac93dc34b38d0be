import { quoteKey } from '../mlflow/filterQuoting';
import type { ViewType } from '../shared/domain';

/** How the server sorts runs. `key` names a metric or param. */
export type RunSort =
  | { readonly by: 'start_time' | 'run_name' | 'status'; readonly descending: boolean }
  | { readonly by: 'metric' | 'param'; readonly key: string; readonly descending: boolean };

/** Which runs the Experiments view shows, and in what order. */
export interface RunQuery {
  /** MLflow's own filter syntax; '' for all. */
  readonly filter: string;
  readonly sort: RunSort;
  readonly showDeleted: boolean;
}

export const newestFirst: RunSort = { by: 'start_time', descending: true };
export const allRuns: RunQuery = { filter: '', sort: newestFirst, showDeleted: false };

/** For `order_by`. The start time settles what is equal, so that pages do not overlap. */
export function orderBy(sort: RunSort): readonly string[] {
  const direction = sort.descending ? 'DESC' : 'ASC';
  switch (sort.by) {
    case 'start_time':
      return [`attributes.start_time ${direction}`];
    case 'run_name':
    case 'status':
      return [`attributes.${sort.by} ${direction}`, 'attributes.start_time DESC'];
    case 'metric':
      return [`metrics.${quoteKey(sort.key)} ${direction}`, 'attributes.start_time DESC'];
    case 'param':
      return [`params.${quoteKey(sort.key)} ${direction}`, 'attributes.start_time DESC'];
  }
}

export const viewTypeOf = ({ showDeleted }: RunQuery): ViewType => (showDeleted ? 'ALL' : 'ACTIVE_ONLY');

/** MLflow joins with AND alone. */
export const both = (first: string, second: string) => (first.trim() === '' ? second : `${first} AND ${second}`);

/** Takes what fits of what was remembered; it may be another version's. */
export function decodeQuery(raw: unknown): RunQuery {
  if (typeof raw !== 'object' || raw === null) return allRuns;
  const { filter, sort } = raw as Record<string, unknown>;
  return { filter: typeof filter === 'string' ? filter : '', sort: decodeSort(sort), showDeleted: false };
}

function decodeSort(raw: unknown): RunSort {
  if (typeof raw !== 'object' || raw === null) return newestFirst;
  const { by, key, descending } = raw as Record<string, unknown>;
  if (typeof descending !== 'boolean') return newestFirst;
  if (by === 'start_time' || by === 'run_name' || by === 'status') return { by, descending };
  if ((by === 'metric' || by === 'param') && typeof key === 'string') return { by, key, descending };
  return newestFirst;
}
