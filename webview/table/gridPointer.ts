import { fullText } from '../../src/shared/runs/cellText';
import type { SelectMode } from '../../src/shared/runs/rowSelection';
import type { Session } from '../runs/session';
import type { GridActions } from './gridActions';
import type { HeadActions } from './headActions';
import { HeadDrag } from './headDrag';
import type { RunsGrid } from './runsGrid';
import { shownValue } from './valueCell';

interface Hit {
  /** -1 is the head. */
  readonly row: number;
  readonly col: number;
  readonly part: string | undefined;
  readonly cell: HTMLElement;
}

/** What the pointer does in the grid, found by where it is: cells have no listeners of their own. */
export class GridPointer {
  private readonly drag: HeadDrag;

  constructor(
    private readonly session: Session,
    private readonly grid: RunsGrid,
    private readonly actions: GridActions,
    private readonly heads: HeadActions,
  ) {
    this.drag = new HeadDrag(grid, heads);
  }

  listen(): void {
    const { element } = this.grid;
    element.addEventListener('pointerdown', (event) => this.down(event));
    element.addEventListener('click', (event) => this.click(event));
    element.addEventListener('dblclick', (event) => this.doubleClick(event));
    element.addEventListener('contextmenu', (event) => this.contextMenu(event));
    element.addEventListener('mouseover', (event) => this.over(hitOf(event)));
    element.addEventListener('mouseleave', () => this.over(undefined));
  }

  private down(event: PointerEvent): void {
    const hit = hitOf(event);
    if (hit?.row === -1) this.drag.start(event, hit.col, hit.part);
    // A range of rows is meant, not one of text.
    if (hit && hit.row >= 0 && event.shiftKey) event.preventDefault();
  }

  private click(event: MouseEvent): void {
    const hit = hitOf(event);
    if (!hit) return;
    if (hit.row < 0) this.clickHead(event, hit);
    else this.clickRow(event, hit);
    // The grid is one tab stop: controls in it are pressed, not entered.
    if (event.target instanceof HTMLInputElement || event.target instanceof HTMLButtonElement)
      this.grid.element.focus();
  }

  private clickHead(event: MouseEvent, { col, part, cell }: Hit): void {
    if (this.drag.dragged || part === 'edge') return;
    if (part === 'check-all') this.actions.toggleAll();
    else if (part === 'menu') {
      const { left, bottom } = cell.getBoundingClientRect();
      this.actions.hooks.columnMenu(col, { x: left, y: bottom });
    } else this.heads.sort(col, event.shiftKey);
    this.grid.moveTo({ row: -1, col }, false);
  }

  private clickRow(event: MouseEvent, { row, col, part }: Hit): void {
    this.grid.moveTo({ row, col }, false);
    switch (part) {
      case 'check':
        // What is chosen is in the view: the box shows that, also where it was refused.
        this.actions.toggleChosen(row);
        this.grid.repaint();
        return;
      case 'eye':
        this.actions.toggleHidden(row);
        return;
      case 'pin':
        this.actions.togglePinned(row);
        return;
      case 'chevron':
        this.actions.toggleOpen(row);
        return;
      default:
        this.grid.select(row, modeOf(event));
        this.grid.repaint();
    }
  }

  private doubleClick(event: MouseEvent): void {
    const hit = hitOf(event);
    if (!hit) return;
    if (hit.row < 0) {
      if (hit.part === 'edge') this.heads.fit(hit.col);
      return;
    }
    if (hit.part !== undefined || this.actions.toggleOpenGroup(hit.row)) return;
    if (!this.actions.edit(hit.row, hit.col)) this.actions.reveal(hit.row);
  }

  private contextMenu(event: MouseEvent): void {
    const hit = hitOf(event);
    if (!hit) return;
    event.preventDefault();
    this.grid.moveTo({ row: hit.row, col: hit.col }, false);
    const at = { x: event.clientX, y: event.clientY };
    if (hit.row < 0) this.actions.hooks.columnMenu(hit.col, at);
    else this.actions.rowMenu(hit.row, at);
  }

  /** A row's run is marked where else it is shown. The whole value of a cell is made when the pointer comes to it. */
  private over(hit: Hit | undefined): void {
    this.session.point(hit && this.grid.runIdAt(hit.row));
    if (!hit || hit.row < 0 || hit.cell.hasAttribute('title')) return;
    const text = fullTextAt(this.session, this.grid, hit.row, hit.col);
    if (text !== '') hit.cell.title = text;
  }
}

/** The whole value of a cell: every digit, the exact instant. */
export function fullTextAt(session: Session, grid: RunsGrid, row: number, col: number): string {
  const line = grid.model.rows[row];
  const column = grid.model.columns[col];
  if (!column || column.part === 'lead' || line?.kind !== 'run') return '';
  const value = shownValue(session, column, line.row, Date.now());
  const text = fullText(value, column.column);
  return text !== '' && column.column.key === 'duration' && column.column.kind === 'attribute' ? `${text} s` : text;
}

function modeOf(event: MouseEvent): SelectMode {
  if (event.shiftKey) return 'range';
  return event.ctrlKey || event.metaKey ? 'toggle' : 'only';
}

function hitOf(event: Event): Hit | undefined {
  if (!(event.target instanceof Element)) return undefined;
  const cell = event.target.closest<HTMLElement>('[aria-colindex]');
  const row = cell?.closest<HTMLElement>('[role="row"]');
  if (!cell || !row) return undefined;
  const part = event.target.closest<HTMLElement>('[data-part]')?.dataset.part;
  return { row: Number(row.dataset.index ?? -1), col: Number(cell.getAttribute('aria-colindex')) - 1, part, cell };
}
