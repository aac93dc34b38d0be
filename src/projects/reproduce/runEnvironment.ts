import type * as vscode from 'vscode';
import type { TrackingStore } from '../../mlflow/trackingStore';
import { findPython } from '../../platform/python';
import type { Run } from '../../shared/domain';
import { usableManagers } from '../backends/managers';
import type { EnvironmentKind, MlProject } from '../mlproject/mlproject';
import type { EnvironmentManager } from '../request/taskDefinition';
import { type ModelEnvironment, modelEnvironmentOf } from './modelEnvironment';

/** What is known of the environment of a run, and what can make it again. */
export interface RunEnvironment {
  /** What the project says of it. */
  readonly environment: EnvironmentKind | undefined;
  readonly modelEnvironment: ModelEnvironment | undefined;
  /** The best first. */
  readonly managers: readonly EnvironmentManager[];
}

export async function environmentOf(
  run: Run,
  project: MlProject | undefined,
  folder: vscode.WorkspaceFolder,
  store: TrackingStore,
  signal: AbortSignal,
): Promise<RunEnvironment> {
  const environment = project?.environment?.kind;
  const modelEnvironment = project?.environment ? undefined : await modelEnvironmentOf(run, store, signal);
  return { environment, modelEnvironment, managers: await managersFor(environment, modelEnvironment, folder) };
}

/** What makes an environment anew before what is installed by now: uv, then what is made for it, then this Python. */
async function managersFor(
  environment: EnvironmentKind | undefined,
  model: ModelEnvironment | undefined,
  folder: vscode.WorkspaceFolder,
): Promise<readonly EnvironmentManager[]> {
  if (environment === 'docker_env' || (environment === undefined && !model)) return ['local'];
  const isForConda = environment === 'conda_env' || model?.hasConda === true;
  const managers = ['uv', ...(isForConda ? (['conda'] as const) : []), 'virtualenv'] as const;
  return [...(await usableManagers(await findPython(folder), managers)), 'local'];
}
