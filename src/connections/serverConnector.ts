import type { Credentials } from '../mlflow/http/httpOptions';
import { MlflowError } from '../mlflow/mlflowError';
import type { TrackingStore } from '../mlflow/trackingStore';
import type { Connection, ConnectionState } from './connection';
import { trackingEnvironment } from './credentialStore';
import { observeFailures } from './observeFailures';
import type { ServerChoice, ServerOrigin } from './serverChoice';

/** What the connector needs of the world; a test gives its own. */
export interface ConnectorParts {
  /** Which server; undefined for none. May ask the network whether one runs on this machine. */
  choose(signal: AbortSignal): Promise<ServerChoice | undefined>;
  savedCredentials(uri: string): Promise<Credentials | undefined>;
  createStore(uri: string, credentials: Credentials | undefined): Promise<TrackingStore>;
  isReadOnly(): boolean;
  onDidChange(): void;
  /** ms */
  now(): number;
}

interface Open {
  readonly key: string;
  readonly store: TrackingStore;
  readonly credentials: Credentials | undefined;
  connection?: Connection;
}

/**
 * Within this time a failure or "no server" is given again instead of asking anew: views that react to the failure by
 * asking would otherwise never end. Longer ago, every question is a new attempt; so is one that a person waits for.
 */
const settleMs = 1_500;

/** The state of the window's one connection. Knows neither the editor nor HTTP. */
export class ServerConnector {
  private current: ConnectionState = { kind: 'none' };
  private attempt: { readonly promise: Promise<Connection | undefined>; readonly abort: AbortController } | undefined;
  private open: Open | undefined;
  /** Undefined until the first attempt ended, ms. */
  private settledAt: number | undefined;
  /** Part of what decides whether the store in use still fits; raised when HTTP settings change. */
  private edition = 0;
  private chosenOrigin: ServerOrigin | undefined;
  private asked = false;

  constructor(private readonly parts: ConnectorParts) {}

  get state(): ConnectionState {
    return this.current;
  }

  /** Somebody wanted a connection since the window opened. */
  get wasAsked(): boolean {
    return this.asked;
  }

  /** Where the address in use came from. */
  get origin(): ServerOrigin | undefined {
    return this.chosenOrigin;
  }

  /** See `Connections`. */
  get(anew = false): Promise<Connection | undefined> {
    if (this.current.kind === 'connected') return Promise.resolve(this.current.connection);
    if (this.attempt) return this.attempt.promise;
    if (!anew && this.settledAt !== undefined && this.parts.now() - this.settledAt < settleMs) {
      if (this.current.kind === 'failed') return Promise.reject(this.current.error);
      if (this.current.kind === 'none') return Promise.resolve(undefined);
    }
    return this.connect(false);
  }

  /** A new attempt, however short ago the last one was. `quiet` leaves the old state standing until it succeeds. */
  retry(quiet = false): Promise<Connection | undefined> {
    this.attempt?.abort.abort();
    this.attempt = undefined;
    return this.connect(quiet);
  }

  /** What decides about the server changed. Connects again when somebody wanted a connection before. */
  reconsider(httpChanged = false): void {
    if (httpChanged) this.edition++;
    if (this.settledAt !== undefined) this.settledAt = Number.NEGATIVE_INFINITY;
    // The failure is kept in the state and shown there.
    if (this.asked) this.retry().catch(() => undefined);
  }

  /** The read-only mark changed: the same store under a connection that says so. */
  refreshReadOnly(): void {
    const { open, current } = this;
    if (current.kind !== 'connected' || !open) return;
    const readOnly = this.parts.isReadOnly();
    if (readOnly === current.connection.readOnly) return;
    open.connection = { ...current.connection, readOnly };
    this.set({ kind: 'connected', connection: open.connection });
  }

  dispose(): void {
    this.attempt?.abort.abort();
    this.open?.store.dispose();
  }

