import type { GridColumn } from './gridModel';

/** The element of a cell and what is the same for all kinds of it. Writes to the page only what changed. */
export class GridCell {
  readonly element = document.createElement('div');
  private place = '';
  private at = '';
  private active = false;

  constructor(className: string, role: 'gridcell' | 'columnheader' | 'rowheader' = 'gridcell') {
    this.element.className = className;
    this.element.setAttribute('role', role);
  }

  /** @param row -1 is the head */
  protected setPlace(row: number, col: number, column: GridColumn, active: boolean): void {
    const { element } = this;
    const place = `${column.left} ${column.width} ${column.pinned}`;
    if (place !== this.place) {
      this.place = place;
      element.style.left = `${column.left}px`;
      element.style.width = `${column.width}px`;
      element.classList.toggle('pinned', column.pinned);
    }
    const at = `${row} ${col}`;
    if (at !== this.at) {
      this.at = at;
      element.id = cellId(row, col);
      element.dataset.col = String(col);
      element.setAttribute('aria-colindex', String(col + 1));
      element.removeAttribute('title');
    }
    if (active === this.active) return;
    this.active = active;
    element.classList.toggle('active', active);
  }

  remove(): void {
    this.element.remove();
    // An id of what is gone must not be pointed at.
    this.element.removeAttribute('id');
    this.at = '';
  }
}

/** For `aria-activedescendant`. */
export const cellId = (row: number, col: number) => `grid-${row}-${col}`;
