import { betterOf, type Sort, type TableView } from '../../view/runsView';
import { type ColumnId, columnId, parseColumnId } from '../column';
import { nameColumn, withName } from './shownColumns';

/** What a change of the columns is made to: the ids in order and those pinned. */
export type ColumnsState = Required<Pick<TableView, 'columns' | 'pinnedColumns'>>;

/** Puts columns behind the last of their kind, or behind `after`; those already there stay. */
export function addColumns(state: ColumnsState, ids: readonly ColumnId[], after?: ColumnId): ColumnsState {
  const known = new Set(state.columns);
  const columns = [...state.columns];
  const fresh = ids.filter((id) => !known.has(id));
  if (after !== undefined) {
    const at = columns.indexOf(after);
    columns.splice(at < 0 ? columns.length : at + 1, 0, ...fresh);
    return { ...state, columns };
  }
  const kindOf = (id: ColumnId) => parseColumnId(id)?.kind;
  const lastOfKind = new Map(columns.map((id, at) => [kindOf(id), at]));
  const added = new Map<number, ColumnId[]>();
  for (const id of fresh) {
    const at = lastOfKind.get(kindOf(id)) ?? columns.length - 1;
    added.set(at, [...(added.get(at) ?? []), id]);
  }
  if (columns.length === 0) return { ...state, columns: fresh };
  return { ...state, columns: columns.flatMap((id, at) => [id, ...(added.get(at) ?? [])]) };
}

/** The name stays whatever is asked. */
export function removeColumns(state: ColumnsState, ids: readonly ColumnId[]): ColumnsState {
  const gone = new Set(ids.filter((id) => id !== nameColumn));
  return {
    columns: state.columns.filter((id) => !gone.has(id)),
    pinnedColumns: state.pinnedColumns.filter((id) => !gone.has(id)),
  };
}

/**
 * Puts a column before another, or at the end. Before a pinned one it is pinned too, and behind the pinned ones it is
 * not: it stays where it was put.
 */
export function moveColumn(state: ColumnsState, id: ColumnId, before: ColumnId | undefined): ColumnsState {
  if (id === nameColumn || id === before || before === nameColumn) return state;
  const others = state.columns.filter((other) => other !== id);
  const at = before === undefined ? others.length : others.indexOf(before);
  const columns = at < 0 ? [...others, id] : [...others.slice(0, at), id, ...others.slice(at)];
  const pinned = state.pinnedColumns.filter((other) => other !== id);
  return { columns, pinnedColumns: before !== undefined && pinned.includes(before) ? [...pinned, id] : pinned };
}

/** Moves a column one place among `shown`, whose pinned ones stand first; at the ends nothing happens. */
export function stepColumn(
  state: ColumnsState,
  shown: readonly { readonly id: ColumnId; readonly pinned: boolean }[],
  id: ColumnId,
  by: -1 | 1,
): ColumnsState {
  const at = shown.findIndex((one) => one.id === id);
  const neighbour = shown[at + by];
  if (at < 0 || !neighbour || neighbour.id === nameColumn || neighbour.pinned !== shown[at]?.pinned) return state;
  const before = by < 0 ? neighbour.id : shown[at + 2]?.id;
  const moved = moveColumn(state, id, before);
  return { columns: moved.columns, pinnedColumns: state.pinnedColumns };
}

export function pinColumn(state: ColumnsState, id: ColumnId, pin: boolean): ColumnsState {
  const others = state.pinnedColumns.filter((other) => other !== id);
  return { columns: withName(state.columns), pinnedColumns: pin ? [...others, id] : others };
}

/** Which way a column is sorted first: times newest first, metrics the better end first where that is known. */
export function firstDirection(id: ColumnId, better: Readonly<Record<string, 'lower' | 'higher'>>): boolean {
  const column = parseColumnId(id);
  if (column?.kind === 'attribute') return column.key === 'start_time' || column.key === 'end_time';
  return column?.kind === 'metric' && betterOf(better, column.key) === 'higher';
}

/** A click on a head: its first direction, the other one, no more. `add` keeps the other columns sorted before it. */
export function nextSort(sorts: readonly Sort[], id: ColumnId, add: boolean, first: boolean): readonly Sort[] {
  const known = sorts.find(({ column }) => column === id);
  const only = sorts.length === 1;
  if (!known) return add ? [...sorts, { column: id, descending: first }] : [{ column: id, descending: first }];
  const turned = known.descending === first ? [{ column: id, descending: !first }] : [];
  if (add) return sorts.flatMap((sort) => (sort === known ? turned : [sort]));
  return only ? turned : [{ column: id, descending: first }];
}

/** The column of another stat of the same metric. */
export function statColumn(id: ColumnId, stat: 'last' | 'min' | 'max' | 'best' | 'step' | 'bestStep'): ColumnId {
  const column = parseColumnId(id);
  return column?.kind === 'metric' ? columnId({ ...column, stat }) : id;
}
