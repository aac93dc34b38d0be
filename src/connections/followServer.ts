import type * as vscode from 'vscode';
import type { Connections } from './connection';

/**
 * For what holds answers of the connected server. `forget` is called when another server takes its place, or none;
 * `changed` after every change that views should see. A server that went away leaves what was read from it.
 */
export function followServer(connections: Connections, forget: () => void, changed: () => void): vscode.Disposable {
  const storeNow = () => (connections.state.kind === 'connected' ? connections.state.connection.store : undefined);
  let held = storeNow();
  return connections.onDidChange(() => {
    const store = storeNow();
    if (connections.state.kind === 'none' || (store && store !== held)) {
      held = store;
      forget();
    }
    if (connections.state.kind !== 'connecting') changed();
  });
}
