import * as vscode from 'vscode';
import type { Connections } from '../connections/connection';
import type { RunsService } from '../experiments/runsService';
import { artifactScheme } from '../mlflow/artifactUri';
import { Command } from '../platform/ids';
import type { Platform } from '../platform/services';
import { ArtifactFileSystem } from './artifactFileSystem';

/** Artifacts in VS Code's own editors, and their download. Asks nothing until one is opened. */
export function registerArtifacts(platform: Platform, connections: Connections, runs: RunsService): void {
  const files = new ArtifactFileSystem(connections);
  platform.commands.registerLater(Object.values(Command.artifacts), async (commands) => {
    const { ArtifactCommands } = await import('./artifactCommands');
    new ArtifactCommands(connections, files, runs).register({ ...platform, commands });
  });
  const provider = vscode.workspace.registerFileSystemProvider(artifactScheme, files, {
    isCaseSensitive: true,
    isReadonly: new vscode.MarkdownString(vscode.l10n.t('Artifacts are read-only.')),
  });
  platform.context.subscriptions.push(provider, files);
}
