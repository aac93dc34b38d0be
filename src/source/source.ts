import * as vscode from 'vscode';
import type { Connections } from '../connections/connection';
import type { RunsService } from '../experiments/runsService';
import { Command } from '../platform/ids';
import type { Platform } from '../platform/services';
import { registerGitDocuments } from './gitDocuments';
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
  platform.commands.register(
    Command.source.openAtCommit,
    vscode.l10n.t('open the source of the run'),
    async (...args) => {
      const { openAtCommit } = await import('./openAtCommit');
      await openAtCommit(services, args);
    },
  );
}
