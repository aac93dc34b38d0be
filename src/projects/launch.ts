import * as vscode from 'vscode';
import type { Connection, Connections } from '../connections/connection';
import { MlflowError } from '../mlflow/mlflowError';
import type { TrackingStore } from '../mlflow/trackingStore';
import type { Log } from '../platform/log';
import { findPython, mlflowVersion, type PythonCommand } from '../platform/python';
import { settings } from '../platform/settings';
import { requireTrust } from '../platform/trust';
import type { Run } from '../shared/domain';
import { type MlflowRunLine, mlflowRunEnvironment } from './mlflowRun';
import type { EntryPoint } from './mlproject';
import { isLocalPath, type ParameterPlan, planParameters } from './parameters';
import { type FoundProject, readProject } from './projectsStore';
import { parameterProblemText, projectProblemText } from './projectTexts';
import { projectRunTags } from './runTags';
import { scriptOf } from './scripts';
import { type EnvironmentManager, isEnvironmentManager, type LaunchRequest } from './taskDefinition';

/** A run that exists on the server, and how its process is started. */
export interface Launch {
  readonly connection: Connection;
  readonly run: Run;
  readonly python: PythonCommand;
  readonly line: MlflowRunLine;
  /** The project's folder, absolute. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Checks a launch and creates its run, in this order: what can be refused is refused before anything stands on the
 * server. Throws `MlflowError`; an `AbortError` when it is stopped before the run is there.
 */
export async function prepareLaunch(
  request: LaunchRequest,
  folder: vscode.WorkspaceFolder,
  connections: Connections,
  log: Log,
  signal: AbortSignal,
): Promise<Launch> {
  requireLaunchable(folder);
  const found = await projectOf(request, folder);
  const entryPoint = entryPointOf(found, request.entryPoint);
  const plan = await planOf(entryPoint, request, found);
  const connection = await connections.requireWritable();
  const manager = request.environmentManager ?? environmentManagerOf(folder);
  const python = await findPython(folder);
  await requireManager(python, manager);
  const projectFolder = vscode.Uri.joinPath(found.file, '..').fsPath;
  const tags = await projectRunTags(projectFolder, entryPoint.name, (message) =>
    log.warn(`the run of ${found.file.fsPath} carries no git tags: ${message}`),
  );
  signal.throwIfAborted();
  const experimentId = await experimentIdOf(connection.store, request.experiment);
  const environment = mlflowRunEnvironment(await connection.environment(), experimentId);
  signal.throwIfAborted();
  const run = await createRun(connection.store, plan, {
    experimentId,
    startTime: Date.now(),
    tags,
    ...(request.runName === undefined ? {} : { name: request.runName }),
  });
  log.audit('launch run', connection.uri, { runId: run.runId, experimentId, entryPoint: entryPoint.name });
  const line = {
    entryPoint: entryPoint.name,
    environmentManager: manager,
    runId: run.runId,
    parameters: plan.given,
  };
  return { connection, run, python, line, folder: projectFolder, environment };
}

export const requireLaunchTrust = () =>
  requireTrust(vscode.l10n.t('Running an entry point runs programs of this folder.'));

/** Says clearly why nothing can be launched from a folder. Throws `MlflowError`. */
export function requireLaunchable(folder: vscode.WorkspaceFolder): void {
  requireLaunchTrust();
  if (folder.uri.scheme !== 'file')
    throw new MlflowError('invalid', vscode.l10n.t('{0} is not a folder on disk.', folder.name), {
      advice: vscode.l10n.t('Clone it and open the clone.'),
    });
}

/** The project as it stands on disk now. */
async function projectOf(request: LaunchRequest, folder: vscode.WorkspaceFolder): Promise<FoundProject> {
  const place = vscode.Uri.joinPath(folder.uri, request.project);
  const names = await vscode.workspace.fs.readDirectory(place).then(
    (entries) => entries.map(([name]) => name),
    () => [],
  );
  const name = names.find((candidate) => candidate.toLowerCase() === 'mlproject');
  if (name !== undefined) return readProject(vscode.Uri.joinPath(place, name), folder);
  const isScript = scriptOf(request.entryPoint) && (await isThere(vscode.Uri.joinPath(place, request.entryPoint)));
  if (!isScript) throw new MlflowError('invalid', vscode.l10n.t('There is no MLproject file in {0}.', place.fsPath));
  // As MLflow: a folder without the file is a project all the same.
  const project = { entryPoints: [] };
  return { file: vscode.Uri.joinPath(place, 'MLproject'), folder, path: request.project, content: { project } };
}

function entryPointOf({ content, file }: FoundProject, name: string): EntryPoint {
  if ('problem' in content)
    throw new MlflowError(
      'invalid',
      `${vscode.workspace.asRelativePath(file)}: ${projectProblemText(content.problem)}`,
    );
  const declared = content.project.entryPoints.find((candidate) => candidate.name === name);
  const entryPoint = declared ?? scriptOf(name);
  if (!entryPoint) {
    const known = content.project.entryPoints.map((candidate) => candidate.name).join(', ');
    throw new MlflowError('invalid', vscode.l10n.t('There is no entry point {0}, only: {1}.', name, known || '–'));
  }
  if (entryPoint.reachable && entryPoint.command !== undefined) return entryPoint;
  throw new MlflowError(
    'invalid',
    entryPoint.reachable
      ? vscode.l10n.t('The entry point {0} has no command.', name)
      : vscode.l10n.t('{0} is no text in the MLproject file: put its name in quotes there.', name),
  );
}

async function planOf(entryPoint: EntryPoint, request: LaunchRequest, found: FoundProject): Promise<ParameterPlan> {
  const planned = planParameters(entryPoint, request.parameters);
  if ('problem' in planned) throw new MlflowError('invalid', parameterProblemText(planned.problem));
  for (const { name, type } of entryPoint.parameters) {
    const value = planned.plan.logged[name];
    if (type !== 'path' || value === undefined || (await pathExists(found, value))) continue;
    throw new MlflowError('invalid', vscode.l10n.t('{0}: there is no file or folder {1}.', name, value));
  }
  return planned.plan;
}

/** As MLflow looks: from the project's folder. What it would download is not looked for. */
export async function pathExists({ file }: FoundProject, value: string): Promise<boolean> {
  if (!isLocalPath(value)) return true;
  const place = value.startsWith('/') ? file.with({ path: value }) : vscode.Uri.joinPath(file, '..', value);
  return isThere(place);
}

const isThere = (file: vscode.Uri) =>
  vscode.workspace.fs.stat(file).then(
    () => true,
    () => false,
  );

function environmentManagerOf(folder: vscode.WorkspaceFolder): EnvironmentManager {
  const manager = settings.environmentManager.get(folder.uri);
  return isEnvironmentManager(manager) ? manager : 'local';
}

async function requireManager(python: PythonCommand, manager: EnvironmentManager): Promise<void> {
  const version = await mlflowVersion(python);
  if (version === undefined)
    throw new MlflowError('invalid', vscode.l10n.t('{0} has no MLflow.', python.label), {
      advice: vscode.l10n.t('Run "pip install mlflow" in it, or set flowdeck.python.path.'),
    });
  if (manager !== 'uv' || Number.parseInt(version, 10) >= 3) return;
  throw new MlflowError(
    'invalid',
    vscode.l10n.t('MLflow {0} of {1} cannot make uv environments.', version, python.label),
    {
      advice: vscode.l10n.t('Use MLflow 3, or another flowdeck.projects.environmentManager.'),
    },
  );
}

/** MLflow's own default where none is named; one that is not there is made, as `mlflow run` does. */
async function experimentIdOf(store: TrackingStore, name = 'Default'): Promise<string> {
  const found = await store.getExperimentByName(name);
  if (!found) return store.createExperiment(name);
  if (found.lifecycleStage === 'active') return found.experimentId;
  throw new MlflowError('conflict', vscode.l10n.t('The experiment {0} is deleted.', name), {
    advice: vscode.l10n.t('Restore it, or choose another one.'),
  });
}

async function createRun(
  store: TrackingStore,
  { logged }: ParameterPlan,
  newRun: Parameters<TrackingStore['createRun']>[0],
): Promise<Run> {
  const run = await store.createRun(newRun);
  try {
    if (Object.keys(logged).length > 0) await store.logBatch(run.runId, { params: logged });
    return run;
  } catch (error) {
    await store.updateRun(run.runId, { status: 'FAILED', endTime: Date.now() }).catch(() => undefined);
    throw error;
  }
}
