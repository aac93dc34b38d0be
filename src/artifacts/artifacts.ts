import * as vscode from 'vscode';
import type { Connections } from '../connections/connection';
import type { RunsService } from '../experiments/runsService';
import { artifactScheme } from '../mlflow/artifactUri';
import type { Platform } from '../platform/services';
import { ArtifactCommands } from './artifactCommands';
import { ArtifactFileSystem } from './artifactFileSystem';

/** Artifacts in VS Code's own editors, and their download. Asks nothing until one is opened. */
export function registerArtifacts(platform: Platform, connections: Connections, runs: RunsService): void {
  const files = new ArtifactFileSystem(connections);
  new ArtifactCommands(connections, files, runs).register(platform);
  const provider = vscode.workspace.registerFileSystemProvider(artifactScheme, files, {
    isCaseSensitive: true,
    isReadonly: new vscode.MarkdownString(vscode.l10n.t('Artifacts are read-only.')),
  });
  platform.context.subscriptions.push(provider, files);
}
