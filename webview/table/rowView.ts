import type { ViewRow } from '../../src/shared/runs/rowModel';
import { LeadCell } from './leadCell';
import { NameCell } from './nameCell';
import type { PaintContext } from './paintContext';
import { ValueCell } from './valueCell';

export const rowHeight = 26;
export const headHeight = 40;

/** One line of the grid; bound to another row when the one it showed is out of sight. */
export class RowView {
  readonly element = document.createElement('div');
  index = -1;
  private readonly lead = new LeadCell();
  private readonly name = new NameCell();
  /** The cells that stay at the left, held there together: each thing that is held is a layer of its own to the browser. */
  private readonly held = document.createElement('div');
  /**
   * The cells that scroll sideways, moved together: where columns are as wide as those before them, a jump to them moves
   * this and no cell.
   */
  private readonly scrolling = document.createElement('div');
  private readonly cells = new Map<number, ValueCell>();
  private readonly spare: ValueCell[] = [];
  private taken: readonly number[] = [];
  private shift = 0;

  constructor() {
    this.element.className = 'grid-row';
    this.element.setAttribute('role', 'row');
    this.scrolling.className = 'scrolling-cells';
    this.scrolling.setAttribute('role', 'presentation');
    this.held.className = 'pinned-cells';
    this.held.setAttribute('role', 'presentation');
    this.held.append(this.lead.element, this.name.element);
    this.element.append(this.held, this.scrolling);
  }

  paint(index: number, line: ViewRow, context: PaintContext): void {
    if (index !== this.index) {
      this.index = index;
      this.element.style.transform = `translateY(${headHeight + index * rowHeight}px)`;
      this.element.setAttribute('aria-rowindex', String(index + 2));
      this.element.dataset.index = String(index);
    }
    this.paintRow(line, context);
    const { columns } = context.model;
    const [first, second] = columns;
    const active = index === context.activeRow ? context.activeCol : -1;
    if (first) this.lead.paint(index, first, line, context, active === 0);
    if (second) this.name.paint(index, second, line, context, active === 1);
    this.takeColumns(context.columns);
    if (context.shift !== this.shift) {
      this.shift = context.shift;
      this.scrolling.style.transform = `translateX(${this.shift}px)`;
    }
    for (const [at, cell] of this.cells) {
      const column = columns[at];
      if (!column) continue;
      cell.paint(index, at, column, line, context, active === at);
      this.putIn(cell, column.pinned);
    }
  }

  private putIn({ element }: ValueCell, pinned: boolean): void {
    const place = pinned ? this.held : this.scrolling;
    if (element.parentNode !== place) place.append(element);
  }

  /** Puts the cells in the order of their columns, for who reads the document instead of looking at it. */
  arrange(): void {
    const inOrder = [...this.cells].sort(([a], [b]) => a - b).map(([, cell]) => cell.element);
    const inside = inOrder.filter(({ parentNode }) => parentNode === this.scrolling);
    chain([this.name.element, ...inOrder.filter((element) => !inside.includes(element))]);
    if (inside[0] && this.scrolling.firstElementChild !== inside[0]) this.scrolling.prepend(inside[0]);
    chain(inside);
  }

  /** Cells of columns that went out of sight become those of columns that came into it. */
  private takeColumns(columns: readonly number[]): void {
    if (columns === this.taken) return;
    this.taken = columns;
    const wanted = new Set(columns);
    const free: ValueCell[] = [];
    for (const [at, cell] of this.cells) {
      if (wanted.has(at)) continue;
      this.cells.delete(at);
      free.push(cell);
    }
    // First come, first taken: a cell that stays where it was is not moved.
    free.reverse();
    for (const at of columns) {
      if (this.cells.has(at)) continue;
      this.cells.set(at, free.pop() ?? this.spare.pop() ?? new ValueCell());
    }
    for (const cell of free) cell.remove();
    this.spare.push(...free);
  }

  private paintRow(line: ViewRow, { session, model, selected, hidden, highlighted }: PaintContext): void {
    const { element } = this;
    element.style.width = `${model.totalWidth}px`;
    element.setAttribute('aria-level', String(line.depth + 1));
    const closable = line.kind === 'group' || line.children > 0;
    if (closable) element.setAttribute('aria-expanded', String(line.open));
    else element.removeAttribute('aria-expanded');
    element.classList.toggle('group-row', line.kind === 'group');
    if (line.kind === 'group') {
      element.removeAttribute('data-run-id');
      element.removeAttribute('aria-selected');
      element.classList.remove('selected', 'unmatched', 'hidden-run', 'pointed-at');
      return;
    }
    const { runId, deleted } = session.table.head(line.row);
    const isSelected = selected.has(runId);
    if (element.dataset.runId !== runId) element.dataset.runId = runId;
    element.setAttribute('aria-selected', String(isSelected));
    element.classList.toggle('selected', isSelected);
    element.classList.toggle('unmatched', line.unmatched || deleted === true);
    element.classList.toggle('hidden-run', hidden.has(runId));
    element.classList.toggle('pointed-at', runId === highlighted);
  }
}

/** Makes each element the one before's next sibling. */
function chain(elements: readonly Element[]): void {
  for (const [at, element] of elements.entries()) {
    const before = elements[at - 1];
    if (before && before.nextElementSibling !== element) before.after(element);
  }
}
