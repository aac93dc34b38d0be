/** What a store knows of one answer: it keeps the last good value through refreshes and failures. */
export type Resource<T> =
  | { readonly state: 'idle' }
  | { readonly state: 'loading'; readonly value?: T }
  | { readonly state: 'ready'; readonly value: T; readonly at: number }
  | { readonly state: 'failed'; readonly error: unknown; readonly value?: T };

/**
 * Holds one question's `Resource`. The same question asked twice while in flight is one request; a failure is never
 * remembered as an answer; `markStale` makes the next `get` ask again while the old value stays visible. Who waits for
 * a question that another one takes the place of gets the answer of the latter.
 */
export class ResourceHolder<T> {
  private resource: Resource<T> = { state: 'idle' };
  private inFlight: { readonly promise: Promise<T>; readonly abort: AbortController } | undefined;
  private stale = true;
  private disposed = false;

  constructor(
    private readonly ask: (signal: AbortSignal) => Promise<T>,
    private readonly onChange: () => void,
  ) {}

  get current(): Resource<T> {
    return this.resource;
  }

  get value(): T | undefined {
    return this.resource.state === 'idle' ? undefined : this.resource.value;
  }

  markStale(): void {
    this.stale = true;
  }

  /** The value, asked for when it is absent or stale. */
  get(): Promise<T> {
    if (this.resource.state === 'ready' && !this.stale) return Promise.resolve(this.resource.value);
    // What is in flight since before the value became stale may not know why.
    return this.inFlight && !this.stale ? this.inFlight.promise : this.refresh();
  }

  /** Asks again even when the value is fresh. */
  refresh(): Promise<T> {
    this.inFlight?.abort.abort();
    this.inFlight = undefined;
    return this.load();
  }

  dispose(): void {
    this.disposed = true;
    this.inFlight?.abort.abort();
    this.inFlight = undefined;
  }

  private load(): Promise<T> {
    const abort = new AbortController();
    const previous = this.value;
    this.stale = false;
    this.set(previous === undefined ? { state: 'loading' } : { state: 'loading', value: previous });
    const promise = this.ask(abort.signal).then(
      (value) => {
        if (this.inFlight?.abort !== abort) return this.inFlight?.promise ?? value;
        this.inFlight = undefined;
        this.set({ state: 'ready', value, at: Date.now() });
        return value;
      },
      (error: unknown) => {
        if (this.inFlight && this.inFlight.abort !== abort) return this.inFlight.promise;
        if (this.inFlight) {
          this.inFlight = undefined;
          this.stale = true;
          this.set(previous === undefined ? { state: 'failed', error } : { state: 'failed', error, value: previous });
        } else if (this.resource.state === 'ready' && !this.disposed) return this.resource.value;
        throw error;
      },
    );
    this.inFlight = { promise, abort };
    return promise;
  }

  private set(resource: Resource<T>): void {
    this.resource = resource;
    this.onChange();
  }
}
