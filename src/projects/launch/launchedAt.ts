import * as vscode from 'vscode';
import type { Connection, Connections } from '../../connections/connection';
import { credentialsFromEnvironment } from '../../connections/credentialStore';
import { createRestTrackingStore } from '../../mlflow/rest/restTrackingStore';
import type { TrackingStore } from '../../mlflow/trackingStore';
import { httpOptionsFor } from '../../platform/httpSettings';
import { Command } from '../../platform/ids';
import { messages } from '../../platform/messages';
import type { Platform } from '../../platform/services';

/** Where and as whom something was launched. */
export interface LaunchedAt {
  readonly connection: Connection;
  readonly environment: Readonly<Record<string, string>>;
}

/** Where what is asked for now belongs, for as long as it runs. Throws `MlflowError`. */
export async function askedAt(connections: Connections): Promise<LaunchedAt> {
  const connection = await connections.requireWritable();
  return { connection, environment: await connection.environment() };
}

/** The same server as this window knows it now, while it works with it: somebody may have signed in again. */
export async function renewed(connections: Connections, at: LaunchedAt): Promise<LaunchedAt> {
  const { state } = connections;
  const isHere = state.kind === 'connected' && state.connection.uri === at.connection.uri;
  return isHere ? askedAt(connections) : at;
}

/**
 * A store of one's own. Training lasts for hours and the window may be at another server by then: so this asks at the
 * address and as the person of the launch.
 */
export async function withStoreOf<T>(
  platform: Platform,
  { connection, environment }: LaunchedAt,
  ask: (store: TrackingStore) => Promise<T>,
): Promise<T> {
  const version: unknown = platform.context.extension.packageJSON?.version;
  const credentials = credentialsFromEnvironment(environment);
  const store = createRestTrackingStore({
    ...httpOptionsFor(connection.uri, typeof version === 'string' ? version : '0', platform.log),
    baseUrl: connection.uri,
    ...(credentials ? { credentials } : {}),
  });
  try {
    return await ask(store);
  } finally {
    store.dispose();
  }
}

/** This window works with that server, or tries to. */
export const isAt = (connections: Connections, uri: string) => uriOf(connections) === uri;

/** As `isAt`, after a person was asked to connect where it does not: views and commands know one server only. */
export async function isBackAt(connections: Connections, uri: string): Promise<boolean> {
  if (isAt(connections, uri)) return true;
  const now = uriOf(connections);
  const connect = vscode.l10n.t('Connect…');
  const question =
    now === undefined
      ? vscode.l10n.t('This was launched at {0}, and this window works with no server.', uri)
      : vscode.l10n.t('This was launched at {0}, and this window works with {1}.', uri, now);
  if ((await messages.showWarningMessage(question, { modal: true }, connect)) !== connect) return false;
  await vscode.commands.executeCommand(Command.server.connect, uri);
  return isAt(connections, uri);
}

function uriOf({ state }: Connections): string | undefined {
  if (state.kind === 'none') return undefined;
  return state.kind === 'connected' ? state.connection.uri : state.uri;
}
