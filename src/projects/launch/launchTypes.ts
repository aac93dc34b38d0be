import type * as vscode from 'vscode';
import type { Connections } from '../../connections/connection';
import type { RunsService } from '../../experiments/runsService';
import type { Platform } from '../../platform/services';
import type { Checkouts } from '../checkouts/checkouts';
import type { RunResult } from '../process/runEnd';
import type { RunProcess } from '../process/runProcess';
import type { LaunchRequest } from '../request/taskDefinition';
import type { LaunchProblems, TracebackProblems } from '../tracebacks/tracebackProblems';
import type { LaunchExtras } from './launch';
import type { LaunchedAt } from './launchedAt';
import type { LaunchedChanges } from './launchedChanges';
import type { LaunchQueue } from './launchQueue';
import type { Again, LaunchesUnderWay } from './underWay';

export interface RunServices {
  readonly platform: Platform;
  readonly connections: Connections;
  readonly runs: RunsService;
}

/** What all launches of the window share. */
export interface LaunchRoom extends RunServices {
  readonly checkouts: Checkouts;
  readonly queue: LaunchQueue;
  readonly problems: TracebackProblems;
  /** Processes that are ended when the window goes. */
  readonly running: Set<RunProcess>;
  readonly underWay: LaunchesUnderWay;
}

export interface EndedRun {
  readonly request: LaunchRequest;
  readonly at: LaunchedAt;
  /** Absent when a backend failed before it made one. */
  readonly runId?: string;
  readonly name: string;
  readonly result: RunResult;
  readonly exitCode: number;
  /** Not stored with the run, and not committed. */
  readonly changes: readonly LaunchedChanges[];
  /** Why a backend took no run, in its own words. */
  readonly reason?: string;
}

export interface RunExtras extends LaunchExtras {
  /** Closed together with the run when the window goes: the parent of a sweep. */
  readonly parentRunId?: string;
  /** The run is not selected in the Experiments view: one of many. */
  readonly quiet?: boolean;
  /** The process was started; what is given is disposed of when it has ended. */
  readonly onStart?: (stop: () => void) => { dispose(): void };
  readonly onRun?: (runId: string) => void;
  /** What a person is offered in place of the task, when the window goes while it runs. */
  readonly again?: Again;
  /** Nothing is said of it then: what it belongs to is told of. */
  readonly untold?: boolean;
  /** Asks a person for what the task leaves out. */
  readonly complete?: (request: LaunchRequest, folder: vscode.WorkspaceFolder) => Promise<LaunchRequest>;
  /** Where its tracebacks go: those of a sweep are the sweep's. */
  readonly problems?: LaunchProblems;
  /** It was not begun; what kept it has been said. */
  readonly onRefused?: () => void;
}

export interface Screen {
  write(text: string): void;
  readonly size: { readonly columns: number; readonly rows: number };
}
