import * as vscode from 'vscode';
import { MlflowError } from '../mlflow/mlflowError';
import type { CommandId } from './ids';

/** The row of a tree that says what could not be read; a click asks again. */
export function problemItem(error: unknown, retry: CommandId): vscode.TreeItem {
  const message = error instanceof Error ? error.message : String(error);
  const item = new vscode.TreeItem(message, vscode.TreeItemCollapsibleState.None);
  item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
  item.description = vscode.l10n.t('click to try again');
  item.tooltip = error instanceof MlflowError ? `${message}\n${error.details.advice ?? ''}`.trim() : message;
  item.contextValue = 'problem';
  item.command = { command: retry, title: vscode.l10n.t('Try Again') };
  return item;
}
