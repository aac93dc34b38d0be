/** How long a window that lost the focus is still taken to be looked at, ms: it may stand beside the one that has it. */
const patience = 5 * 60_000;

/** Whether anybody looks at a window, as far as its focus tells. */
export class Attention {
  private lostAt: number | undefined;

  /** @param isFocused whether the window is in front now */
  constructor(
    private readonly isFocused: () => boolean,
    private readonly now: () => number = Date.now,
  ) {}

  /** Call whenever the focus changed. */
  note(): void {
    this.lostAt = this.isFocused() ? undefined : (this.lostAt ?? this.now());
  }

  get lasts(): boolean {
    return this.isFocused() || (this.lostAt !== undefined && this.now() - this.lostAt < patience);
  }
}
