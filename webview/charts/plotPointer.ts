import type { Interval } from '../../src/shared/viewState';
import { followPointer } from '../controls/followPointer';
import type { CardData } from './cardData';
import type { LineChart } from './lineChart';
import type { Session } from './session';
import { clampedTo, panned, zoomed } from './zoomMath';

/** Pixels a drag needs to be one. */
const leastDrag = 5;
/** Pixels from a curve within which it is meant; and to click on it. */
const reach = { hover: 28, click: 6 };

type Drag = { readonly kind: 'zoom'; readonly from: number } | { readonly kind: 'pan'; last: number };

/**
 * The pointer on one plot: the crosshair all charts of an axis share, the run whose curve is nearest, zooming by dragging
 * over x or with Ctrl and the wheel (a pinch is the same), panning with Shift, values held by a click.
 */
export class PlotPointer {
  private readonly line: HTMLElement | null;
  private readonly selection: HTMLElement | null;
  private readonly abort = new AbortController();
  private drag: Drag | undefined;
  /** Where keys began to mark an interval. */
  markFrom: number | undefined;

  constructor(
    private readonly plot: HTMLElement,
    private readonly chart: LineChart,
    private readonly session: Session,
    private readonly data: CardData,
  ) {
    this.line = plot.querySelector('.crosshair');
    this.selection = plot.querySelector('.selection');
    const { signal } = this.abort;
    plot.addEventListener('pointermove', (event) => this.move(event), { signal });
    plot.addEventListener('pointerleave', () => this.leave(), { signal });
    plot.addEventListener('pointerdown', (event) => this.press(event), { signal });
    plot.addEventListener('dblclick', () => this.zoomTo(undefined), { signal });
    plot.addEventListener('wheel', (event) => this.wheel(event), { signal, passive: false });
    session.crosshair.addEventListener('change', () => this.place(), { signal });
  }

  dispose(): void {
    this.abort.abort();
  }

  /** Puts line and selection where they belong. */
  place(): void {
    const { position } = this.session.crosshair;
    const area = this.chart.area;
    const isOurs = position?.axisId === this.data.settings.axisId;
    const pixel = position && isOurs ? this.chart.pixelAt(position.x) : Number.NaN;
    const inside = area !== undefined && pixel >= area.left - 1 && pixel <= area.right + 1;
    if (this.line) {
      this.line.hidden = !inside;
      if (inside) this.box(this.line, pixel, 1);
    }
    const marked = this.markFrom === undefined ? undefined : this.chart.pixelAt(this.markFrom);
    const from = this.drag?.kind === 'zoom' ? this.drag.from : marked;
    if (!this.selection) return;
    this.selection.hidden = from === undefined || !inside;
    if (from !== undefined && inside) this.box(this.selection, Math.min(from, pixel), Math.abs(pixel - from));
  }

  /** Zooms the charts of this one's axis; one with an axis of its own alone. `moves` is one of many. */
  zoomTo(to: Interval | undefined, moves = false): void {
    this.markFrom = undefined;
    const { session, data } = this;
    const { whole } = data;
    const clamped = to && whole ? clampedTo(to, whole) : undefined;
    if (data.settings.axisId !== session.axisIdOf(session.view)) session.updateCard(data.source.key, { zoom: clamped });
    else if (moves) session.zoom.move(clamped);
    else session.zoom.set(clamped);
  }

  private box(element: HTMLElement, left: number, width: number): void {
    const { top, bottom } = this.chart.area;
    element.style.transform = `translateX(${left}px)`;
    element.style.top = `${top}px`;
    element.style.height = `${bottom - top}px`;
    element.style.width = `${width}px`;
  }

  private pixelOf(event: MouseEvent): number {
    const { left, right } = this.chart.area;
    return Math.min(right, Math.max(left, event.clientX - this.plot.getBoundingClientRect().left));
  }

  private move(event: PointerEvent): void {
    if (this.drag?.kind === 'pan') {
      const pixel = this.pixelOf(event);
      this.pan(this.drag.last - pixel);
      this.drag.last = pixel;
      return;
    }
    const pixel = this.pixelOf(event);
    const x = this.chart.xAt(pixel);
    if (!Number.isFinite(x)) return;
    const { clientX, clientY } = event;
    const nearest = this.curveAt(event, reach.hover);
    if (!this.session.crosshair.pinned) this.session.highlight(nearest);
    const { axisId } = this.data.settings;
    this.session.crosshair.move({ x, axisId, key: this.data.source.key, clientX, clientY, spoken: false, nearest });
  }

  private curveAt(event: MouseEvent, within: number): string | undefined {
    return this.chart.runAt(this.pixelOf(event), event.clientY - this.plot.getBoundingClientRect().top, within);
  }

  private leave(): void {
    if (this.drag) return;
    if (!this.session.crosshair.pinned) this.session.highlight(undefined);
    this.session.crosshair.move(undefined);
  }

  private press(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.plot.setPointerCapture(event.pointerId);
    const pixel = this.pixelOf(event);
    this.drag = event.shiftKey ? { kind: 'pan', last: pixel } : { kind: 'zoom', from: pixel };
    const { zoom } = this.data;
    followPointer({
      move: () => undefined,
      end: (up) => this.release(up),
      cancel: () => this.callOff(zoom),
    });
  }

  /** @param zoom what was shown when the drag began */
  private callOff(zoom: Interval | undefined): void {
    const { drag } = this;
    if (this.abort.signal.aborted) return;
    this.endDrag();
    if (drag?.kind === 'pan') this.zoomTo(zoom);
  }

  private release(event: PointerEvent): void {
    const { drag } = this;
    if (this.abort.signal.aborted) return;
    this.endDrag();
    if (drag?.kind !== 'zoom') return;
    const to = this.pixelOf(event);
    if (Math.abs(to - drag.from) < leastDrag) this.click(event);
    else this.zoomTo(ordered(this.chart.xAt(drag.from), this.chart.xAt(to)));
  }

  /** Holds the values that are read; on a curve it selects the run too. */
  private click(event: PointerEvent): void {
    const { crosshair } = this.session;
    if (crosshair.pinned) {
      crosshair.pin(false);
      this.move(event);
      return;
    }
    crosshair.pin(true);
    const runId = this.curveAt(event, reach.click);
    if (runId !== undefined) this.session.reveal(runId);
  }

  private endDrag(): void {
    this.drag = undefined;
    this.place();
  }

  private wheel(event: WheelEvent): void {
    const along = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    if (event.ctrlKey || event.metaKey) this.zoomAt(this.pixelOf(event), 1.0015 ** event.deltaY);
    else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) this.pan(along);
    else return;
    event.preventDefault();
  }

  /** @param factor above 1 shows more */
  zoomAt(pixel: number, factor: number): void {
    const { shown } = this.data;
    if (shown) this.zoomTo(zoomed(shown, this.chart.xAt(pixel), factor, this.data.settings.logX), true);
  }

  /** @param pixels to the right above 0 */
  pan(pixels: number): void {
    const { shown } = this.data;
    const { left, right } = this.chart.area;
    if (shown) this.zoomTo(panned(shown, pixels / (right - left), this.data.settings.logX, this.data.whole), true);
  }
}

function ordered(a: number, b: number): Interval {
  return { min: Math.min(a, b), max: Math.max(a, b) };
}
