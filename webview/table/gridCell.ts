import type { GridColumn } from './gridModel';

/** The element of a cell and what is the same for all kinds of it. Writes to the page only what changed. */
export class GridCell {
  readonly element = document.createElement('div');
  private left = Number.NaN;
  private width = -1;
  private pinned = false;
  private col = -1;
  private order = 0;
  private activeId = '';

  constructor(className: string, role: 'gridcell' | 'columnheader' | 'rowheader' = 'gridcell') {
    this.element.className = className;
    this.element.setAttribute('role', role);
  }

  /**
   * @param row -1 is the head
   * @param shift px by which what the cell is in is moved
   */
  protected setPlace(row: number, col: number, column: GridColumn, active: boolean, shift = 0): void {
    const { element } = this;
    const left = column.left - shift;
    if (left !== this.left) {
      this.left = left;
      element.style.left = `${left}px`;
    }
    if (column.width !== this.width) {
      this.width = column.width;
      element.style.width = `${column.width}px`;
    }
    if (column.pinned !== this.pinned) {
      this.pinned = column.pinned;
      element.classList.toggle('pinned', column.pinned);
    }
    if (col !== this.col) {
      this.col = col;
      element.setAttribute('aria-colindex', String(col + 1));
    }
    // Pinned cells stand in the flow of the row, in whichever order they came.
    const order = column.pinned ? col : 0;
    if (order !== this.order) {
      this.order = order;
      element.style.order = String(order);
    }
    const id = active ? cellId(row, col) : '';
    if (id === this.activeId) return;
    this.activeId = id;
    element.id = id;
    if (!active) element.removeAttribute('id');
    element.classList.toggle('active', active);
  }

  /** What was said of another value on hover. */
  protected forgetTitle(): void {
    if (this.element.hasAttribute('title')) this.element.removeAttribute('title');
  }

  remove(): void {
    this.element.remove();
  }
}

/** Of the active cell alone: for `aria-activedescendant`. */
export const cellId = (row: number, col: number) => `grid-${row}-${col}`;
