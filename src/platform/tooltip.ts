import * as vscode from 'vscode';
import { oneLine } from '../shared/oneLine';

/** One line of a tooltip; undefined ones are left out. */
export type Fact = readonly [label: string, value: string] | undefined;

export const instantFact = (label: string, at: number | undefined): Fact =>
  at === undefined ? undefined : [label, new Date(at).toLocaleString(vscode.env.language)];

/** What it says comes from a server: texts are appended as text, never read as Markdown. */
export function factsTooltip(title: string, note: string, facts: readonly Fact[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendMarkdown('**').appendText(oneLine(title)).appendMarkdown('**\n\n');
  if (note) text.appendText(note.slice(0, 2_000)).appendMarkdown('\n\n');
  for (const fact of facts) {
    if (!fact) continue;
    const [label, value] = fact;
    text.appendText(`${oneLine(label)}: ${value.slice(0, 500)}`).appendMarkdown('  \n');
  }
  return text;
}
