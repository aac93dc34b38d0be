import type { RunsView, TableView } from '../view/runsView';
import type { CellValue, RunTable } from './runTable';

/** One line of the table. */
export type ViewRow =
  | {
      readonly kind: 'run';
      /** Of the `RunTable`. */
      readonly row: number;
      /** 0 at the top. */
      readonly depth: number;
      /** Children that stand under it, also while it is closed. */
      readonly children: number;
      readonly open: boolean;
      /** A parent that is shown only because a child matches: greyed. */
      readonly unmatched: boolean;
    }
  | {
      readonly kind: 'group';
      /** `group:…`, for `TableView.collapsed`. */
      readonly id: string;
      /** The values of the columns grouped by, in their order. */
      readonly values: readonly CellValue[];
      readonly depth: number;
      /** All runs under it. */
      readonly runs: readonly number[];
      readonly open: boolean;
    };

export interface RowModel {
  readonly rows: readonly ViewRow[];
  /** Who sorted: the server everything there is, or the page what is loaded. */
  readonly sortedBy: 'server' | 'page';
}

/** What of the loader matters here. */
export interface Listing {
  /** Rows that match, in the server's order. */
  readonly order: readonly number[];
  /** Parents that do not match. */
  readonly parents: readonly number[];
  readonly more: boolean;
}

/** The lines of the table: pinned runs first, sorted, grouped, children under their parents, what is closed left out. */
export function buildRows(
  _table: RunTable,
  { order }: Listing,
  _view: Pick<RunsView, 'pinnedRuns' | 'better'> & { readonly table: TableView },
): RowModel {
  const rows = order.map(
    (row): ViewRow => ({ kind: 'run', row, depth: 0, children: 0, open: false, unmatched: false }),
  );
  return { rows, sortedBy: 'server' };
}
