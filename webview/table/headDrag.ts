import { followPointer, type PointerDrag } from '../controls/followPointer';
import type { GridColumn } from './gridModel';
import type { HeadActions } from './headActions';
import type { RunsGrid } from './runsGrid';

/** Less is a click, px. */
const leastMove = 5;
/** So near to an edge, px, the columns beyond it come into sight, so fast, px a frame. */
const edge = 36;
const scrollStep = 14;

/** Heads are dragged: at the edge to widen, elsewhere to move; to above or below the table is nowhere. */
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
    this.follow({
      move: (event) => {
        this.moved = true;
        this.heads.drag(column, widthAt(event));
      },
      end: (event) => {
        if (this.moved) this.heads.setWidth(column, widthAt(event));
      },
      cancel: () => this.heads.drag(column, undefined),
    });
  }

  private move(down: PointerEvent, column: GridColumn): void {
    let target: { readonly before: GridColumn | undefined } | undefined;
    let at: PointerEvent = down;
    let frame = 0;
    const look = () => {
      target = this.targetAt(at);
      if (target) this.showMark(target.before);
      else this.mark.remove();
    };
    const scroll = () => {
      if (this.scrollAt(at.clientX)) look();
      frame = requestAnimationFrame(scroll);
    };
    const rest = () => {
      cancelAnimationFrame(frame);
      this.mark.remove();
    };
    this.follow({
      move: (event) => {
        if (!this.moved && Math.abs(event.clientX - down.clientX) < leastMove) return;
        if (!this.moved) frame = requestAnimationFrame(scroll);
        this.moved = true;
        at = event;
        look();
      },
      end: () => {
        rest();
        if (target && target.before?.id !== column.id) this.heads.move(column, target.before?.id);
      },
      cancel: rest,
    });
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

  /** Before which column the pointer is; the last half of the last column is the end. None where it left the table. */
  private targetAt({ clientX, clientY }: PointerEvent): { readonly before: GridColumn | undefined } | undefined {
    const { columns, pinnedWidth } = this.grid.model;
    const { left, top, bottom } = this.grid.element.getBoundingClientRect();
    if (clientY < top - edge || clientY > bottom) return undefined;
    const shown = clientX - left;
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

  /** The click that comes with the release of a drag which was called off is none either. */
  private follow(drag: PointerDrag): void {
    const cancel = () => {
      this.moved = true;
      drag.cancel();
    };
    followPointer({ ...drag, cancel });
  }
}
