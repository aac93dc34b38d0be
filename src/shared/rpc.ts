/** One end of a channel that carries structured values, typed arrays included: a webview, or the page inside it. */
export interface Port {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): { dispose(): void };
}

type ParamsOf<Methods, Name extends keyof Methods> = Methods[Name] extends (params: infer P) => unknown ? P : never;
type ReplyOf<Methods, Name extends keyof Methods> = Methods[Name] extends (params: never) => infer R ? R : never;

/** Serves a method: parameters come from the other side and are decoded (or refused, by throwing) before `handle`. */
export type Handlers<Methods> = {
  readonly [Name in keyof Methods]: {
    decode(raw: unknown): ParamsOf<Methods, Name>;
    handle(
      params: ParamsOf<Methods, Name>,
      signal: AbortSignal,
    ): Promise<ReplyOf<Methods, Name>> | ReplyOf<Methods, Name>;
  };
};

/** What of an error crosses the wire: words for people, never a stack or a cause. */
export interface WireError {
  readonly message: string;
  readonly kind?: string;
  readonly advice?: string;
}

/** An error of the other side. `kind` is `cancelled` where the question was taken back or an end is gone. */
export class RemoteError extends Error {
  readonly kind: string;
  readonly advice: string | undefined;

  constructor(error: WireError) {
    super(error.message);
    this.name = error.kind === 'cancelled' ? 'AbortError' : 'RemoteError';
    this.kind = error.kind ?? 'failed';
    this.advice = error.advice;
  }
}

type Wire =
  | { readonly rpc: 'request'; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly rpc: 'reply'; readonly id: number; readonly result: unknown }
  | { readonly rpc: 'failure'; readonly id: number; readonly error: WireError }
  | { readonly rpc: 'cancel'; readonly id: number }
  | { readonly rpc: 'given'; readonly id: number }
  | { readonly rpc: 'event'; readonly name: string; readonly payload: unknown };

interface Pending {
  resolve(value: unknown): void;
  reject(error: unknown): void;
  /** Asks the same again. */
  again(): void;
}

/**
 * Requests with replies, errors and cancellation in both directions, and events. `Remote` are the methods of the other
 * end, `Local` the ones served here, `Sent` and `Heard` the events.
 */
export class Rpc<Remote extends object, Local extends object, Sent extends object, Heard extends object> {
  private readonly pending = new Map<number, Pending>();
  private readonly serving = new Map<number, AbortController>();
  /** What is, or was, answered before it was asked. */
  private readonly unasked = new Set<number>();
  private readonly listeners = new Map<PropertyKey, Set<(payload: never) => void>>();
  private readonly subscription: { dispose(): void };
  /** A page that is loaded again must not be taken for the one before it: ids start anywhere. */
  private nextId = Math.floor(Math.random() * 2 ** 40);
  private disposed = false;

  constructor(
    private readonly port: Port,
    private readonly handlers: Handlers<Local>,
    private readonly describe: (error: unknown) => WireError = plainError,
  ) {
    this.subscription = port.onMessage((message) => this.receive(message));
  }

  /**
   * Asks the other end. Aborting tells it to stop and rejects at once.
   * @param id as the other end's `ahead` gave it, when it is answering this already
   * @throws RemoteError
   */
  async call<Name extends keyof Remote & string>(
    method: Name,
    params: ParamsOf<Remote, Name>,
    signal?: AbortSignal,
    id = this.nextId++,
  ): Promise<ReplyOf<Remote, Name>> {
    if (this.disposed || signal?.aborted) throw cancelled();
    let abort: (() => void) | undefined;
    try {
      const result = await new Promise<unknown>((resolve, reject) => {
        const ask = () => this.post({ rpc: 'request', id, method, params });
        this.pending.set(id, { resolve, reject, again: ask });
        abort = () => {
          this.post({ rpc: 'cancel', id });
          reject(cancelled());
        };
        signal?.addEventListener('abort', abort, { once: true });
        ask();
      });
      return result as ReplyOf<Remote, Name>;
    } finally {
      this.pending.delete(id);
      if (abort) signal?.removeEventListener('abort', abort);
    }
  }

