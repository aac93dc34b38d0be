import type { Connections } from '../connections/connection';
import type { RunsService } from '../experiments/runsService';
import { Command } from '../platform/ids';
import type { Platform } from '../platform/services';
import { registerGitDocuments } from './gitDocuments';
import { openAtCommit } from './openAtCommit';
import { tagRuns } from './tagRuns';
import { WorkspaceRepositories } from './workspaceRepositories';

/** Run ↔ commit: tagging, and the source a run was made from. Runs no git before somebody asks for something. */
export function registerSource(platform: Platform, connections: Connections, runs: RunsService): void {
  const { subscriptions } = platform.context;
  const repositories = new WorkspaceRepositories(subscriptions, platform.log);
  const services = { platform, connections, runs, repositories };
  registerGitDocuments(repositories, subscriptions);
  platform.commands.register(Command.source.tagRun, 'tag the run', (...args) => tagRuns(services, args));
  platform.commands.register(Command.source.openAtCommit, 'open the source of the run', (...args) =>
    openAtCommit(services, args),
  );
}
