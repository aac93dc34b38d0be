import * as vscode from 'vscode';
import { messages } from '../platform/messages';
import type { ServerSession } from './serverSession';

/** `Flowdeck: Forget Credentials…`: of the server in use or of one used lately. */
export async function forgetCredentials(session: ServerSession): Promise<void> {
  const { configuredUri, recentServers } = session;
  const { state } = session.connector;
  const current = state.kind === 'connected' ? state.connection.uri : configuredUri;
  const candidates = [...new Set([...(current ? [current] : []), ...recentServers])];
  const saved: string[] = [];
  for (const uri of candidates) if (await session.credentials.read(uri)) saved.push(uri);
  if (saved.length === 0) {
    void messages.showInformationMessage(vscode.l10n.t('No credentials are saved.'));
    return;
  }
  const picked = await vscode.window.showQuickPick(
    saved.map((uri) => ({ label: uri, ...(uri === current ? { description: vscode.l10n.t('in use') } : {}) })),
    { title: vscode.l10n.t('Forget Credentials'), placeHolder: vscode.l10n.t('Server whose credentials are removed') },
  );
  if (!picked) return;
  await session.credentials.forget(picked.label);
  if (picked.label === current) session.connector.reconsider();
  void messages.showInformationMessage(
    vscode.l10n.t('The credentials of {0} were removed from the secret storage.', picked.label),
  );
}
