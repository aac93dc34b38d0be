/** How urgent a question is. */
export interface Demand {
  /** The least is asked first; looked at when its turn may have come, so that scrolling changes it. */
  priority(): number;
  /** Nice to have: asked one at a time, once nothing else has been for a while. */
  readonly idle?: boolean;
}

interface Waiting {
  readonly demand: Demand;
  start(): void;
}

/** One more than the host asks of the server at once: the next one is there when the first is answered. */
const mostAtOnce = 4;
/** ms: who only passes by costs the server nothing more. */
const usualQuiet = 2_500;

/** Asks a few questions at a time, those of what is looked at first, so that one chart is there early. */
export class QuestionQueue {
  private readonly waiting = new Set<Waiting>();
  private running = 0;
  private scheduled = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** When the last question that was not idle was over. */
  private busy = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly atOnce = mostAtOnce,
    private readonly quiet = usualQuiet,
  ) {}

  /** @throws what the question throws; an aborted one that had not begun is never asked */
  ask<T>(demand: Demand, question: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const leave = () => {
        this.waiting.delete(entry);
        reject(signal.reason);
      };
      const entry: Waiting = {
        demand,
        start: () => {
          signal.removeEventListener('abort', leave);
          void this.run(question, demand.idle === true).then(resolve, reject);
        },
      };
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      signal.addEventListener('abort', leave, { once: true });
      this.waiting.add(entry);
      this.schedule();
    });
  }

  private async run<T>(question: () => Promise<T>, idle: boolean): Promise<T> {
    this.running++;
    try {
      return await question();
    } finally {
      this.running--;
      if (!idle) this.busy = performance.now();
      this.schedule();
    }
  }

  /** Not at once: who asks in the same turn is compared before one is chosen. */
  private schedule(): void {
    if (this.scheduled || this.waiting.size === 0) return;
    this.scheduled = true;
    setTimeout(() => {
      this.scheduled = false;
      for (let next = this.next(); next; next = this.next()) {
        this.waiting.delete(next);
        next.start();
      }
      // The quiet may have ended since it was looked at: nothing else would come back to what waits for it.
      if (this.running === 0 && this.waiting.size > 0) this.later(Math.max(0, this.restOfQuiet));
    }, 0);
  }

  private get restOfQuiet(): number {
    return this.busy + this.quiet - performance.now();
  }

  private later(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.schedule(), ms);
  }

  private next(): Waiting | undefined {
    if (this.running >= this.atOnce) return undefined;
    const urgent = [...this.waiting].filter(({ demand }) => !demand.idle);
    if (urgent.length === 0) return this.running === 0 && this.restOfQuiet <= 0 ? first(this.waiting) : undefined;
    return first(urgent);
  }
}

function first(waiting: Iterable<Waiting>): Waiting | undefined {
  let best: Waiting | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const entry of waiting) {
    const priority = entry.demand.priority();
    if (best && priority >= least) continue;
    best = entry;
    least = priority;
  }
  return best;
}
