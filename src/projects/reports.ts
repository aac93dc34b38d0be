import * as vscode from 'vscode';
import type { Connections } from '../connections/connection';
import type { RunsService } from '../experiments/runsService';
import { Command } from '../platform/ids';
import type { Platform } from '../platform/services';

/** Texts about launches. Read-only: closing one asks nothing. */
export const reportScheme = 'flowdeck-report';

const texts = new Map<string, string>();
const changed = new vscode.EventEmitter<vscode.Uri>();

/** `label` is the title of the tab; `what` says of what the report is. */
export function reportUri(
  kind: 'verdict' | 'bisection',
  label: string,
  what: Readonly<Record<string, string>>,
): vscode.Uri {
  // By the folders package.json knows the language of reports, and what can be done with them.
  const path = `/flowdeck-report/${kind}/${label.replaceAll(/[\\/\p{Cc}]+/gu, '_').slice(0, 100) || '_'}`;
  return vscode.Uri.from({ scheme: reportScheme, path, query: JSON.stringify(what) });
}

/** What stands in a report that is not read anew: in this window, until it goes. */
export function writeReport(uri: vscode.Uri, text: string): void {
  texts.set(uri.toString(), text);
  changed.fire(uri);
}

export async function showReport(uri: vscode.Uri): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document, { preview: true });
}

/** Verdicts on reproduced runs, and commits of bisections. Their code is read with the first of them. */
export function registerReports(platform: Platform, connections: Connections, runs: RunsService): void {
  let loaded: Promise<import('./reproduce/verdictPages').VerdictPages> | undefined;
  const verdicts = () => {
    loaded ??= import('./reproduce/verdictPages').then(
      ({ VerdictPages }) => new VerdictPages({ platform, connections, runs }, (uri) => changed.fire(uri)),
    );
    return loaded;
  };
  platform.commands.registerLater(Object.values(Command.verdict), async (commands) =>
    (await verdicts()).register(commands),
  );
  const selector = { scheme: reportScheme };
  platform.context.subscriptions.push(
    vscode.workspace.registerTextDocumentContentProvider(reportScheme, {
      onDidChange: changed.event,
      provideTextDocumentContent: async (uri) => texts.get(uri.toString()) ?? (await verdicts()).text(uri),
    }),
    vscode.languages.registerCodeLensProvider(selector, {
      provideCodeLenses: async ({ uri }) => (await verdicts()).lenses(uri),
    }),
  );
}
