import { columnCaption, columnLabel, columnTitle } from '../../src/shared/runs/columns/columnTitle';
import { columnValue, isNumeric } from '../../src/shared/runs/columns/columnValue';
import { defaultColumns } from '../../src/shared/runs/columns/defaultColumns';
import type { ColumnsState } from '../../src/shared/runs/columns/editColumns';
import { nameColumn, type ShownColumns, shownColumns, withName } from '../../src/shared/runs/columns/shownColumns';
import { digitsFor, fewestDigits } from '../../src/shared/runs/cellText';
import { chosenRows } from '../../src/shared/runs/chosenRows';
import type { Column, ColumnId } from '../../src/shared/runs/column';
import { buildRows, type RowModel, type ViewRow } from '../../src/shared/runs/rowModel';
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
  sortedBy: RowModel['sortedBy'] = 'server';
  columns: readonly GridColumn[] = [];
  shown: ShownColumns = { columns: [], empty: 0, constant: 0, same: 0 };
  pinnedCount = 0;
  /** Widths that are being dragged, before they are kept. */
  readonly dragged = new Map<ColumnId, number>();
  private defaults: readonly ColumnId[] = [];
  private defaultsOf: readonly unknown[] = [];
  private rowsOf: readonly unknown[] = [];
  private columnsOf: readonly unknown[] = [];
  private readonly digits = new Map<ColumnId, number>();
  private tookMs = 0;
  private builtAt = 0;

  constructor(private readonly session: Session) {}

  /** The ids that stand for columns now, with those nobody chose. */
  get state(): ColumnsState {
    const { columns, pinnedColumns } = this.session.view.table;
    return { columns: withName(columns ?? this.defaults), pinnedColumns };
  }

  get chosen(): readonly number[] {
    const { table, loader, view } = this.session;
    return chosenRows(table, loader.order, { chosen: view.chosen, hiddenRuns: [] });
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
    const values = loader.order.slice(0, sampled).map((row) => columnValue(table, column, row, view.better));
    const digits = digitsFor(values.filter((value) => typeof value === 'number'));
    this.digits.set(id, digits);
    return digits;
  }

  indexOfColumn(id: ColumnId): number {
    return this.columns.findIndex((column) => column.id === id);
  }

  private refreshRows(): number | undefined {
    const { table, loader, view } = this.session;
    const { sort, groupBy, aggregate, nested, collapsed } = view.table;
    const made = [table.version, loader.edition, sort, groupBy, aggregate, nested, collapsed, view.pinnedRuns, view.better];
    if (sameParts(made, this.rowsOf)) return undefined;
    const now = performance.now();
    const rest = loader.all ? this.builtAt + busyShare * this.tookMs - now : 0;
    if (rest > 0) return rest;
    const { rows, sortedBy } = buildRows(table, loader, view);
    this.rows = rows;
    this.sortedBy = sortedBy;
    this.rowsOf = made;
    this.builtAt = performance.now();
    this.tookMs = this.builtAt - now;
    this.digits.clear();
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
    const { table, loader, view } = this.session;
    const { columns, pinnedColumns, widths, hideConstant, hideEmpty, onlyDifferences } = view.table;
    const asked = [columns ?? this.defaults, pinnedColumns, widths, hideConstant, hideEmpty, onlyDifferences];
    const made = [...asked, table.version, loader.edition, view.better, onlyDifferences && view.chosen, this.draggedText];
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
      return 116;
    case 'duration':
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
