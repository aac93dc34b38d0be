import path from 'node:path';
import * as vscode from 'vscode';
import type { Connection, Connections } from '../connections/connection';
import { MlflowError } from '../mlflow/mlflowError';
import type { TrackingStore } from '../mlflow/trackingStore';
import type { Log } from '../platform/log';
import { findPython, type PythonCommand } from '../platform/python';
import { settings } from '../platform/settings';
import { requireTrust } from '../platform/trust';
import { type Run, TagKey, type Tags } from '../shared/domain';
import { isLocalBackend, requireBackend } from './backends';
import type { Checkout, Checkouts } from './checkouts';
import { scriptEntryPoint } from './entryPoints';
import { parameterProblemText } from './launchTexts';
import { requireManager, requireMlflow } from './managers';
import { launcherArguments, type MlflowRunLine, mlflowRunArguments, mlflowRunEnvironment } from './mlflowRun';
import type { EntryPoint, EnvironmentKind } from './mlproject';
import { isLocalPath, type ParameterPlan, planParameters } from './parameters';
import { type FoundProject, readProject } from './projectsStore';
import { projectProblemText } from './projectTexts';
import { projectRunTags } from './runTags';
import { type EnvironmentManager, isEnvironmentManager, type LaunchRequest } from './taskDefinition';

/** How the process of a launch is started, and the run it is for. */
export interface Launch {
  readonly connection: Connection;
  /** Made before the process starts; absent where the backend makes it. */
  readonly run?: Run;
  /** For such a run: what it is tagged with once it is known. */
  readonly laterTags: Tags;
  readonly python: PythonCommand;
  readonly line: MlflowRunLine;
  /** Arguments of Python. */
  readonly args: readonly string[];
  /** The project's folder, absolute. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** A working tree made for this launch. */
  readonly checkout?: Checkout;
}

export interface LaunchServices {
  readonly connections: Connections;
  readonly log: Log;
  readonly checkouts: Checkouts;
  /** dist/launcher.py */
  readonly launcher: string;
}

