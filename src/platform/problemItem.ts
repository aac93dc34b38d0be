import * as vscode from 'vscode';
import { MlflowError } from '../mlflow/mlflowError';
import { Command, type CommandId } from './ids';

/**
 * The row of a tree that says what could not be read; a click does what helps: sign in, or else ask again. `since`
 * tells of when the rows below are.
 */
export function problemItem(error: unknown, retry: CommandId, since?: string): vscode.TreeItem {
  const message = error instanceof Error ? error.message : String(error);
  const advice = error instanceof MlflowError ? error.details.advice : undefined;
  const wantsSignIn = error instanceof MlflowError && error.kind === 'auth' && error.details.status === 401;
  const click = wantsSignIn ? vscode.l10n.t('click to sign in') : vscode.l10n.t('click to try again');
  const item = new vscode.TreeItem(message, vscode.TreeItemCollapsibleState.None);
  item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
  item.description = since === undefined ? click : `${since} · ${click}`;
  item.tooltip = [message, advice].filter(Boolean).join('\n');
  // A tooltip of plain text would take the place of the name for screen readers.
  item.accessibilityInformation = { label: [message, advice, item.description].filter(Boolean).join(' ') };
  item.contextValue = 'problem';
  item.command = wantsSignIn
    ? { command: Command.server.connect, title: vscode.l10n.t('Sign In'), arguments: [error.details.server] }
    : { command: retry, title: vscode.l10n.t('Try Again') };
  return item;
}
