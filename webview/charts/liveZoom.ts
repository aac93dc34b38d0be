import type { Interval } from '../../src/shared/viewState';

/** ms without a move after which the zoom is kept. */
const settleAfter = 180;

/**
 * The interval all charts of an axis show. While it moves with every frame (panning, the wheel) only the charts hear of
 * it; what it comes to is kept in the view.
 */
export class LiveZoom extends EventTarget {
  /** Moving right now: y stays as it was. */
  moving: { readonly to: Interval | undefined } | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly kept: () => Interval | undefined,
    private readonly keep: (zoom: Interval | undefined) => void,
  ) {
    super();
  }

  get interval(): Interval | undefined {
    return this.moving ? this.moving.to : this.kept();
  }

  /** One of many moves. */
  move(to: Interval | undefined): void {
    this.moving = { to };
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.settle(), settleAfter);
    this.dispatchEvent(new Event('move'));
  }

  /** At once and for good; without an interval all charts show everything. */
  set(to: Interval | undefined): void {
    this.moving = { to };
    this.settle();
  }

  settle(): void {
    clearTimeout(this.timer);
    const { moving } = this;
    this.moving = undefined;
    if (moving) this.keep(moving.to);
  }
}
