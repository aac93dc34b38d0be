import type { RunsQuestion } from '../protocol/runs';
import type { RunsView, Sort } from '../view/runsView';
import { parseColumnId } from './column';

/** Attributes in MLflow's `order_by` (mlflow/utils/search_utils.py, VALID_ORDER_BY_ATTRIBUTE_KEYS and the run's columns). */
const sortable: ReadonlySet<string> = new Set(['run_name', 'status', 'start_time', 'end_time', 'user_id', 'run_id']);

/** Whether the server can sort by a column; by others sorts whoever has all runs. */
export function isServerSortable(columnId: string): boolean {
  const column = parseColumnId(columnId);
  if (!column) return false;
  // A key with quotes of both kinds cannot be said in MLflow's grammar.
  if (column.key.includes('`') && column.key.includes('"')) return false;
  switch (column.kind) {
    case 'attribute':
      return sortable.has(column.key);
    case 'metric':
      return column.stat === 'last';
    case 'param':
    case 'tag':
      return true;
  }
}

/** What of a sort the server does: the first columns, as long as it knows them. One column twice is an error of the server's. */
export function serverSort(sorts: readonly Sort[]): readonly Sort[] {
  const seen = new Set<string>();
  const known: Sort[] = [];
  for (const sort of sorts) {
    if (!isServerSortable(sort.column)) break;
    if (!seen.has(sort.column)) known.push(sort);
    seen.add(sort.column);
  }
  return known;
}

/** Whether the server's order is the whole order. */
export const isServerSorted = (sorts: readonly Sort[]) => sorts.every(({ column }) => isServerSortable(column));

/** What a view asks of the server. */
export const questionOf = ({ filter, showDeleted, table }: RunsView): RunsQuestion => ({
  filter,
  showDeleted,
  sort: serverSort(table.sort),
});
