import type { Sort } from '../../src/shared/view/runsView';
import type { GridModel } from './gridModel';
import { type ChosenState, HeadCell, LeadHead } from './headCell';

export interface HeadContext {
  readonly model: GridModel;
  /** Columns but the first: pinned ones and those in sight. */
  readonly columns: readonly number[];
  readonly sorts: readonly Sort[];
  readonly activeCol: number;
  readonly chosen: ChosenState;
  readonly most: number;
}

/** The row of heads: stays at the top, its cells are those of the columns in sight. */
export class HeadRow {
  readonly element = document.createElement('div');
  private readonly lead = new LeadHead();
  private readonly cells = new Map<number, HeadCell>();

  constructor() {
    this.element.className = 'grid-head';
    this.element.setAttribute('role', 'row');
    this.element.setAttribute('aria-rowindex', '1');
    this.element.append(this.lead.element);
  }

  paint({ model, columns, sorts, activeCol, chosen, most }: HeadContext): void {
    this.element.style.width = `${model.totalWidth}px`;
    const [first] = model.columns;
    if (first) this.lead.paint(first, chosen, most, activeCol === 0);
    const wanted = new Set([1, ...columns]);
    const free: HeadCell[] = [];
    for (const [at, cell] of this.cells) {
      if (wanted.has(at)) continue;
      this.cells.delete(at);
      free.push(cell);
    }
    for (const at of wanted) {
      const column = model.columns[at];
      if (!column) continue;
      const cell = this.cells.get(at) ?? free.pop() ?? new HeadCell();
      if (!cell.element.isConnected) this.element.append(cell.element);
      this.cells.set(at, cell);
      cell.paint(at, column, sorts, activeCol === at);
    }
    for (const cell of free) cell.remove();
  }

  arrange(): void {
    let before: Element = this.lead.element;
    for (const [, { element }] of [...this.cells].sort(([a], [b]) => a - b)) {
      if (before.nextElementSibling !== element) before.after(element);
      before = element;
    }
  }
}
