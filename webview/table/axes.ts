import { elementScroll, observeElementRect, type Range, Virtualizer } from '@tanstack/virtual-core';
import { headHeight, rowHeight } from './rowView';

type Axis = Virtualizer<HTMLElement, HTMLElement>;
type Offset = (offset: number, isScrolling: boolean) => void;

/** Rows and columns that are drawn beyond those in sight: at rest on either side, on the move ahead of it. */
const overscan = { rows: 6, columns: 2 };

/** What of `range` is drawn. */
type Extract = (range: Range) => number[];

const around: Extract = ({ startIndex, endIndex, overscan, count }) =>
  between(Math.max(0, startIndex - overscan), Math.min(count - 1, endIndex + overscan));
const ahead: Extract = (range) => around(range).filter((index) => index >= range.startIndex);
const behind: Extract = (range) => around(range).filter((index) => index <= range.endIndex);
const inSight: Extract = ({ startIndex, endIndex }) => between(startIndex, endIndex);

/** Which rows and columns are in sight of a scrolling element; the pinned and the active ones are always drawn. */
export class Axes {
  readonly rows: Axis;
  readonly columns: Axis;
  private readonly stops: readonly (() => void)[];
  private readonly offsets: { top?: Offset; left?: Offset } = {};
  private drawn: readonly number[] = [];
  /** Several changes are one painting. */
  private changes = 0;
  private quiet = false;

  constructor(
    private readonly element: HTMLElement,
    private readonly onMove: () => void,
  ) {
    this.rows = new Virtualizer(this.options(false, 0, 0, () => rowHeight));
    this.columns = new Virtualizer(this.options(true, 0, 0, () => rowHeight));
    element.addEventListener('scroll', this.scrolled, { passive: true });
    this.stops = [this.rows._didMount(), this.columns._didMount()];
    this.rows._willUpdate();
    this.columns._willUpdate();
  }

  setRows(count: number): void {
    if (this.rows.options.count === count) return;
    this.quietly(() => {
      this.rows.setOptions(this.options(false, count, headHeight, () => rowHeight));
      this.rows._willUpdate();
    });
  }

  /** @param widths of the columns that are not pinned; the pinned ones stand over the first `pinnedWidth` px */
  setColumns(widths: readonly number[], pinnedWidth: number): void {
    this.quietly(() => {
      this.columns.setOptions(this.options(true, widths.length, pinnedWidth, (index) => widths[index] ?? 0));
      this.columns.measure();
      this.columns._willUpdate();
    });
  }

  /** Rows in sight and a few more. */
  rowIndexes(): readonly number[] {
    return this.rows.getVirtualIndexes();
  }

  /** Columns of values that are to be drawn, by their place among all; the same array as long as they are the same. */
  columnIndexes(pinnedCount: number, activeCol: number): readonly number[] {
    const pinned = Array.from({ length: Math.max(0, pinnedCount - 2) }, (_, at) => at + 2);
    const drawn = [...pinned, ...this.columns.getVirtualIndexes().map((at) => at + pinnedCount)];
    if (activeCol >= pinnedCount && !drawn.includes(activeCol)) drawn.push(activeCol);
    if (drawn.length !== this.drawn.length || drawn.some((at, place) => at !== this.drawn[place])) this.drawn = drawn;
    return this.drawn;
  }

  /** px of the scrolling element. */
  get width(): number {
    return this.columns.scrollRect?.width || Number.POSITIVE_INFINITY;
  }

  /** Draws again, after a move, what is on either side. @returns whether that is more than was drawn */
  rest(): boolean {
    const axes = [this.rows, this.columns];
    const cut = axes.some(({ options }) => options.rangeExtractor !== around);
    for (const { options } of axes) options.rangeExtractor = around;
    return cut;
  }

  dispose(): void {
    for (const stop of this.stops) stop();
    this.element.removeEventListener('scroll', this.scrolled);
  }

  /** Both offsets are read before anything is drawn: read after it, the page would be laid out twice a frame. */
  private readonly scrolled = () => {
    const { scrollTop, scrollLeft } = this.element;
    const before = this.changes;
    this.rows.options.rangeExtractor = extractFor(this.rows, scrollTop);
    this.columns.options.rangeExtractor = extractFor(this.columns, scrollLeft);
    this.quietly(() => {
      this.offsets.top?.(scrollTop, false);
      this.offsets.left?.(scrollLeft, false);
    });
    if (this.changes !== before) this.onMove();
  };

  private quietly(act: () => void): void {
    this.quiet = true;
    act();
    this.quiet = false;
  }

  private options(horizontal: boolean, count: number, padding: number, estimateSize: (index: number) => number) {
    return {
      horizontal,
      count,
      estimateSize,
      paddingStart: padding,
      scrollPaddingStart: padding,
      overscan: horizontal ? overscan.columns : overscan.rows,
      rangeExtractor: around,
      getScrollElement: () => this.element,
      observeElementRect,
      observeElementOffset: (_: Axis, tell: Offset) => {
        this.offsets[horizontal ? 'left' : 'top'] = tell;
      },
      scrollToFn: elementScroll,
      onChange: () => {
        this.changes++;
        if (!this.quiet) this.onMove();
      },
    };
  }
}

/**
 * What lies behind a move is thrown away unseen, and of a step that is further than what is drawn ahead all that lies
 * beyond where it lands.
 */
function extractFor({ scrollOffset, options, getTotalSize }: Axis, to: number): Extract {
  const step = to - (scrollOffset ?? 0);
  if (step === 0) return options.rangeExtractor;
  if (Math.abs(step) * options.count > options.overscan * getTotalSize()) return inSight;
  return step > 0 ? ahead : behind;
}

const between = (first: number, last: number) =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);
