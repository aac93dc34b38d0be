import { nextX } from '../../src/shared/series/readings';
import type { CardData } from './cardData';
import type { LineChart } from './lineChart';
import type { PlotPointer } from './plotPointer';
import type { Session } from './session';

interface Owner {
  readonly data: CardData;
  toggleTable(): void;
}

/** Keys on one plot: what the pointer can do, without one. */
export class PlotKeys {
  constructor(
    private readonly plot: HTMLElement,
    private readonly chart: LineChart,
    private readonly session: Session,
    private readonly pointer: PlotPointer,
    private readonly owner: Owner,
  ) {}

  listen(signal: AbortSignal): void {
    this.plot.addEventListener('keydown', (event) => this.keyDown(event), { signal });
    this.plot.addEventListener(
      'blur',
      () => {
        this.session.crosshair.move(undefined);
      },
      { signal },
    );
  }

  private get here(): number | undefined {
    const { position } = this.session.crosshair;
    return position?.axisId === this.owner.data.settings.axisId ? position.x : undefined;
  }

  private keyDown(event: KeyboardEvent): void {
    if (event.key === 'Escape' ? !this.escape() : !this.act(event)) return;
    event.preventDefault();
  }

  private act(event: KeyboardEvent): boolean {
    const { curves, whole } = this.owner.data;
    switch (event.key) {
      case 'ArrowLeft':
      case 'ArrowRight': {
        const direction = event.key === 'ArrowRight' ? 1 : -1;
        if (event.ctrlKey || event.metaKey) this.pointer.pan((this.width * direction) / 8);
        else this.step(event.shiftKey, nextX(curves, this.here, direction));
        return true;
      }
      case 'Home':
        this.moveTo(whole?.min);
        return true;
      case 'End':
        this.moveTo(whole?.max);
        return true;
      case '+':
      case '=':
      case '-':
        this.pointer.zoomAt(this.pixel(), event.key === '-' ? 1.5 : 1 / 1.5);
        return true;
      case '0':
        this.pointer.zoomTo(undefined);
        return true;
      case ' ':
        this.session.crosshair.pin(!this.session.crosshair.pinned);
        return true;
      case 'Enter':
        this.enter();
        return true;
      default:
        return false;
    }
  }

  private enter(): void {
    const { here } = this;
    const { markFrom } = this.pointer;
    if (markFrom === undefined || here === undefined || markFrom === here) this.owner.toggleTable();
    else this.pointer.zoomTo({ min: Math.min(markFrom, here), max: Math.max(markFrom, here) });
  }

  /** One thing after the other: held values, the crosshair, the zoom. False when there was none of them. */
  private escape(): boolean {
    const { crosshair } = this.session;
    this.pointer.markFrom = undefined;
    if (crosshair.position) {
      crosshair.clear();
      this.session.highlight(undefined);
      return true;
    }
    if (!this.owner.data.zoom) return false;
    this.pointer.zoomTo(undefined);
    return true;
  }

  private step(marks: boolean, x: number | undefined): void {
    if (marks) this.pointer.markFrom ??= this.here;
    else this.pointer.markFrom = undefined;
    this.moveTo(x);
  }

  private get width(): number {
    return this.chart.area.right - this.chart.area.left;
  }

  /** Of the crosshair, else the middle. */
  private pixel(): number {
    const { left, right } = this.chart.area;
    const pixel = this.here === undefined ? Number.NaN : this.chart.pixelAt(this.here);
    return pixel >= left && pixel <= right ? pixel : (left + right) / 2;
  }

  private moveTo(x: number | undefined): void {
    if (x === undefined) return;
    const { crosshair } = this.session;
    const wasPinned = crosshair.pinned;
    const { left, right } = this.chart.area;
    const box = this.plot.getBoundingClientRect();
    const clientX = box.left + Math.min(right, Math.max(left, this.chart.pixelAt(x)));
    const { data } = this.owner;
    const position = {
      x,
      axisId: data.settings.axisId,
      key: data.source.key,
      clientX,
      clientY: box.top + box.height / 3,
    };
    crosshair.pinned = false;
    crosshair.move({ ...position, spoken: true });
    crosshair.pin(wasPinned);
  }
}
