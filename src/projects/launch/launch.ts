import path from 'node:path';
import * as vscode from 'vscode';
import { GitError } from '../../git/gitError';
import { MlflowError } from '../../mlflow/mlflowError';
import type { TrackingStore } from '../../mlflow/trackingStore';
import type { Log } from '../../platform/log';
import { findPython, type PythonCommand } from '../../platform/python';
import type { Platform } from '../../platform/services';
import { settings } from '../../platform/settings';
import { requireTrust } from '../../platform/trust';
import { type Run, TagKey, type Tags } from '../../shared/domain';
import { isLocalBackend, requireBackend } from '../backends/backends';
import { managerEnvironment, requireManager, requireMlflow } from '../backends/managers';
import type { Checkout, Checkouts } from '../checkouts/checkouts';
import type { EntryPoint, EnvironmentKind } from '../mlproject/mlproject';
import { launcherArguments, type MlflowRunLine, mlflowRunArguments, mlflowRunEnvironment } from '../process/mlflowRun';
import { tagOfOptions } from '../request/givenParams';
import { givenTags, repeatedName } from '../request/givenTags';
import { repeatedText } from '../request/launchTexts';
import type { ParameterPlan } from '../request/parameters';
import { type EnvironmentManager, isEnvironmentManager, type LaunchRequest } from '../request/taskDefinition';
import { type LaunchedAt, withStoreOf } from './launchedAt';
import { launchedPatch } from './launchedChanges';
import { projectRunTags } from './runTags';
import { checkoutFor } from './versionCheckout';
import { debuggable, whatToRun } from './whatToRun';

/** How the process of a launch is started, and the run it is for. */
export interface Launch {
  readonly at: LaunchedAt;
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
  /** What is not committed, of the open folder; absent where nothing is, or nobody wants it. */
  readonly patch?: Uint8Array;
  /** A working tree made for this launch. */
  readonly checkout?: Checkout;
}

export interface LaunchServices {
  readonly platform: Platform;
  readonly checkouts: Checkouts;
  /** dist/launcher.py */
  readonly launcher: string;
  /** A line for whoever watches. */
  readonly tell: (line: string) => void;
}

/** What a launch of Flowdeck's own needs beyond what stands in a task. */
export interface LaunchExtras {
  /** Where it was asked for; the server that this window works with when it begins, where nothing is given. */
  readonly at?: LaunchedAt;
  readonly tags?: Tags;
  /** Makes the working tree, in place of one at `request.version`. */
  readonly checkout?: (signal: AbortSignal) => Promise<Checkout>;
  /** The program runs under debugpy, in the environment that MLflow has made. */
  readonly debug?: true;
  readonly environment?: NodeJS.ProcessEnv;
}

type SettledExtras = LaunchExtras & Required<Pick<LaunchExtras, 'at'>>;

/**
 * Checks a launch and creates its run, in this order: what can be refused is refused before anything stands on the
 * server. Throws `MlflowError` or `GitError`; an `AbortError` when it is stopped before the run is there.
 */
export async function prepareLaunch(
  request: LaunchRequest,
  folder: vscode.WorkspaceFolder,
  services: LaunchServices,
  signal: AbortSignal,
  extras: SettledExtras,
): Promise<Launch> {
  const { checkouts, tell } = services;
  const checkout = extras.checkout
    ? await extras.checkout(signal)
    : await checkoutFor(request, [request.parameters], folder, checkouts, tell, signal);
  try {
    const launch = await prepareIn(checkout, request, folder, services, signal, extras);
    return checkout ? { ...launch, checkout } : launch;
  } catch (error) {
    await checkout?.release();
    throw error;
  }
}

