import type { RunsView, Sort } from '../view/runsView';
import { parseColumnId } from './column';
import { isComputed } from './columns/columnValue';
import type { RunTable } from './runTable';
import { isServerSorted, serverSort } from './serverSort';
import { isNumericColumn, sortRows } from './sortRows';

/** Rows as they came. */
export interface Loaded {
  /** Rows that match. */
  readonly order: readonly number[];
  /** There are more than these on the server. */
  readonly more: boolean;
  /** What the server sorted them by; undefined where rows were put among them that it did not sort. */
  readonly orderedBy: readonly Sort[] | undefined;
}

/** Who sorted: the server everything there is, or the page what is loaded. */
export type SortedBy = 'server' | 'page';

export interface Sorted {
  readonly order: readonly number[];
  readonly sortedBy: SortedBy;
}

const newestFirst: Sort = { column: 'attributes.start_time', descending: true };

/**
 * Rows in the order asked for: as the server gave them where that is it, else sorted here. Where there are more runs, what
 * the server can sort is asked of it: until its answer is there the rows stay as they are.
 */
export function sortLoaded(
  table: RunTable,
  { order, more, orderedBy }: Loaded,
  sort: readonly Sort[],
  better: RunsView['better'],
): Sorted {
  if (isServerSorted(sort)) {
    const answered = orderedBy !== undefined && sameSorts(serverSort(sort), orderedBy);
    // The server sorts params as texts: once everything is here, those that are numbers are sorted as such.
    const isServers = more || (answered && !sort.some(({ column }) => isNumericColumn(table, column, order)));
    if (isServers) return { order, sortedBy: 'server' };
  }
  return { order: sortRows(table, order, settled(sort), better), sortedBy: 'page' };
}

/** What is equal stands as it does on the server: the newest first. */
const settled = (sorts: readonly Sort[]): readonly Sort[] =>
  sorts.some(({ column }) => column === newestFirst.column) ? sorts : [...sorts, newestFirst];

const sameSorts = (a: readonly Sort[], b: readonly Sort[]) =>
  a.length === b.length &&
  a.every(({ column, descending }, at) => b[at]?.column === column && b[at]?.descending === descending);

/** Metrics whose histories a sort goes by. */
export const sortedHistories = (sorts: readonly Sort[]): readonly string[] => [
  ...new Set(
    sorts.flatMap(({ column: id }) => {
      const column = parseColumnId(id);
      return column && isComputed(column) ? [column.key] : [];
    }),
  ),
];
