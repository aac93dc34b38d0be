import type { GridColumn } from './gridModel';
import type { HeadActions } from './headActions';
import type { RunsGrid } from './runsGrid';

/** Less is a click, px. */
const leastMove = 5;
/** So near to an edge, px, the columns beyond it come into sight, so fast, px a frame. */
const edge = 36;
const scrollStep = 14;

/** Heads are dragged: at the edge to widen, elsewhere to move. */
export class HeadDrag {
  /** The click that ends a drag is none. */
  private moved = false;
  private readonly mark = document.createElement('div');

  constructor(
    private readonly grid: RunsGrid,
    private readonly heads: HeadActions,
  ) {
    this.mark.className = 'drop-mark';
  }

  /** @returns whether the click is the end of a drag */
  get dragged(): boolean {
    const { moved } = this;
    this.moved = false;
    return moved;
  }

  start(event: PointerEvent, col: number, part: string | undefined): void {
    const column = this.heads.column(col);
    this.moved = false;
    if (!column || event.button !== 0 || part === 'menu') return;
    if (part === 'edge') this.resize(event, column);
    else if (column.part === 'value') this.move(event, column);
  }

  private resize(down: PointerEvent, column: GridColumn): void {
    down.preventDefault();
    const widthAt = (event: PointerEvent) => column.width + event.clientX - down.clientX;
    this.follow(
      (event) => {
        this.moved = true;
        this.heads.drag(column, widthAt(event));
      },
      (event) => {
        if (this.moved) this.heads.setWidth(column, widthAt(event));
      },
    );
  }

  private move(down: PointerEvent, column: GridColumn): void {
    let target: { readonly before: GridColumn | undefined } | undefined;
    let x = down.clientX;
    let frame = 0;
    const look = () => {
      target = this.targetAt(x);
      this.showMark(target?.before);
    };
    const scroll = () => {
      if (this.scrollAt(x)) look();
      frame = requestAnimationFrame(scroll);
    };
    this.follow(
      (event) => {
        if (!this.moved && Math.abs(event.clientX - down.clientX) < leastMove) return;
        if (!this.moved) frame = requestAnimationFrame(scroll);
        this.moved = true;
        x = event.clientX;
        look();
      },
      () => {
        cancelAnimationFrame(frame);
        this.mark.remove();
        if (target && target.before?.id !== column.id) this.heads.move(column, target.before?.id);
      },
    );
  }

  /** Scrolls where the pointer is at an edge of what scrolls. @returns whether anything moved */
  private scrollAt(x: number): boolean {
    const { element, model } = this.grid;
    const { left, right } = element.getBoundingClientRect();
    const by = x > right - edge ? scrollStep : x < left + model.pinnedWidth + edge ? -scrollStep : 0;
    const before = element.scrollLeft;
    if (by !== 0) element.scrollLeft += by;
    return element.scrollLeft !== before;
  }

  /** Before which column the pointer is; the last half of the last column is the end. */
  private targetAt(x: number): { readonly before: GridColumn | undefined } | undefined {
    const { columns, pinnedWidth } = this.grid.model;
    const { left } = this.grid.element.getBoundingClientRect();
    const shown = x - left;
    const inside = shown < pinnedWidth ? shown : shown + this.grid.element.scrollLeft;
    const before = columns.find((column) => column.part === 'value' && inside < column.left + column.width / 2);
    return { before };
  }

  private showMark(before: GridColumn | undefined): void {
    const { model, element } = this.grid;
    const at = before?.left ?? model.totalWidth;
    const shown = before?.pinned ? at + element.scrollLeft : at;
    this.mark.style.transform = `translateX(${shown - 1}px)`;
    element.querySelector('.grid-body')?.append(this.mark);
  }

  private follow(move: (event: PointerEvent) => void, end: (event: PointerEvent) => void): void {
    const stop = (event: PointerEvent) => {
      window.removeEventListener('pointermove', move);
      window.removeEventListener('pointerup', stop);
      window.removeEventListener('pointercancel', stop);
      end(event);
    };
    window.addEventListener('pointermove', move);
    window.addEventListener('pointerup', stop);
    window.addEventListener('pointercancel', stop);
  }
}