/** What a launch of Flowdeck's own needs beyond what stands in a task. */
export interface LaunchExtras {
  readonly tags?: Tags;
  /** Makes the working tree, in place of one at `request.version`. */
  readonly checkout?: (signal: AbortSignal) => Promise<Checkout>;
  /** Other arguments of Python than those of `mlflow run`, for a run that exists. Throws `MlflowError`. */
  readonly args?: (entryPoint: EntryPoint, plan: ParameterPlan, folder: string) => readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * Checks a launch and creates its run, in this order: what can be refused is refused before anything stands on the
 * server. Throws `MlflowError` or `GitError`; an `AbortError` when it is stopped before the run is there.
 */
export async function prepareLaunch(
  request: LaunchRequest,
  folder: vscode.WorkspaceFolder,
  services: LaunchServices,
  signal: AbortSignal,
  extras: LaunchExtras = {},
): Promise<Launch> {
  requireLaunchable(folder);
  const checkout = await checkoutOf(request, folder, services.checkouts, signal, extras);
  try {
    const launch = await prepareIn(checkout, request, folder, services, signal, extras);
    return checkout ? { ...launch, checkout } : launch;
  } catch (error) {
    await checkout?.release();
    throw error;
  }
}

async function checkoutOf(
  { repository, project, version }: LaunchRequest,
  folder: vscode.WorkspaceFolder,
  checkouts: Checkouts,
  signal: AbortSignal,
  extras: LaunchExtras,
): Promise<Checkout | undefined> {
  if (extras.checkout) return extras.checkout(signal);
  if (repository !== undefined) return checkouts.ofUrl(repository, project, version, signal);
  if (version === undefined) return undefined;
  return checkouts.ofFolder(vscode.Uri.joinPath(folder.uri, project).fsPath, version, signal);
}

async function prepareIn(
  checkout: Checkout | undefined,
  request: LaunchRequest,
  folder: vscode.WorkspaceFolder,
  services: LaunchServices,
  signal: AbortSignal,
  extras: LaunchExtras,
): Promise<Launch> {
  const place = checkout ? vscode.Uri.file(checkout.folder) : vscode.Uri.joinPath(folder.uri, request.project);
  const { entryPoint, plan, environment: kind } = await whatToRun(request, place, folder);
  const args = extras.args?.(entryPoint, plan, place.fsPath);
  const connection = await services.connections.requireWritable();
  const python = await findPython(folder);
  const base = await lineOf(request, entryPoint, plan, kind, folder, python);
  const tags = { ...(await ownTags(place, entryPoint, services.log)), ...checkout?.tags, ...extras.tags };
  signal.throwIfAborted();
  const { store } = connection;
  const experimentId = await experimentIdOf(store, request.experiment);
  const environment = { ...mlflowRunEnvironment(await connection.environment(), experimentId), ...extras.environment };
  signal.throwIfAborted();
  const common = { connection, python, folder: place.fsPath, laterTags: laterTags(tags) };
  if (!isLocalBackend(request.backend)) {
    const line = { ...base, ...(request.runName === undefined ? {} : { runName: request.runName }) };
    return { ...common, environment, line, args: launcherArguments(services.launcher, line) };
  }
  const newRun = { experimentId, startTime: Date.now(), tags };
  const named = request.runName === undefined ? newRun : { ...newRun, name: request.runName };
  const run = await createRun(store, plan, named);
  services.log.audit('launch run', connection.uri, { runId: run.runId, experimentId, entryPoint: entryPoint.name });
  const line = { ...base, runId: run.runId };
  return {
    ...common,
    run,
    line,
    args: args ?? mlflowRunArguments(line),
    // What is run without `mlflow run` finds its run by this; `mlflow run` itself takes no notice.
    environment: args ? { ...environment, MLFLOW_RUN_ID: run.runId } : environment,
  };
}

const ownTags = (place: vscode.Uri, { name }: EntryPoint, log: Log): Promise<Tags> =>
  projectRunTags(place.fsPath, name, (message) =>
    log.warn(`the run of ${place.fsPath} carries no git tags: ${message}`),
  );

/** What MLflow leaves out when it makes the run itself, or gets wrong because the project is a copy. */
function laterTags(tags: Tags): Tags {
  const { [TagKey.user]: _user, [TagKey.sourceType]: _type, ...others } = tags;
  return others;
}

async function lineOf(
  request: LaunchRequest,
  entryPoint: EntryPoint,
  plan: ParameterPlan,
  kind: EnvironmentKind | undefined,
  folder: vscode.WorkspaceFolder,
  python: PythonCommand,
): Promise<MlflowRunLine> {
  const manager = request.environmentManager ?? environmentManagerOf(folder);
  const { backend, dockerArguments } = request;
  const absolute = (place: string) => path.resolve(folder.uri.fsPath, place);
  const backendConfig = request.backendConfig === undefined ? undefined : absolute(request.backendConfig);
  if (isLocalBackend(backend)) await requireManager(python, manager, kind);
  else {
    await requireMlflow(python, manager);
    await requireBackend(python, backend, backendConfig, kind);
  }
  return {
    entryPoint: entryPoint.name,
    environmentManager: manager,
    parameters: plan.given,
    ...(isLocalBackend(backend) ? {} : { backend }),
    ...(backendConfig === undefined ? {} : { backendConfig }),
    ...(request.storageDir === undefined ? {} : { storageDir: absolute(request.storageDir) }),
    ...(dockerArguments === undefined ? {} : { dockerArguments }),
  };
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

export interface WhatToRun {
  readonly entryPoint: EntryPoint;
  readonly plan: ParameterPlan;
  /** What the project says of its environment. */
  readonly environment: EnvironmentKind | undefined;
}

/** The entry point as it stands on disk now, and what it is given. Throws `MlflowError`. */
export async function whatToRun(
  request: Pick<LaunchRequest, 'entryPoint' | 'parameters'>,
  place: vscode.Uri,
  folder: vscode.WorkspaceFolder,
): Promise<WhatToRun> {
  const found = await projectAt(place, folder);
  const entryPoint = (await declaredEntryPoint(found, request.entryPoint)) ?? (await script(place, request, found));
  const environment = found && 'project' in found.content ? found.content.project.environment?.kind : undefined;
  return { entryPoint, plan: await planOf(entryPoint, request.parameters, place), environment };
}

/** Undefined when the folder has no MLproject file. */
export async function projectAt(place: vscode.Uri, folder: vscode.WorkspaceFolder): Promise<FoundProject | undefined> {
  const names = await vscode.workspace.fs.readDirectory(place).then(
    (entries) => entries.map(([name]) => name),
    () => [],
  );
  const name = names.find((candidate) => candidate.toLowerCase() === 'mlproject');
  return name === undefined ? undefined : readProject(vscode.Uri.joinPath(place, name), folder);
}

async function declaredEntryPoint(found: FoundProject | undefined, name: string): Promise<EntryPoint | undefined> {
  if (!found) return undefined;
  if ('problem' in found.content)
    throw new MlflowError(
      'invalid',
      `${vscode.workspace.asRelativePath(found.file)}: ${projectProblemText(found.content.problem)}`,
    );
  const entryPoint = found.content.project.entryPoints.find((candidate) => candidate.name === name);
  if (!entryPoint || (entryPoint.reachable && entryPoint.command !== undefined)) return entryPoint;
  throw new MlflowError(
    'invalid',
    entryPoint.reachable
      ? vscode.l10n.t('The entry point {0} has no command.', name)
      : vscode.l10n.t('{0} is no text in the MLproject file: put its name in quotes there.', name),
  );
}

/** As MLflow: what is no entry point may be a `.py`, `.sh` or `.R` file of the project. */
async function script(
  place: vscode.Uri,
  { entryPoint: name }: Pick<LaunchRequest, 'entryPoint'>,
  found: FoundProject | undefined,
): Promise<EntryPoint> {
  const entryPoint = scriptEntryPoint(name);
  if (entryPoint && (await pathExists(place, name))) {
    if (!/[{}]/.test(name)) return entryPoint;
    throw new MlflowError('invalid', vscode.l10n.t('MLflow takes the braces in {0} for a parameter.', name), {
      advice: vscode.l10n.t('Rename the file, or write an entry point for it.'),
    });
  }
  if (!found) throw new MlflowError('invalid', vscode.l10n.t('There is no MLproject file in {0}.', place.fsPath));
  const declared = 'project' in found.content ? found.content.project.entryPoints : [];
  const known = declared.map((candidate) => candidate.name).join(', ');
  throw new MlflowError('invalid', vscode.l10n.t('There is no entry point {0}, only: {1}.', name, known || '–'));
}

async function planOf(
  entryPoint: EntryPoint,
  parameters: ReadonlyMap<string, string>,
  place: vscode.Uri,
): Promise<ParameterPlan> {
  const planned = planParameters(entryPoint, parameters);
  if ('problem' in planned) throw new MlflowError('invalid', parameterProblemText(planned.problem));
  for (const { name, type } of entryPoint.parameters) {
    const value = planned.plan.logged[name];
    if (type !== 'path' || value === undefined || (await pathExists(place, value))) continue;
    throw new MlflowError('invalid', vscode.l10n.t('{0}: there is no file or folder {1}.', name, value));
  }
  return planned.plan;
}

/** As MLflow looks: from the project's folder. What it would download is not looked for. */
export async function pathExists(place: vscode.Uri, value: string): Promise<boolean> {
  if (!isLocalPath(value)) return true;
  const file = path.isAbsolute(value) ? vscode.Uri.file(value) : vscode.Uri.joinPath(place, value);
  return vscode.workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
}

function environmentManagerOf(folder: vscode.WorkspaceFolder): EnvironmentManager {
  const manager = settings.environmentManager.get(folder.uri);
  return isEnvironmentManager(manager) ? manager : 'local';
}

/** MLflow's own default where none is named; one that is not there is made, as `mlflow run` does. */
export async function experimentIdOf(store: TrackingStore, name = 'Default'): Promise<string> {
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
