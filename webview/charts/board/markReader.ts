import type { Drawn, Mark } from '../kinds/picture';
import { nearestMark } from '../kinds/picture';

/** Walks the marks of a picture, with the pointer and with keys: from left to right, and upwards where x is the same. */
export class MarkReader {
  private sorted: readonly Mark[] | undefined;
  private byRow: ReadonlyMap<number, Mark> | undefined;
  private at = -1;

  constructor(private readonly drawn: Drawn) {}

  nearest(x: number, y: number): Mark | undefined {
    return this.drawn.nearest ? this.drawn.nearest(x, y) : nearestMark(this.drawn.marks, x, y);
  }

  /** What stands for a run, by its row of the table. */
  of(row: number): Mark | undefined {
    if (this.drawn.ofRun) return this.drawn.ofRun(row);
    this.byRow ??= new Map(this.drawn.marks.flatMap((mark) => (mark.row === undefined ? [] : [[mark.row, mark]])));
    return this.byRow.get(row);
  }

  /** Undefined for a key that moves nothing. */
  move(key: string): Mark | undefined {
    const { order } = this;
    const next = nextPlace(key, this.at, order.length);
    if (next === undefined) return undefined;
    this.at = next;
    return order[next];
  }

  leave(): void {
    this.at = -1;
  }

  private get order(): readonly Mark[] {
    this.sorted ??= this.drawn.nearest
      ? this.drawn.marks
      : [...this.drawn.marks].sort((a, b) => a.x - b.x || b.y - a.y);
    return this.sorted;
  }
}

function nextPlace(key: string, at: number, count: number): number | undefined {
  if (count === 0) return undefined;
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return Math.min(count - 1, at + 1);
    case 'ArrowLeft':
    case 'ArrowUp':
      return at < 0 ? count - 1 : Math.max(0, at - 1);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
