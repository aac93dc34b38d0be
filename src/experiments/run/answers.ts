import { ResourceHolder } from '../../shared/resource';

/** The answers to questions of one kind about one run. A failure is never kept as an answer; old answers stay readable. */
export class Answers<T> {
  private readonly holders = new Map<string, ResourceHolder<T>>();

  constructor(private readonly ask: (key: string, signal: AbortSignal) => Promise<T>) {}

  /** Asks when there is no answer or it is stale; throws what the question throws. */
  get(key: string): Promise<T> {
    let holder = this.holders.get(key);
    if (!holder) {
      holder = new ResourceHolder(
        (signal) => this.ask(key, signal),
        () => undefined,
      );
      this.holders.set(key, holder);
    }
    return holder.get();
  }

  /** The last good answer, however old. */
  known(key: string): T | undefined {
    return this.holders.get(key)?.value;
  }

  /** One answer, or all. */
  markStale(key?: string): void {
    if (key !== undefined) this.holders.get(key)?.markStale();
    else for (const holder of this.holders.values()) holder.markStale();
  }

  /** Gives up what is under way. */
  dispose(): void {
    for (const holder of this.holders.values()) holder.dispose();
    this.holders.clear();
  }
}
