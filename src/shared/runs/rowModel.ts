import type { RunsView, TableView } from '../view/runsView';
import type { GroupPlaces } from './groupPlaces';
import { type Group, groupColumns, groupRows } from './groupRows';
import { type Forest, Nester } from './nester';
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
      /** A parent that is here for a child's sake, a pinned run that does not match, one that matches no more: greyed. */
      readonly unmatched: boolean;
      /** The innermost group it stands in. */
      readonly group?: RowGroup;
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

export interface RowGroup {
  readonly id: string;
  /** Runs that have its values; those above them may be here for their sake. */
  readonly rows: ReadonlySet<number>;
}

/** Rows that are loaded. */
export interface Listing {
  /** Those that match, sorted. */
  readonly order: readonly number[];
  /** Parents that came for their children's sake. */
  readonly parents: readonly number[];
  /** Those of them that match: they are as good as those of the order. */
  readonly early: readonly number[];
}

export type RowsView = Pick<RunsView, 'pinnedRuns' | 'better'> & { readonly table: TableView };

/**
 * The lines of the table: pinned runs first, grouped, children under their parents, what is closed left out.
 * A pinned run stands at the top even where its parent is listed or it does not match itself, with its children under
 * it. In groups, parents of another group, or that do not match, stand greyed above their children; groups keep the
 * places they have.
 */
export function buildRows(table: RunTable, listing: Listing, view: RowsView, places?: GroupPlaces): readonly ViewRow[] {
  const { order, parents } = listing;
  const { nested, collapsed } = view.table;
  const pinned = pinnedRows(table, order, view);
  const isPinned = new Set(pinned);
  const lines = new Lines(table, [...order, ...listing.early], collapsed);
  const nester = new Nester(table);
  if (groupColumns(view.table.groupBy).length > 0) {
    lines.addTree(nester.nest(pinned, [], isPinned), 0);
    const rest = isPinned.size === 0 ? order : order.filter((row) => !isPinned.has(row));
    const listed = new Set(nested ? [...order, ...parents] : []);
    const nest = (rows: readonly number[]) => (nested ? nester.nest(rows, nester.above(rows, listed)) : flat(rows));
    lines.addGroups(groupRows(table, rest, view, places), nest);
  } else {
    const rows = pinned.length === 0 ? order : [...new Set([...pinned, ...order])];
    lines.addTree(nested ? nester.nest(rows, parents, isPinned) : flat(rows), 0);
  }
  return lines.rows;
}

/** What a line is about: the id of its run or group. */
export const lineKey = (table: RunTable, line: ViewRow): string =>
  line.kind === 'run' ? table.head(line.row).runId : line.id;

/** Of one line alone: a parent may stand in several groups. */
export const linePlace = (table: RunTable, line: ViewRow): string =>
  `${line.kind === 'run' ? (line.group?.id ?? '') : ''} ${lineKey(table, line)}`;

const flat = (tops: readonly number[]): Forest => ({ tops, childrenOf: () => [] });

/** Pinned runs that are loaded, in the order of the table; those that do not match come after those that do. */
function pinnedRows(table: RunTable, order: readonly number[], { pinnedRuns }: RowsView): readonly number[] {
  if (pinnedRuns.length === 0) return [];
  const pinned = new Set(pinnedRuns.flatMap((runId) => table.rowOf(runId) ?? []));
  const matching = order.filter((row) => pinned.has(row));
  for (const row of matching) pinned.delete(row);
  return [...matching, ...[...pinned].filter((row) => !table.head(row).deleted)];
}

class Lines {
  readonly rows: ViewRow[] = [];
  private readonly matching: ReadonlySet<number>;
  private readonly closed: ReadonlySet<string>;

  constructor(
    private readonly table: RunTable,
    matching: readonly number[],
    collapsed: readonly string[],
  ) {
    this.matching = new Set(matching);
    this.closed = new Set(collapsed);
  }

  /** Without recursion: a chain of parents may be longer than the stack. */
  addTree(forest: Forest, top: number, group?: RowGroup): void {
    const own = group?.rows ?? this.matching;
    const waiting = forest.tops.toReversed().map((row) => ({ row, depth: top }));
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { row, depth } = next;
      const children = forest.childrenOf(row);
      const open = children.length > 0 && !this.isClosed(row);
      const unmatched = !own.has(row) || this.table.head(row).unmatched === true;
      const place = group ? { group } : {};
      this.rows.push({ kind: 'run', row, depth, children: children.length, open, unmatched, ...place });
      if (open) for (const child of children.toReversed()) waiting.push({ row: child, depth: depth + 1 });
    }
  }

  addGroups(groups: readonly Group[], nest: (rows: readonly number[]) => Forest, depth = 0): void {
    for (const { id, values, runs, groups: inner } of groups) {
      const open = !this.closed.has(id);
      this.rows.push({ kind: 'group', id, values, depth, runs, open });
      if (!open) continue;
      if (inner.length > 0) this.addGroups(inner, nest, depth + 1);
      else this.addTree(nest(runs), depth + 1, { id, rows: new Set(runs) });
    }
  }

  private isClosed(row: number): boolean {
    return this.closed.size > 0 && this.closed.has(this.table.head(row).runId);
  }
}
