import type { RunsView, TableView } from '../../view/runsView';
import { type Column, type ColumnId, columnId, parseColumnId } from '../column';
import type { RunTable } from '../runTable';
import { isConstant, isEmpty, rowSet } from './coverage';

/** The tree of runs hangs on this one: it always stands first. */
export const nameColumn: ColumnId = 'attributes.run_name';

export interface ShownColumn {
  readonly id: ColumnId;
  readonly column: Column;
  readonly pinned: boolean;
}

export interface ShownColumns {
  /** The pinned ones first, the name at the very left. */
  readonly columns: readonly ShownColumn[];
  /** Chosen, but left out by the three switches. */
  readonly empty: number;
  readonly constant: number;
  readonly same: number;
}

export interface ColumnRows {
  /** All rows that are shown, closed ones too. */
  readonly shown: readonly number[];
  /** Those chosen for charts and the comparison. */
  readonly chosen: readonly number[];
}

/** The columns that stand in the table, after "hide empty", "hide constant" and "only differences". */
export function shownColumns(
  table: RunTable,
  ids: readonly ColumnId[],
  { shown, chosen }: ColumnRows,
  { better, table: view }: Pick<RunsView, 'better'> & { readonly table: TableView },
): ShownColumns {
  const set = rowSet(shown, table.size);
  const chosenSet = rowSet(chosen, table.size);
  const left = { empty: 0, constant: 0, same: 0 };
  const reason = (column: Column): keyof typeof left | undefined => {
    if (view.hideEmpty && shown.length > 0 && isEmpty(table, column, set, better)) return 'empty';
    if (view.hideConstant && isConstant(table, column, set, better)) return 'constant';
    if (view.onlyDifferences && isConstant(table, column, chosenSet, better)) return 'same';
    return undefined;
  };
  const pinned = new Set(view.pinnedColumns);
  const columns: ShownColumn[] = [];
  for (const id of withName(ids)) {
    const column = parseColumnId(id);
    if (!column) continue;
    const why = id === nameColumn ? undefined : reason(column);
    if (why) left[why]++;
    else columns.push({ id: columnId(column), column, pinned: id === nameColumn || pinned.has(id) });
  }
  return { columns: [...columns.filter((one) => one.pinned), ...columns.filter((one) => !one.pinned)], ...left };
}

/** Each id once, the name first. */
export const withName = (ids: readonly ColumnId[]): readonly ColumnId[] => [...new Set([nameColumn, ...ids])];
