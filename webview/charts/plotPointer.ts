import { extent } from '../../src/shared/series/axis';
import type { LineChart } from './lineChart';
import { nextX, type RunCurve } from './plot';
import type { Session } from './session';

interface Owner {
  curves(): readonly RunCurve[];
  toggleTable(): void;
}

/** Pixels a drag needs to be one. */
const leastDrag = 5;

/** Pointer and keys on one plot: the crosshair shared by all charts, and zooming by dragging over x. */
export class PlotPointer {
  private readonly line: HTMLElement | null;
  private readonly selection: HTMLElement | null;
  private readonly abort = new AbortController();
  private dragFrom: number | undefined;
  /** Where keys began to mark an interval. */
  private markFrom: number | undefined;

  constructor(
    private readonly plot: HTMLElement,
    private readonly chart: LineChart,
    private readonly session: Session,
    private readonly key: string,
    private readonly owner: Owner,
  ) {
    this.line = plot.querySelector('.crosshair');
    this.selection = plot.querySelector('.selection');
    const { signal } = this.abort;
    plot.addEventListener('pointermove', (event) => this.move(event), { signal });
    plot.addEventListener('pointerleave', () => this.leave(), { signal });
    plot.addEventListener('pointerdown', (event) => this.press(event), { signal });
    plot.addEventListener('pointerup', (event) => this.release(event), { signal });
    plot.addEventListener('pointercancel', () => this.endDrag(), { signal });
    plot.addEventListener('dblclick', () => session.zoomTo(undefined), { signal });
    plot.addEventListener('keydown', (event) => this.keyDown(event), { signal });
    plot.addEventListener('blur', () => session.crosshair.move(undefined), { signal });
    session.crosshair.addEventListener('change', () => this.place(), { signal });
  }

  dispose(): void {
    this.abort.abort();
  }

  /** Puts line and selection where they belong. */
  place(): void {
    const { position } = this.session.crosshair;
    const area = this.chart.area;
    const pixel = position ? this.chart.pixelAt(position.x) : Number.NaN;
    const inside = area !== undefined && pixel >= area.left - 1 && pixel <= area.right + 1;
    if (this.line) {
      this.line.hidden = !inside;
      if (inside) this.box(this.line, pixel, 1);
    }
    const from = this.dragFrom ?? (this.markFrom === undefined ? undefined : this.chart.pixelAt(this.markFrom));
    if (!this.selection) return;
    this.selection.hidden = from === undefined || !inside;
    if (from !== undefined && inside) this.box(this.selection, Math.min(from, pixel), Math.abs(pixel - from));
  }

  private box(element: HTMLElement, left: number, width: number): void {
    const { top, bottom } = this.chart.area;
    element.style.transform = `translateX(${left}px)`;
    element.style.top = `${top}px`;
    element.style.height = `${bottom - top}px`;
    element.style.width = `${width}px`;
  }

  private pixelOf(event: PointerEvent): number {
    const { left, right } = this.chart.area;
    return Math.min(right, Math.max(left, event.clientX - this.plot.getBoundingClientRect().left));
  }

  private move(event: PointerEvent): void {
    const x = this.chart.xAt(this.pixelOf(event));
    if (!Number.isFinite(x)) return;
    const { clientX, clientY } = event;
    this.session.crosshair.move({ x, key: this.key, clientX, clientY, spoken: false });
  }

  private leave(): void {
    if (this.dragFrom === undefined) this.session.crosshair.move(undefined);
  }

  private press(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.plot.setPointerCapture(event.pointerId);
    this.dragFrom = this.pixelOf(event);
  }

  private release(event: PointerEvent): void {
    const from = this.dragFrom;
    this.endDrag();
    if (from === undefined) return;
    const to = this.pixelOf(event);
    if (Math.abs(to - from) >= leastDrag) this.zoom(this.chart.xAt(from), this.chart.xAt(to));
  }

  private endDrag(): void {
    this.dragFrom = undefined;
    this.place();
  }

  private zoom(a: number, b: number): void {
    this.markFrom = undefined;
    const [min, max] = [Math.min(a, b), Math.max(a, b)];
    if (min < max) this.session.zoomTo({ min, max });
  }

  private keyDown(event: KeyboardEvent): void {
    const here = this.session.crosshair.position?.x;
    switch (event.key) {
      case 'ArrowLeft':
      case 'ArrowRight':
        if (event.shiftKey) this.markFrom ??= here;
        else this.markFrom = undefined;
        this.moveTo(nextX(this.owner.curves(), here, event.key === 'ArrowRight' ? 1 : -1));
        break;
      case 'Home':
        this.moveTo(extent(this.owner.curves())?.min);
        break;
      case 'End':
        this.moveTo(extent(this.owner.curves())?.max);
        break;
      case 'Enter':
        if (this.markFrom !== undefined && here !== undefined) this.zoom(this.markFrom, here);
        else this.owner.toggleTable();
        break;
      case 'Escape':
        if (here === undefined) this.session.zoomTo(undefined);
        this.markFrom = undefined;
        this.session.crosshair.move(undefined);
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  private moveTo(x: number | undefined): void {
    if (x === undefined) return;
    const box = this.plot.getBoundingClientRect();
    const clientX = box.left + Math.min(this.chart.area.right, Math.max(this.chart.area.left, this.chart.pixelAt(x)));
    const clientY = box.top + box.height / 3;
    this.session.crosshair.move({ x, key: this.key, clientX, clientY, spoken: true });
  }
}
