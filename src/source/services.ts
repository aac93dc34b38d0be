import type { Connections } from '../connections/connection';
import type { RunsService } from '../experiments/runsService';
import type { Platform } from '../platform/services';
import type { WorkspaceRepositories } from './workspaceRepositories';

export interface SourceServices {
  readonly platform: Platform;
  readonly connections: Connections;
  readonly runs: RunsService;
  readonly repositories: WorkspaceRepositories;
}
