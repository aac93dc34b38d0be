/** ms; a program that its shell did not wait for may make its run later than its command ended. */
const goesOnFor = 600_000;
/** Looks are twice as far apart after each that finds nothing, up to so many times the usual interval. */
const mostApart = 6;

/**
 * Whether anything that was started in the window may make a run, and how soon one is to be expected. What runs in a terminal
 * without shell integration nobody says.
 */
export class StartedActivity {
  /** What was started, and the terminal it runs in. */
  private readonly running = new Map<object, object | undefined>();
  /** ms; when something was started or ended last. */
  private last = Number.NEGATIVE_INFINITY;
  private emptyLooks = 0;

  constructor(private readonly now: () => number = Date.now) {}

  began(execution: object, terminal?: object): void {
    this.running.set(execution, terminal);
    this.stir();
  }

  ended(execution: object): void {
    this.running.delete(execution);
    this.stir();
  }

  /** With it ends what runs in it. */
  closed(terminal: object): void {
    const inside = [...this.running].filter(([, place]) => place === terminal);
    for (const [execution] of inside) this.ended(execution);
  }

  /** Something may have been started or ended just now. */
  stir(): void {
    this.last = this.now();
    this.emptyLooks = 0;
  }

  /** The server was asked. */
  looked(found: boolean): void {
    this.emptyLooks = found ? 0 : this.emptyLooks + 1;
  }

  /** @param isUntold something may run of which nobody says */
  mayMakeRuns(isUntold: boolean): boolean {
    return isUntold || this.running.size > 0 || this.now() - this.last < goesOnFor;
  }

  /** So many times the usual interval lie between two looks. */
  get patience(): number {
    return Math.min(2 ** this.emptyLooks, mostApart);
  }
}