  private connect(quiet: boolean): Promise<Connection | undefined> {
    this.asked = true;
    const abort = new AbortController();
    const promise = Promise.resolve().then(() => this.tryOnce(abort, quiet));
    this.attempt = { promise, abort };
    return promise;
  }

  private async tryOnce(abort: AbortController, quiet: boolean): Promise<Connection | undefined> {
    let uri = '';
    try {
      const choice = await this.parts.choose(abort.signal);
      if (!this.isCurrent(abort)) return await this.get();
      if (!choice) return this.settle(abort, { kind: 'none' });
      uri = choice.uri;
      this.chosenOrigin = choice.origin;
      if (!quiet) this.set({ kind: 'connecting', uri });
      const open = await this.opened(choice);
      const server = await open.store.serverInfo(abort.signal);
      if (!this.isCurrent(abort)) return await this.get();
      return this.settle(abort, { kind: 'connected', connection: this.connectionOf(open, uri, server) });
    } catch (error) {
      if (!this.isCurrent(abort)) return this.get();
      this.settle(abort, { kind: 'failed', uri, error });
      throw error;
    }
  }

  private isCurrent(abort: AbortController): boolean {
    return this.attempt?.abort === abort;
  }

  private settle(abort: AbortController, state: ConnectionState): Connection | undefined {
    if (!this.isCurrent(abort)) return undefined;
    const first = this.settledAt === undefined;
    this.attempt = undefined;
    this.settledAt = this.parts.now();
    if (state.kind === 'none') this.chosenOrigin = undefined;
    this.set(state, first);
    return state.kind === 'connected' ? state.connection : undefined;
  }

  /** The store in use when it fits the choice, else a new one in its place. */
  private async opened(choice: ServerChoice): Promise<Open> {
    const credentials = choice.credentials ?? (await this.parts.savedCredentials(choice.uri));
    const key = JSON.stringify([choice.uri, credentials ?? null, this.edition]);
    if (this.open?.key === key) return this.open;
    const bare = await this.parts.createStore(choice.uri, credentials);
    this.open?.store.dispose();
    const open: Open = { key, credentials, store: observeFailures(bare, (error) => this.noteFailure(open, error)) };
    this.open = open;
    return open;
  }

  /** The same object as before when nothing changed, so that a short absence of the server loses nobody's state. */
  private connectionOf(open: Open, uri: string, server: Connection['server']): Connection {
    const readOnly = this.parts.isReadOnly();
    const old = open.connection;
    if (old && old.readOnly === readOnly && JSON.stringify(old.server) === JSON.stringify(server)) return old;
    open.connection = {
      uri,
      store: open.store,
      server,
      readOnly,
      environment: () => Promise.resolve(trackingEnvironment(uri, open.credentials)),
    };
    return open.connection;
  }

  private noteFailure(open: Open, error: MlflowError): void {
    if (this.open !== open || this.current.kind !== 'connected') return;
    this.settledAt = this.parts.now();
    this.set({ kind: 'failed', uri: this.current.connection.uri, error });
  }

  /** `always`: the first "no server" is news too, although it equals the state the window began with. */
  private set(state: ConnectionState, always = false): void {
    const same =
      state.kind === this.current.kind &&
      (state.kind === 'none' ||
        (state.kind === 'connected' &&
          this.current.kind === 'connected' &&
          state.connection === this.current.connection) ||
        (state.kind === 'failed' && this.current.kind === 'failed' && sameFailure(state, this.current)));
    this.current = state;
    if (!same || always) this.parts.onDidChange();
  }
}

type Failed = Extract<ConnectionState, { kind: 'failed' }>;
const sameFailure = (a: Failed, b: Failed) => a.uri === b.uri && String(a.error) === String(b.error);

export const noServer = () =>
  new MlflowError('unreachable', 'No MLflow server is configured.', {
    advice: 'Use "Flowdeck: Connect to Server…", or start a local one.',
  });
