/** Lets so many launches run at a time; others wait in the order in which they came. */
export class LaunchQueue {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  /** `limit` is asked whenever a place may be free: a setting that was raised counts at once. */
  constructor(private readonly limit: () => number) {}

  get length(): number {
    return this.waiting.length;
  }

  /** Gives what frees the place again. `onWait` is told once, when there is none. Throws when it is aborted. */
  async enter(signal: AbortSignal, onWait: (running: number) => void = () => undefined): Promise<() => void> {
    signal.throwIfAborted();
    if (this.running >= Math.max(1, this.limit()) || this.waiting.length > 0) {
      onWait(this.running);
      await this.wait(signal);
    } else this.running++;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.running--;
      this.admit();
    };
  }

  /** Looks again whether somebody may go on. */
  admit(): void {
    while (this.waiting.length > 0 && this.running < Math.max(1, this.limit())) {
      this.running++;
      this.waiting.shift()?.();
    }
  }

  private wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        this.waiting.splice(this.waiting.indexOf(enter), 1);
        reject(signal.reason);
      };
      const enter = () => {
        signal.removeEventListener('abort', abort);
        resolve();
      };
      signal.addEventListener('abort', abort, { once: true });
      this.waiting.push(enter);
    });
  }
}
