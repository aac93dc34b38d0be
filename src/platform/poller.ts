/** A timer as Node has it; tests bring their own. */
export interface Clock {
  setTimeout(action: () => void, ms: number): unknown;
  clearTimeout(handle: unknown): void;
  now(): number;
}

export interface PollOptions {
  /** s between polls; 0 is off. */
  readonly intervalSeconds: () => number;
  /** Whether anybody looks and anything can change. */
  readonly wanted: () => boolean;
  /** A rejection makes the next one wait longer; an `AbortError` does not, it was taken back. */
  readonly poll: () => Promise<void>;
}

const longestWait = 300_000;

const systemClock: Clock = {
  setTimeout: (action, ms) => setTimeout(action, ms),
  clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout),
  now: () => Date.now(),
};

/**
 * Polls while it is wanted: one at a time, twice as far apart after each failure, never stopped by one. Who hides and
 * comes back after longer than the interval is served at once.
 */
export class Poller {
  private timer: unknown;
  private running = false;
  private failures = 0;
  private last: number;
  private disposed = false;

  constructor(
    private readonly options: PollOptions,
    private readonly clock: Clock = systemClock,
  ) {
    this.last = clock.now();
  }

  /** Call when what `wanted` or `intervalSeconds` depend on may have changed. */
  update(): void {
    if (this.timer !== undefined) this.clock.clearTimeout(this.timer);
    this.timer = undefined;
    const interval = this.options.intervalSeconds() * 1000;
    if (this.disposed || this.running || interval <= 0 || !this.options.wanted()) return;
    const wait = Math.min(interval * 2 ** this.failures, Math.max(interval, longestWait));
    this.timer = this.clock.setTimeout(() => void this.run(), Math.max(0, this.last + wait - this.clock.now()));
  }

  /** Something else asked just now, with this result: the next poll counts from here. */
  noteContact(ok: boolean): void {
    this.last = this.clock.now();
    this.failures = ok ? 0 : Math.min(this.failures + 1, 10);
    this.update();
  }

  dispose(): void {
    this.disposed = true;
    this.update();
  }

  private async run(): Promise<void> {
    this.timer = undefined;
    // Attention may have run out without a word.
    if (!this.options.wanted()) return;
    this.running = true;
    let ok = true;
    try {
      await this.options.poll();
    } catch (error) {
      // Whoever polls has shown it; here it only means: wait longer.
      ok = error instanceof Error && error.name === 'AbortError';
    }
    this.running = false;
    this.noteContact(ok);
  }
}
