/** The x all charts look at, in units of the axis, and the chart whose values are read out. */
export interface CrosshairPosition {
  readonly x: number;
  readonly key: string;
  /** Where the readout goes, in pixels of the window. */
  readonly clientX: number;
  readonly clientY: number;
  /** Moved with keys: say the values. */
  readonly spoken: boolean;
}

export class Crosshair extends EventTarget {
  position: CrosshairPosition | undefined;

  move(position: CrosshairPosition | undefined): void {
    if (!position && !this.position) return;
    this.position = position;
    this.dispatchEvent(new Event('change'));
  }
}
