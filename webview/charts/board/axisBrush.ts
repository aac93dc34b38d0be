import { type Brush, isBrushable, roundedBound } from '../../../src/shared/charts/brush';
import { valueOn } from '../../../src/shared/charts/parallel';
import type { ColumnId } from '../../../src/shared/runs/column';
import { followPointer } from '../../controls/followPointer';
import { type AxisPlace, isParallel } from '../kinds/parallelPicture';
import type { Picture } from '../kinds/picture';

/** px to either side of an axis that belong to it. */
const reach = 14;
/** px that a pointer moves before a press is a drag. */
const least = 4;

/** Marks a part of an axis of parallel coordinates by dragging; a click on a marked axis takes the mark away. */
export class AxisBrush {
  private places: readonly AxisPlace[] = [];
  private dragging: { readonly place: AxisPlace; readonly from: number; to: number } | undefined;
  /** The click that ends a drag is none. */
  wasUsed = false;

  constructor(private readonly done: (column: ColumnId, brush: Brush | undefined) => void) {}

  use(picture: Picture, width: number, height: number): void {
    this.places = isParallel(picture) ? picture.axisPlaces(width, height) : [];
  }

  isOn(x: number): boolean {
    return this.placeAt(x) !== undefined;
  }

  start(event: PointerEvent, host: HTMLElement): void {
    this.wasUsed = false;
    const { left, top } = host.getBoundingClientRect();
    const place = event.button === 0 ? this.placeAt(event.clientX - left) : undefined;
    if (!place) return;
    const from = event.clientY - top;
    this.dragging = { place, from, to: from };
    this.wasUsed = true;
    host.querySelector('.plot')?.setPointerCapture(event.pointerId);
    followPointer({ move: () => undefined, end: () => this.end(host), cancel: () => this.cancel(host) });
  }

  /** @returns whether a brush is being drawn */
  move(event: PointerEvent, host: HTMLElement): boolean {
    const { dragging } = this;
    if (!dragging) return false;
    const { top } = host.getBoundingClientRect();
    dragging.to = Math.min(dragging.place.bottom, Math.max(dragging.place.top, event.clientY - top));
    const box = host.querySelector<HTMLElement>('.brush');
    if (!box) return true;
    const [low, high] = [Math.min(dragging.from, dragging.to), Math.max(dragging.from, dragging.to)];
    box.hidden = false;
    Object.assign(box.style, {
      transform: `translate(${dragging.place.x - 7}px, ${low}px)`,
      height: `${high - low}px`,
    });
    return true;
  }

  private end(host: HTMLElement): void {
    const { dragging } = this;
    this.cancel(host);
    if (!dragging) return;
    const { place, from, to } = dragging;
    const { id } = place.axis.column;
    if (Math.abs(to - from) < least) this.done(id, undefined);
    else this.done(id, brushBetween(place, from, to));
  }

  private cancel(host: HTMLElement): void {
    this.dragging = undefined;
    const box = host.querySelector<HTMLElement>('.brush');
    if (box) box.hidden = true;
  }

  private placeAt(x: number): AxisPlace | undefined {
    return this.places.find((place) => Math.abs(place.x - x) <= reach && isBrushable(place.axis.column.id));
  }
}

/** From one height to another: numbers between, or the texts whose places are between. */
function brushBetween({ axis, top, bottom }: AxisPlace, from: number, to: number): Brush | undefined {
  const place = (y: number) => (bottom - y) / (bottom - top);
  const [low, high] = [valueOn(axis, place(Math.max(from, to))), valueOn(axis, place(Math.min(from, to)))];
  if (axis.column.kind === 'category') {
    const texts = axis.column.categories.filter((_, at) => at >= low - 0.25 && at <= high + 0.25);
    return texts.length === 0 ? undefined : { kind: 'texts', texts };
  }
  const span = axis.log ? high - low : axis.max - axis.min;
  return { kind: 'range', min: roundedBound(low, span), max: roundedBound(high, span) };
}
