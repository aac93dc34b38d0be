import * as vscode from 'vscode';
import { MlflowError } from '../mlflow/mlflowError';
import type { CommandId } from './ids';

/** Everything shown comes from a server: texts are appended as text, never read as Markdown. */

export type Fact = readonly [label: string, value: string] | undefined;

const longest = { title: 250, note: 2_000, value: 500 } as const;

/** A tooltip: a title, a note and a line per fact. */
export function factsTooltip(title: string, note: string, facts: readonly Fact[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendMarkdown('**').appendText(title.slice(0, longest.title)).appendMarkdown('**\n\n');
  if (note) text.appendText(note.slice(0, longest.note)).appendMarkdown('\n\n');
  for (const fact of facts) {
    if (!fact) continue;
    const [label, value] = fact;
    text.appendText(`${label}: ${value.slice(0, longest.value)}`).appendMarkdown('  \n');
  }
  return text;
}

/** `at` in ms. */
export const instant = (label: string, at: number | undefined): Fact =>
  at === undefined ? undefined : [label, new Date(at).toLocaleString(vscode.env.language)];

/** A row in the place of what could not be read; a click asks again. */
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
