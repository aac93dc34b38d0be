import * as vscode from 'vscode';
import type { Connections } from '../connections/connection';
import type { RunsService } from '../experiments/runsService';
import { Command } from '../platform/ids';
import type { Platform } from '../platform/services';
import { registerGitDocuments } from './gitDocuments';
import { sourceTextScheme } from './sourceTextScheme';
import { WorkspaceRepositories } from './workspaceRepositories';

/** Run ↔ commit: tagging, and the source a run was made from. Runs no git before somebody asks for something. */
export function registerSource(platform: Platform, connections: Connections, runs: RunsService): void {
  const { subscriptions } = platform.context;
  const repositories = new WorkspaceRepositories(subscriptions, platform.log);
  const services = { platform, connections, runs, repositories };
  registerGitDocuments(repositories, subscriptions);
  platform.commands.register(Command.source.tagRun, vscode.l10n.t('tag the run'), async (...args) => {
    const { tagRuns } = await import('./tagRuns');
    await tagRuns(services, args);
  });
  const { openAtCommit, compareWithWorkingTree, showCommit, openOnRemote, checkOut, removeWorktree, diffRuns } =
    Command.source;
  platform.commands.registerLater(
    [openAtCommit, compareWithWorkingTree, showCommit, openOnRemote, checkOut, removeWorktree, diffRuns],
    async (commands) => (await import('./codeCommands')).registerCodeCommands(services, commands),
  );
  subscriptions.push(
    vscode.workspace.registerTextDocumentContentProvider(sourceTextScheme, {
      provideTextDocumentContent: async (uri) => (await import('./sourceTexts')).sourceText(services, uri),
    }),
  );
}
