import { isComputed } from '../../src/shared/runs/columns/columnValue';
import type { GridPosition } from '../../src/shared/runs/gridMove';
import { lineKey, linePlace, type ViewRow } from '../../src/shared/runs/rowModel';
import { RowSelection, type SelectMode } from '../../src/shared/runs/rowSelection';
import { sortedHistories } from '../../src/shared/runs/sortLoaded';
import { mostChosen } from '../../src/shared/view/runsView';
import type { ExtremesLoader } from '../runs/extremesLoader';
import type { Session } from '../runs/session';
import { Axes } from './axes';
import { ColumnShift } from './columnShift';
import { cellId } from './gridCell';
import type { GridColumn, GridModel } from './gridModel';
import { HeadRow } from './headRow';
import type { PaintContext } from './paintContext';
import { headHeight, RowView, rowHeight } from './rowView';

/** After this long without scrolling, ms, what is in sight is asked for. */
const settled = 120;

/**
 * The grid as drawn: a scrolling element with one row of heads and as many rows as are in sight, which are bound to other
 * runs as they leave it. Nothing here is made anew by scrolling.
 */
export class RunsGrid {
  readonly element = document.createElement('div');
  readonly selection = new RowSelection();
  active: GridPosition = { row: 0, col: 1 };
  private readonly body = document.createElement('div');
  private readonly head = new HeadRow();
  private readonly axes: Axes;
  private readonly drawn = new Map<number, RowView>();
  private readonly spare: RowView[] = [];
  private activeKey: string | undefined;
  private rowsShown: readonly ViewRow[] = [];
  private columnsShown: readonly GridColumn[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private now = Date.now();
  private restored = false;
  private readonly shift = new ColumnShift();

  constructor(
    private readonly session: Session,
    readonly model: GridModel,
    private readonly extremes: ExtremesLoader,
  ) {
    this.element.className = 'runs-grid';
    this.element.setAttribute('role', 'treegrid');
    this.element.setAttribute('aria-label', 'Runs');
    this.element.setAttribute('aria-multiselectable', 'true');
    this.element.tabIndex = 0;
    this.element.dataset.begin = '';
    this.body.className = 'grid-body';
    this.body.setAttribute('role', 'presentation');
    this.body.append(this.head.element);
    this.element.append(this.body);
    this.axes = new Axes(this.element, () => this.scrolled());
    // Who moves stays there, though rows of before be still on their way.
    const stay = () => {
      this.restored ||= session.loader.edition > 0;
    };
    for (const type of ['wheel', 'pointerdown', 'keydown'])
      this.element.addEventListener(type, stay, { passive: true });
  }

  /** Draws what changed of the model, the view or the runs. */
  update(): void {
    this.now = Date.now();
    this.element.setAttribute('aria-busy', String(this.session.loader.loadingSince !== undefined));
    this.takeRows();
    this.takeColumns();
    this.paint();
    this.restoreScroll();
    this.settle();
  }

  /** The line that is active; undefined on the head. */
  get activeLine(): ViewRow | undefined {
    return this.model.rows[this.active.row];
  }

  get activeColumn(): GridColumn | undefined {
    return this.model.columns[this.active.col];
  }

  /** Rows that fit below the head. */
  get page(): number {
    return Math.max(1, Math.floor((this.element.clientHeight - headHeight) / rowHeight));
  }

  keyAt(index: number): string | undefined {
    const line = this.model.rows[index];
    return line && lineKey(this.session.table, line);
  }

  private placeAt(index: number): string | undefined {
    const line = this.model.rows[index];
    return line && linePlace(this.session.table, line);
  }

  runIdAt(index: number): string | undefined {
    const line = this.model.rows[index];
    return line?.kind === 'run' ? this.session.table.head(line.row).runId : undefined;
  }

  select(index: number, mode: SelectMode): void {
    const find = (key: string) => {
      const at = this.model.rows.findIndex((line) => lineKey(this.session.table, line) === key);
      return at < 0 ? undefined : at;
    };
    this.selection.select(index, mode, (at) => this.runIdAt(at), find);
    this.element.dispatchEvent(new Event('selection-change', { bubbles: true }));
  }

  moveTo(position: GridPosition, scroll = true): void {
    this.active = position;
    this.activeKey = this.placeAt(position.row);
    if (scroll) this.showActive();
    this.paint();
    this.settle();
    this.element.dispatchEvent(new Event('active-change', { bubbles: true }));
  }

  /** Where a cell is on the screen, for menus and editors. */
  rectOf({ row, col }: GridPosition): DOMRect {
    const cell = this.element.querySelector(`#${CSS.escape(cellId(row, col))}`);
    return (cell ?? this.element).getBoundingClientRect();
  }

  /** Lines in sight. */
  get inSight(): readonly ViewRow[] {
    return this.axes.rowIndexes().flatMap((index) => this.model.rows[index] ?? []);
  }

  repaint(): void {
    this.takeColumns();
    this.paint();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.axes.dispose();
  }

  /** What was active stays so where it went, though it be sorted to another place. */
  private takeRows(): void {
    const { rows } = this.model;
    if (rows === this.rowsShown) return;
    const wasEmpty = this.rowsShown.length === 0;
    this.rowsShown = rows;
    this.axes.setRows(rows.length);
    this.element.setAttribute('aria-rowcount', String(rows.length + 1));
    const { row, col } = this.active;
    if (row >= 0 && this.activeKey !== undefined && this.placeAt(row) !== this.activeKey) {
      const at = rows.findIndex((line) => linePlace(this.session.table, line) === this.activeKey);
      if (at >= 0) this.active = { row: at, col };
    }
    if (wasEmpty && rows.length > 0 && row < 0) this.active = { row: 0, col };
    if (this.active.row >= rows.length) this.active = { row: rows.length - 1, col };
  }

  private takeColumns(): void {
    const { columns, pinnedCount, pinnedWidth, totalWidth } = this.model;
    if (columns === this.columnsShown) return;
    const id = this.columnsShown[this.active.col]?.id;
    this.columnsShown = columns;
    this.element.setAttribute('aria-colcount', String(columns.length));
    this.axes.setColumns(
      columns.slice(pinnedCount).map(({ width }) => width),
      pinnedWidth,
    );
    const at = id === undefined ? -1 : this.model.indexOfColumn(id);
    const col = at < 0 ? Math.min(this.active.col, Math.max(0, columns.length - 1)) : at;
    this.active = { row: this.active.row, col };
    this.body.style.width = `${totalWidth}px`;
  }

  private scrolled(): void {
    this.paint();
    this.settle();
  }

  private paint(): void {
    const { rows, columns, pinnedCount, pinnedWidth } = this.model;
    // Pinned columns that leave no room for others would hide them for good.
    this.element.classList.toggle('crowded', pinnedWidth > this.axes.width * 0.8);
    this.body.style.height = `${headHeight + rows.length * rowHeight}px`;
    const context = this.paintContext(this.axes.columnIndexes(pinnedCount, this.active.col));
    const indexes = new Set(this.axes.rowIndexes().filter((index) => index < rows.length));
    if (this.active.row >= 0 && this.active.row < rows.length) indexes.add(this.active.row);
    const free: RowView[] = [];
    for (const [index, view] of this.drawn) {
      if (indexes.has(index)) continue;
      this.drawn.delete(index);
      free.push(view);
    }
    for (const index of indexes) {
      const line = rows[index];
      if (!line) continue;
      this.viewOf(index, free).paint(index, line, context);
    }
    for (const view of free) {
      view.element.remove();
      this.spare.push(view);
    }
    this.head.paint({
      model: this.model,
      columns: context.columns,
      sorts: this.session.view.table.sort,
      activeCol: this.active.row < 0 ? this.active.col : -1,
      chosen: this.chosenState(context.chosen),
      most: mostChosen,
    });
    if (columns.length > 0)
      this.element.setAttribute('aria-activedescendant', cellId(this.active.row, this.active.col));
  }

  private viewOf(index: number, free: RowView[]): RowView {
    const known = this.drawn.get(index);
    if (known) return known;
    const used = free.pop();
    const view = used ?? this.spare.pop() ?? new RowView();
    if (!used) this.body.append(view.element);
    this.drawn.set(index, view);
    return view;
  }

  private paintContext(columns: readonly number[]): PaintContext {
    const { session, model, now, active } = this;
    const { view } = session;
    return {
      session,
      model,
      now,
      columns,
      shift: this.shift.for(this.axes.columns.getVirtualIndexes(), model),
      activeRow: active.row,
      activeCol: active.col,
      selected: this.selection.selected,
      chosen: new Set(model.chosen),
      hidden: new Set(view.hiddenRuns),
      pinned: new Set(view.pinnedRuns),
      highlighted: session.highlighted,
      isPending: ({ column }, row) => this.extremes.isPending(column.key, row),
    };
  }

  private chosenState(chosen: ReadonlySet<number>): 'all' | 'some' | 'none' {
    if (chosen.size === 0) return 'none';
    const { rows } = this.session.sorted;
    return rows.slice(0, mostChosen).every((row) => chosen.has(row)) ? 'all' : 'some';
  }

  private showActive(): void {
    const { row, col } = this.active;
    if (row >= 0) this.axes.rows.scrollToIndex(row, { align: 'auto' });
    const at = col - this.model.pinnedCount;
    if (at >= 0) this.axes.columns.scrollToIndex(at, { align: 'auto' });
  }

  /** Where the person was before the page was left, as soon as there are as many rows again. */
  private restoreScroll(): void {
    const { loader, view } = this.session;
    if (this.restored || loader.edition === 0) return;
    const { top, left } = view.table.scroll;
    this.restored = !loader.isReading || top <= this.element.scrollHeight - this.element.clientHeight;
    if (top > 0 || left > 0) this.element.scrollTo(this.restored ? { top, left } : { left });
  }

  private settle(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.rest(), settled);
  }

  private rest(): void {
    if (this.axes.rest()) this.paint();
    const { session, model } = this;
    const rows = this.inSight.flatMap((line) => (line.kind === 'run' ? [line.row] : []));
    void session.colors.want(rows.map((row) => session.table.head(row).runId));
    const keys = model.columns.flatMap(({ column }) => (isComputed(column) ? [column.key] : []));
    const { histories } = session.sorted;
    const sortKeys = sortedHistories(session.view.table.sort);
    this.extremes.want({ rows, keys: [...new Set(keys)] }, { rows: histories?.unread ?? [], keys: sortKeys });
    this.arrange();
    const { scrollTop: top, scrollLeft: left } = this.element;
    const kept = session.view.table.scroll;
    if (this.restored && (kept.top !== top || kept.left !== left))
      session.keepQuietly({ table: { ...session.view.table, scroll: { top, left } } });
  }

  private arrange(): void {
    this.head.arrange();
    let before: Element = this.head.element;
    for (const [, view] of [...this.drawn].sort(([a], [b]) => a - b)) {
      view.arrange();
      if (before.nextElementSibling !== view.element) before.after(view.element);
      before = view.element;
    }
  }
}
