import { aggregateOf } from '../../src/shared/runs/aggregateOf';
import { cellReader } from '../../src/shared/runs/cellReader';
import { digitsFor, fewestDigits } from '../../src/shared/runs/cellText';
import { chosenRows } from '../../src/shared/runs/chosenRows';
import type { Column, ColumnId } from '../../src/shared/runs/column';
import { columnCaption, columnLabel, columnTitle } from '../../src/shared/runs/columns/columnTitle';
import { isNumeric } from '../../src/shared/runs/columns/columnValue';
import { defaultColumns } from '../../src/shared/runs/columns/defaultColumns';
import type { ColumnsState } from '../../src/shared/runs/columns/editColumns';
import { nameColumn, type ShownColumns, shownColumns, withName } from '../../src/shared/runs/columns/shownColumns';
import { GroupPlaces } from '../../src/shared/runs/groupPlaces';
import { buildRows, type RowGroup, type ViewRow } from '../../src/shared/runs/rowModel';
import type { Session } from '../runs/session';

/** A column as it stands in the grid. */
export interface GridColumn {
  readonly id: ColumnId;
  /** The first holds the check box and the colour, the second the tree of names. */
  readonly part: 'lead' | 'name' | 'value';
  readonly column: Column;
  readonly title: string;
  readonly caption: string;
  /** For screen readers: what the column is called in full. */
  readonly label: string;
  readonly width: number;
  /** From the left edge of the table, px. */
  readonly left: number;
  readonly pinned: boolean;
  readonly numeric: boolean;
}

export const leadColumn: ColumnId = 'lead';
const leadWidth = 56;

/** Rows that say how many digits a column needs. */
const sampled = 1_000;
/** A refresh of the rows may take this share of the time while thousands are loaded. */
const busyShare = 5;

/** What the grid shows, made anew only where what it is made of changed. */
export class GridModel {
  rows: readonly ViewRow[] = [];
  columns: readonly GridColumn[] = [];
  shown: ShownColumns = { columns: [], empty: 0, constant: 0, same: 0 };
  pinnedCount = 0;
  /** Widths that are being dragged, before they are kept. */
  readonly dragged = new Map<ColumnId, number>();
  private defaults: readonly ColumnId[] = [];
  private defaultsOf: readonly unknown[] = [];
  private rowsOf: readonly unknown[] = [];
  private columnsOf: readonly unknown[] = [];
  private readonly places = new GroupPlaces();
  private readonly digits = new Map<ColumnId, number>();
  private readonly aggregates = new Map<string, number | undefined>();
  private children: ReadonlyMap<string, readonly number[]> | undefined;
  private tookMs = 0;
  private builtAt = 0;

  constructor(private readonly session: Session) {}

  /** The ids that stand for columns now, with those nobody chose. */
  get state(): ColumnsState {
    const { columns, pinnedColumns } = this.session.view.table;
    return { columns: withName(columns ?? this.defaults), pinnedColumns };
  }

  get chosen(): readonly number[] {
    const { table, sorted, view } = this.session;
    return chosenRows(table, sorted.rows, { chosen: view.chosen, hiddenRuns: [] });
  }

  get totalWidth(): number {
    const last = this.columns[this.columns.length - 1];
    return last ? last.left + last.width : 0;
  }

  get pinnedWidth(): number {
    const last = this.columns[this.pinnedCount - 1];
    return last ? last.left + last.width : 0;
  }

  /** @returns ms after which to ask again, where the rows were left as they are for now */
  refresh(): number | undefined {
    const wait = this.refreshRows();
    this.refreshDefaults();
    this.refreshColumns();
    return wait;
  }

  /** Significant digits that tell the numbers of a column apart. */
  digitsOf({ id, column }: GridColumn): number {
    if (column.kind !== 'metric') return fewestDigits;
    const known = this.digits.get(id);
    if (known !== undefined) return known;
    const { table, loader, view } = this.session;
    // One reader for all rows: a jump sideways asks this of every column that comes into sight, within the frame.
    const read = cellReader(table, column, view.better);
    const values = loader.order.slice(0, sampled).map(read);
    const digits = digitsFor(values.filter((value) => typeof value === 'number'));
    this.digits.set(id, digits);
    return digits;
  }

  /** What a head or a closed parent says of the rows under it; made once per line and column. */
  aggregate({ id, column, numeric }: GridColumn, key: string, rows: readonly number[]): number | undefined {
    if (!numeric && column.kind !== 'param' && column.kind !== 'tag') return undefined;
    const place = `${id} ${key}`;
    if (this.aggregates.has(place)) return this.aggregates.get(place);
    const { table, view } = this.session;
    const value = aggregateOf(table, column, rows, view.table.aggregate, view.better);
    this.aggregates.set(place, value);
    return value;
  }

