/** The x all charts of an axis look at, and the chart whose values are read out. */
export interface CrosshairPosition {
  readonly x: number;
  readonly axisId: string;
  readonly key: string;
  /** Where the readout goes, in pixels of the window. */
  readonly clientX: number;
  readonly clientY: number;
  /** Moved with keys: say the values. */
  readonly spoken: boolean;
  /** The curve under the pointer. */
  readonly nearest?: string | undefined;
}

export class Crosshair extends EventTarget {
  position: CrosshairPosition | undefined;
  /** Stays where it is until it is let go. */
  pinned = false;

  move(position: CrosshairPosition | undefined): void {
    if (this.pinned || (!position && !this.position)) return;
    this.position = position;
    this.dispatchEvent(new Event('change'));
  }

  pin(pinned: boolean): void {
    if (this.pinned === pinned || (pinned && !this.position)) return;
    this.pinned = pinned;
    this.dispatchEvent(new Event('change'));
  }

  /** Lets go, too. */
  clear(): void {
    this.pinned = false;
    this.move(undefined);
  }
}
