import path from 'node:path';
import * as vscode from 'vscode';
import type { Connections } from '../../connections/connection';
import type { RunsService } from '../../experiments/runsService';
import { Command } from '../../platform/ids';
import { projectStorage } from '../../platform/projectStorage';
import { TextFiles } from '../../platform/readOnlyFileSystem';
import type { Platform } from '../../platform/services';
import { reportScheme } from './reportUri';

/** So many times each was made anew. */
const editions = new Map<string, number>();
const changes = new vscode.EventEmitter<vscode.FileChangeEvent[]>();

/** One that is open is read again. */
function changed(uri: vscode.Uri): void {
  const key = uri.toString();
  editions.set(key, (editions.get(key) ?? 0) + 1);
  changes.fire([{ type: vscode.FileChangeType.Changed, uri }]);
}

/** What stands in a report that cannot be made anew. It is kept, for its tab comes back in the next window. */
export async function writeReport(
  { context }: Pick<Platform, 'context'>,
  uri: vscode.Uri,
  text: string,
): Promise<void> {
  const { keepReport } = await import('./keptReports');
  await keepReport(folderOf(context), uri.toString(), text);
  changed(uri);
}

const folderOf = (context: vscode.ExtensionContext) => path.join(projectStorage(context), 'reports');

/** Verdicts on reproduced runs, and commits of bisections. Their code is read with the first of them. */
export function registerReports(platform: Platform, connections: Connections, runs: RunsService): void {
  let loaded: Promise<import('./verdictPages').VerdictPages> | undefined;
  const verdicts = () => {
    loaded ??= import('./verdictPages').then(
      ({ VerdictPages }) => new VerdictPages({ platform, connections, runs }, changed),
    );
    return loaded;
  };
  platform.commands.registerLater(Object.values(Command.verdict), async (commands) =>
    (await verdicts()).register(commands),
  );
  const text = async (uri: vscode.Uri) => {
    const { keptReport } = await import('./keptReports');
    return (
      (await keptReport(folderOf(platform.context), uri.toString())) ??
      (await (await verdicts()).text(uri)) ??
      vscode.l10n.t('What stood here is not kept any more. Ask for it again.')
    );
  };
  const editionOf = (uri: vscode.Uri) => editions.get(uri.toString()) ?? 0;
  platform.context.subscriptions.push(
    new TextFiles(text, changes.event, editionOf).serve(reportScheme),
    vscode.languages.registerCodeLensProvider(
      { scheme: reportScheme },
      {
        provideCodeLenses: async ({ uri }) => (await verdicts()).lenses(uri),
      },
    ),
  );
}
