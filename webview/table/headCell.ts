import { columnId } from '../../src/shared/runs/column';
import { splitName } from '../../src/shared/splitName';
import type { Sort } from '../../src/shared/view/runsView';
import { iconNode } from '../controls/iconNode';
import { GridCell } from './gridCell';
import type { GridColumn } from './gridModel';

/** How many of the rows that could be chosen are. */
export type ChosenState = 'all' | 'some' | 'none';

/** The head of a column: what it is called, how it is sorted, its menu and its edge. */
export class HeadCell extends GridCell {
  private readonly caption = document.createElement('span');
  /** The title's beginning, which is cut where there is no room, and its end, which is not. */
  private readonly start = document.createElement('span');
  private readonly end = document.createElement('span');
  private readonly sort = document.createElement('span');
  private readonly menu = document.createElement('button');
  private readonly edge = document.createElement('span');
  private shownText = '';
  private shownSort = '';

  constructor() {
    super('cell head-cell', 'columnheader');
    const texts = document.createElement('span');
    texts.className = 'head-texts';
    this.caption.className = 'head-caption';
    const title = document.createElement('span');
    title.className = 'head-title';
    this.start.className = 'head-start';
    title.append(this.start, this.end);
    this.sort.className = 'head-sort';
    this.menu.className = 'head-menu';
    this.menu.tabIndex = -1;
    this.menu.dataset.part = 'menu';
    this.menu.append(iconNode('more'));
    this.edge.className = 'head-edge';
    this.edge.dataset.part = 'edge';
    texts.append(this.caption, title);
    this.element.append(texts, this.sort, this.menu, this.edge);
  }

  paint(at: number, column: GridColumn, sorts: readonly Sort[], active: boolean): void {
    this.setPlace(-1, at, column, active);
    const text = `${column.caption} ${column.title}`;
    if (text !== this.shownText) {
      this.shownText = text;
      this.caption.textContent = column.caption;
      const { start, end } = splitName(column.title);
      this.start.textContent = start;
      this.end.textContent = end;
      this.element.setAttribute('aria-label', text.trim());
      this.menu.setAttribute('aria-label', `Menu of ${column.label}`);
      this.element.title = `${column.label}\nClick to sort, Shift+click to sort by several, drag to move`;
      this.element.classList.toggle('number', column.numeric);
    }
    this.element.dataset.column = columnId(column.column);
    const order = sorts.findIndex((sort) => sort.column === column.id);
    this.paintSort(sorts[order], sorts.length > 1 ? String(order + 1) : '');
  }

  private paintSort(sort: Sort | undefined, order: string): void {
    const shown = sort ? `${sort.descending} ${order}` : '';
    if (shown === this.shownSort) return;
    this.shownSort = shown;
    if (sort) this.element.setAttribute('aria-sort', sort.descending ? 'descending' : 'ascending');
    else this.element.removeAttribute('aria-sort');
    this.element.ariaDescription = order === '' || !sort ? null : `Sort number ${order}`;
    this.sort.replaceChildren(...(sort ? [iconNode(sort.descending ? 'sortDown' : 'sortUp'), order] : []));
  }
}

/** Chooses all rows that are shown, or none. */
export class LeadHead extends GridCell {
  private readonly check = document.createElement('input');

  constructor() {
    super('cell lead head-cell', 'columnheader');
    this.check.type = 'checkbox';
    this.check.className = 'run-choice';
    this.check.tabIndex = -1;
    this.check.dataset.part = 'check-all';
    this.element.append(this.check);
  }

  paint(column: GridColumn, chosen: ChosenState, most: number, active: boolean): void {
    this.setPlace(-1, 0, column, active);
    this.check.checked = chosen === 'all';
    this.check.indeterminate = chosen === 'some';
    const label = chosen === 'all' ? 'Choose no run' : `Choose all shown runs, at most ${most}`;
    this.check.setAttribute('aria-label', label);
    this.check.title = `${label}, for charts and comparison`;
  }
}