async function prepareIn(
  checkout: Checkout | undefined,
  request: LaunchRequest,
  folder: vscode.WorkspaceFolder,
  services: LaunchServices,
  signal: AbortSignal,
  extras: SettledExtras,
): Promise<Launch> {
  const { platform, launcher } = services;
  const { at } = extras;
  const place = checkout ? vscode.Uri.file(checkout.folder) : vscode.Uri.joinPath(folder.uri, request.project);
  const { entryPoint, plan, environment: kind } = await whatToRun(request, place, folder);
  const debug = extras.debug ? debuggable(entryPoint, plan, kind) : undefined;
  const python = await findPython(folder);
  const base = await lineOf(request, entryPoint, plan, kind, folder, python, place.fsPath);
  const given = givenTags(request, { backend: !isLocalBackend(request.backend), docker: kind === 'docker_env' });
  const own = {
    ...(await ownTags(place, entryPoint, platform.log)),
    ...tagOfOptions(entryPoint, plan.given),
    ...given,
  };
  const patch = checkout ? undefined : await patchOf(place, own, services, signal);
  const tags = { ...own, ...checkout?.tags, ...extras.tags };
  const more = { ...(await managerEnvironment(python, base.environmentManager)), ...extras.environment };
  const { runName } = request;
  return withStoreOf(platform, at, async (store) => {
    signal.throwIfAborted();
    const experimentId = await experimentIdOf(store, request.experiment);
    signal.throwIfAborted();
    const environment = { ...mlflowRunEnvironment(at.environment, experimentId), ...more };
    const changes = patch === undefined ? {} : { patch };
    const common = { at, python, environment, folder: place.fsPath, laterTags: laterTags(tags), ...changes };
    if (!isLocalBackend(request.backend)) {
      const line = { ...base, ...(runName === undefined ? {} : { runName }) };
      return { ...common, line, args: launcherArguments(launcher, line) };
    }
    const named = runName === undefined ? {} : { name: runName };
    const run = await createRun(store, plan, { experimentId, startTime: Date.now(), tags, ...named });
    platform.log.audit('launch run', at.connection.uri, {
      runId: run.runId,
      experimentId,
      entryPoint: entryPoint.name,
    });
    const containers = kind === 'docker_env' ? { containers: `flowdeck.run=${run.runId}` } : {};
    const line = { ...base, ...containers, runId: run.runId };
    return { ...common, run, line, args: mlflowRunArguments(line, debug) };
  });
}

const ownTags = (place: vscode.Uri, { name }: EntryPoint, log: Log): Promise<Tags> =>
  projectRunTags(place.fsPath, name, (message) =>
    log.warn(`the run of ${place.fsPath} carries no git tags: ${message}`),
  );

/** A launch is worth something without it. */
async function patchOf(place: vscode.Uri, tags: Tags, { platform, tell }: LaunchServices, signal: AbortSignal) {
  if (settings.storeChanges.get(place) === 'never') return undefined;
  try {
    return await launchedPatch(place.fsPath, tags, settings.patchMaxKilobytes.get() * 1000, signal);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    platform.log.warn(`the changes of ${place.fsPath} cannot be stored: ${error.message}`);
    if (error.kind === 'tooLarge')
      tell(vscode.l10n.t('What is not committed cannot be stored with the run: {0}', error.message));
    return undefined;
  }
}

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
  project: string,
): Promise<MlflowRunLine> {
  const manager = request.environmentManager ?? environmentManagerOf(folder);
  const { backend, dockerArguments } = request;
  requireOnce(request);
  const absolute = (place: string) => path.resolve(folder.uri.fsPath, place);
  const backendConfig = request.backendConfig === undefined ? undefined : absolute(request.backendConfig);
  if (isLocalBackend(backend)) await requireManager(python, manager, kind);
  else {
    await requireMlflow(python, manager);
    await requireBackend(python, backend, backendConfig, kind, project);
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

/** Throws `MlflowError` for docker arguments that MLflow refuses, or one of which it drops. */
export function requireOnce({ dockerArguments = [] }: LaunchRequest): void {
  const repeated = repeatedName(dockerArguments);
  if (repeated !== undefined) throw new MlflowError('invalid', repeatedText(repeated));
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

function environmentManagerOf(folder: vscode.WorkspaceFolder): EnvironmentManager {
  const manager = settings.environmentManager.get(folder.uri);
  return isEnvironmentManager(manager) ? manager : 'local';
}

/** MLflow's own default where none is named; one that is not there is made, as `mlflow run` does. */
export async function experimentIdOf(
  store: Pick<TrackingStore, 'getExperimentByName' | 'createExperiment'>,
  name = 'Default',
): Promise<string> {
  const found = await store.getExperimentByName(name);
  if (!found)
    return store.createExperiment(name).catch(async (error: unknown) => {
      // Another launch made it in between.
      const made = error instanceof MlflowError && error.kind === 'conflict' && (await store.getExperimentByName(name));
      if (made) return made.experimentId;
      throw error;
    });
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
