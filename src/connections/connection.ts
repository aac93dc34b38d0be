import type * as vscode from 'vscode';
import type { TrackingStore } from '../mlflow/trackingStore';
import type { ServerInfo } from '../shared/domain';

/** A server that answered, and the way to speak to it. */
export interface Connection {
  /** Normalised address without credentials or trailing slash, `http://127.0.0.1:5000`. */
  readonly uri: string;
  readonly store: TrackingStore;
  readonly server: ServerInfo;
  /** No write may be offered or sent. */
  readonly readOnly: boolean;
  /**
   * For child processes that speak to the same server: MLFLOW_TRACKING_URI and, where someone is signed in,
   * MLFLOW_TRACKING_USERNAME / _PASSWORD / _TOKEN. Never put into logs, arguments or tags.
   */
  environment(): Promise<Readonly<Record<string, string>>>;
}

export type ConnectionState =
  | { readonly kind: 'none' }
  | { readonly kind: 'connecting'; readonly uri: string }
  | { readonly kind: 'connected'; readonly connection: Connection }
  | { readonly kind: 'failed'; readonly uri: string; readonly error: unknown };

/** What another feature adds to the status bar item: there is only the one. */
export interface StatusHint {
  /** A few characters. */
  readonly text: string;
  /** For the tooltip, as plain text; and what is offered there and on a click. */
  readonly detail: string;
  readonly actions: readonly vscode.Command[];
}

/** The server the window works with. Registering it asks nothing: the first `get` connects. */
export interface Connections {
  readonly state: ConnectionState;
  /** Says only that the state changed, also when another server took the place of this one. */
  readonly onDidChange: vscode.Event<void>;
  /** The connection, made when there is none; throws `MlflowError` when it cannot be. Undefined when no server is configured. */
  get(): Promise<Connection | undefined>;
  /**
   * As `get`, but throws when no server is configured.
   * @param anew a person waits: a failure of a moment ago, which the others are given, is no answer
   */
  require(anew?: boolean): Promise<Connection>;
  /** Throws `MlflowError` of kind `forbidden` when the server is marked read-only. */
  requireWritable(): Promise<Connection>;
  /** Shown while a server is connected, until another takes its place. */
  showHint(hint: StatusHint | undefined): void;
}
