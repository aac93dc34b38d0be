import * as vscode from 'vscode';
import type { Connections } from '../connections/connection';
import type { RunsService } from '../experiments/runsService';
import { Command } from '../platform/ids';
import type { Platform } from '../platform/services';
import { settings } from '../platform/settings';
import { registerGitDocuments } from './gitDocuments';
import { LazyHeadGroup } from './runsOf/lazyHeadGroup';
import type { SourceServices } from './services';
import { WorkspaceRepositories } from './workspaceRepositories';

const { runsAtHead, runsOfCommit, runsOfBranch, runsOfFile, runsOfEntryPoint } = Command.source;

/** Run ↔ commit: tagging, and the source a run was made from. Runs no git before somebody asks for something. */
export function registerSource(platform: Platform, connections: Connections, runs: RunsService): void {
  const { subscriptions } = platform.context;
  const repositories = new WorkspaceRepositories(subscriptions, platform.log);
  const services = { platform, connections, runs, repositories };
  registerGitDocuments(repositories, subscriptions);
  const head = new LazyHeadGroup(services);
  runs.addGroup(head);
  const runsOf = [runsAtHead, runsOfCommit, runsOfBranch, runsOfFile, runsOfEntryPoint];
  platform.commands.registerLater(runsOf, async (commands) => {
    const { RunsOfCommands } = await import('./runsOf/runsOfCommands');
    new RunsOfCommands(services, await head.loaded()).register(commands);
  });
  subscriptions.push(followAutoTag(services), head);
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

/** Automatic tagging is there while its setting is on; its code is read then. */
function followAutoTag(services: SourceServices): vscode.Disposable {
  const { context, commands } = services.platform;
  let running: vscode.Disposable | undefined;
  const follow = async () => {
    running?.dispose();
    running = undefined;
    if (!settings.autoTag.get()) return;
    const { AutoTag } = await import('./autoTag');
    if (!running && settings.autoTag.get()) running = new AutoTag(services, context.environmentVariableCollection);
  };
  const start = () =>
    void follow().catch((error: unknown) => commands.report(vscode.l10n.t('start automatic tagging'), error));
  start();
  return vscode.Disposable.from(settings.autoTag.onDidChange(start), { dispose: () => running?.dispose() });
}
