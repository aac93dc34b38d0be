import * as vscode from 'vscode';
import { oneLine } from '../shared/oneLine';
import { plainMarkdown } from '../shared/plainMarkdown';

/** One line of a tooltip; undefined ones are left out. */
export type Fact = readonly [label: string, value: string] | undefined;

export const instantFact = (label: string, at: number | undefined): Fact =>
  at === undefined ? undefined : [label, new Date(at).toLocaleString(vscode.env.language)];

/** What it says comes from a server: texts are shown as such, never read as Markdown. */
export function factsTooltip(title: string, note: string, facts: readonly Fact[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendMarkdown(`**${plainMarkdown(oneLine(title))}**\n\n`);
  if (note) text.appendMarkdown(`${plainMarkdown(note.slice(0, 2_000))}\n\n`);
  for (const fact of facts) {
    if (!fact) continue;
    const [label, value] = fact;
    text.appendMarkdown(`${plainMarkdown(`${oneLine(label)}: ${value.slice(0, 500)}`)}  \n`);
  }
  return text;
}