  /**
   * Answers a question that the other end is going to ask, before it does. An answer that was sent while nobody listened
   * is sent again when it is asked for.
   * @returns what the other end has to `call` with, or to `decline`
   */
  ahead<Name extends keyof Local & string>(method: Name, params: ParamsOf<Local, Name>): number {
    const id = this.nextId++;
    this.unasked.add(id);
    void this.serve(id, method, params);
    return id;
  }

  /** Takes back a question that was never asked. */
  decline(id: number): void {
    this.post({ rpc: 'cancel', id });
  }

  emit<Name extends keyof Sent & string>(name: Name, payload: Sent[Name]): void {
    this.post({ rpc: 'event', name, payload });
  }

  on<Name extends keyof Heard & string>(name: Name, listener: (payload: Heard[Name]) => void): { dispose(): void } {
    const known = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, known.add(listener));
    return { dispose: () => known.delete(listener) };
  }

  /** The other end is gone (a hidden page), another may follow: ends what is asked and what is served. */
  reset(): void {
    for (const { reject } of this.pending.values()) reject(cancelled());
    this.pending.clear();
    for (const controller of this.serving.values()) controller.abort();
    this.serving.clear();
    this.unasked.clear();
  }

  /** Ends what is asked and what is served; later messages are ignored. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.subscription.dispose();
    this.reset();
    this.listeners.clear();
  }

  private post(message: Wire): void {
    if (!this.disposed) this.port.post(message);
  }

  private receive(message: unknown): void {
    if (this.disposed || !isWire(message)) return;
    switch (message.rpc) {
      case 'request':
        if (!this.unasked.delete(message.id)) void this.serve(message.id, message.method, message.params);
        else if (!this.serving.has(message.id)) this.post({ rpc: 'given', id: message.id });
        return;
      case 'given':
        this.pending.get(message.id)?.again();
        return;
      case 'cancel':
        this.serving.get(message.id)?.abort();
        return;
      case 'reply':
        this.pending.get(message.id)?.resolve(message.result);
        return;
      case 'failure':
        this.pending.get(message.id)?.reject(new RemoteError(message.error));
        return;
      case 'event':
        for (const listener of this.listeners.get(message.name) ?? []) listener(message.payload as never);
    }
  }

  private async serve(id: number, method: string, params: unknown): Promise<void> {
    // A page that sends the same id twice may not make the first question impossible to cancel.
    if (this.serving.has(id)) return;
    const controller = new AbortController();
    this.serving.set(id, controller);
    try {
      if (!Object.hasOwn(this.handlers, method)) throw new Error(`There is no method ${method}.`);
      const handler = this.handlers[method as keyof Local];
      const result = await handler.handle(handler.decode(params), controller.signal);
      if (!controller.signal.aborted) this.post({ rpc: 'reply', id, result });
    } catch (error) {
      if (!controller.signal.aborted) this.post({ rpc: 'failure', id, error: this.describe(error) });
    } finally {
      if (this.serving.get(id) === controller) this.serving.delete(id);
    }
  }
}

const cancelled = () => new RemoteError({ message: 'Cancelled', kind: 'cancelled' });

export function plainError(error: unknown): WireError {
  return { message: error instanceof Error ? error.message : String(error) };
}

function isWire(message: unknown): message is Wire {
  if (typeof message !== 'object' || message === null || !('rpc' in message)) return false;
  const { rpc, id, method, name, error } = message as Record<string, unknown>;
  switch (rpc) {
    case 'request':
      return typeof id === 'number' && typeof method === 'string';
    case 'reply':
    case 'cancel':
    case 'given':
      return typeof id === 'number';
    case 'failure':
      return typeof id === 'number' && typeof error === 'object' && error !== null;
    case 'event':
      return typeof name === 'string';
    default:
      return false;
  }
}