  /** Children that are loaded and match, theirs too; of a line in a group those of the group. */
  descendants(runId: string, group?: RowGroup): readonly number[] {
    const children = this.childrenOf();
    const found: number[] = [];
    const seen = new Set([runId]);
    for (const parents = [runId]; parents.length > 0; ) {
      for (const row of children.get(parents.pop() ?? '') ?? []) {
        const child = this.session.table.head(row).runId;
        if (seen.has(child)) continue;
        seen.add(child);
        found.push(row);
        parents.push(child);
      }
    }
    return group ? found.filter((row) => group.rows.has(row)) : found;
  }

  private childrenOf(): ReadonlyMap<string, readonly number[]> {
    if (this.children) return this.children;
    const { table, loader } = this.session;
    const children = new Map<string, number[]>();
    for (const row of loader.order) {
      const { parentRunId } = table.head(row);
      if (parentRunId === undefined) continue;
      const siblings = children.get(parentRunId);
      if (siblings) siblings.push(row);
      else children.set(parentRunId, [row]);
    }
    this.children = children;
    return children;
  }

  indexOfColumn(id: ColumnId): number {
    return this.columns.findIndex((column) => column.id === id);
  }

  private refreshRows(): number | undefined {
    const { table, loader, view, sorted } = this.session;
    const { groupBy, aggregate, nested, collapsed } = view.table;
    const { rows: order, applied: sort } = sorted;
    const shown = [groupBy, aggregate, nested, collapsed, view.pinnedRuns, view.better];
    const made = [table.version, loader.edition, order, sort, ...shown];
    if (sameParts(made, this.rowsOf)) return undefined;
    const now = performance.now();
    const rest = loader.arriving ? this.builtAt + busyShare * this.tookMs - now : 0;
    if (rest > 0) return rest;
    const asApplied = { ...view, table: { ...view.table, sort } };
    this.places.begin([sorted.settled, groupBy, aggregate]);
    const { parents, early } = loader;
    this.rows = buildRows(table, { order, parents, early }, asApplied, this.places);
    this.rowsOf = made;
    this.builtAt = performance.now();
    this.tookMs = this.builtAt - now;
    this.digits.clear();
    this.aggregates.clear();
    this.children = undefined;
    return undefined;
  }

  private refreshDefaults(): void {
    const { table, loader, view } = this.session;
    const made = [loader.edition, table.size, view.table.columns === undefined];
    if (sameParts(made, this.defaultsOf) || view.table.columns !== undefined) return;
    this.defaultsOf = made;
    this.defaults = defaultColumns(table, this.defaults);
  }

  private refreshColumns(): void {
    const { table, loader, view, sorted } = this.session;
    const { columns, pinnedColumns, widths, hideConstant, hideEmpty, onlyDifferences } = view.table;
    const asked = [columns ?? this.defaults, pinnedColumns, widths, hideConstant, hideEmpty, onlyDifferences];
    const made = [
      ...asked,
      table.version,
      loader.edition,
      view.better,
      onlyDifferences && view.chosen,
      // The first ones are others in another order.
      onlyDifferences && sorted.rows,
      this.draggedText,
    ];
    if (sameParts(made, this.columnsOf)) return;
    this.columnsOf = made;
    const { state } = this;
    const rows = { shown: loader.order, chosen: onlyDifferences ? this.chosen : [] };
    this.shown = shownColumns(table, state.columns, rows, view);
    let left = leadWidth;
    const placed = this.shown.columns.map(({ id, column, pinned }): GridColumn => {
      const width = this.dragged.get(id) ?? widths[id] ?? usualWidth(column);
      const placedAt = left;
      left += width;
      const text = { title: columnTitle(column), caption: columnCaption(column), label: columnLabel(column) };
      const part = id === nameColumn ? 'name' : 'value';
      return { id, part, column, ...text, width, left: placedAt, pinned, numeric: isNumeric(column) };
    });
    this.columns = [lead, ...placed];
    this.pinnedCount = 1 + placed.filter(({ pinned }) => pinned).length;
  }

  private get draggedText(): string {
    return [...this.dragged].join();
  }
}

const lead: GridColumn = {
  id: leadColumn,
  part: 'lead',
  column: { kind: 'attribute', key: 'run_id' },
  title: '',
  caption: '',
  label: 'Chosen for charts',
  width: leadWidth,
  left: 0,
  pinned: true,
  numeric: false,
};

function usualWidth(column: Column): number {
  if (column.kind !== 'attribute') return column.kind === 'metric' ? 104 : 110;
  switch (column.key) {
    case 'run_name':
      return 250;
    case 'start_time':
    case 'end_time':
      return 132;
    case 'duration':
      return 112;
    case 'commit':
    case 'status':
      return 96;
    case 'run_id':
    case 'parent_run_id':
      return 250;
    case 'datasets':
    case 'models':
    case 'description':
      return 180;
    default:
      return 130;
  }
}

const sameParts = (a: readonly unknown[], b: readonly unknown[]) =>
  a.length === b.length && a.every((part, at) => Object.is(part, b[at]));
