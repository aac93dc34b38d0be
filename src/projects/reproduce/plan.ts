import path from 'node:path';
import * as vscode from 'vscode';
import { patchOfRun } from '../../experiments/run/runPatch';
import { GitError } from '../../git/gitError';
import type { GitRepository } from '../../git/gitRepository';
import { lackingIn } from '../../git/patchHead';
import { resolveVersion } from '../../git/workingTrees';
import { MlflowError } from '../../mlflow/mlflowError';
import { recordedOrigin } from '../../mlflow/recordedOrigin';
import type { RunOrigin } from '../../mlflow/runSource';
import type { TrackingStore } from '../../mlflow/trackingStore';
import { shortId } from '../../shared/commitId';
import type { Run } from '../../shared/domain';
import { type BesideData, type Code, dataBeside, linkData } from '../checkouts/besideData';
import type { Checkout, Checkouts } from '../checkouts/checkouts';
import { scriptEntryPoint } from '../command/entryPoints';
import { launchFolder } from '../launch/launchFolders';
import { projectAt } from '../launch/whatToRun';
import type { EntryPoint, MlProject } from '../mlproject/mlproject';
import { type SplitParams, splitParams } from '../request/givenParams';
import { givenOf } from '../request/givenTags';
import { projectContent } from '../view/projectsStore';
import { findSource, type MayCopy, type Source } from './findSource';
import { listed } from './listed';
import { addModelEnvironment } from './modelEnvironment';
import { requireOwnLaunch } from './partOfLaunch';
import { placeOf } from './place';
import { runBackend } from './runBackend';
import { environmentOf, type RunEnvironment } from './runEnvironment';
import type { RunBackend, RunsIn } from './runsIn';
import { addCall, type ScriptRun, scriptRunOf } from './scriptRun';

/** All that is known of how a run came to be, and what of it is not. */
export interface ReproducePlan extends RunEnvironment, Omit<SplitParams, 'ofUnknownOrigin'> {
  readonly run: Run;
  readonly commit: string;
  /** Where the commit was found: an open repository's folder, or an address. */
  readonly from: string;
  /** Folder of the project in the repository. */
  readonly inside: string;
  /** Whose Python runs it. */
  readonly folder: vscode.WorkspaceFolder;
  readonly patch: Buffer | undefined;
  readonly entryPoint: EntryPoint;
  /** Taken from the open folder, since the commit does not have it; absent where none is open. */
  readonly data: BesideData | undefined;
  readonly missing: readonly string[];
  /** Absent of a run that was made on a machine like this, as far as anybody knows. */
  readonly backend?: RunBackend;
  /** What docker was given for its container, where that was recorded. */
  readonly dockerArguments?: readonly string[];
  /** What a person may have typed; absent where params of the run say it. */
  readonly script?: ScriptRun;
  /** Makes the working tree, with the patch and what the environment and a script's arguments need. */
  readonly checkout: (signal: AbortSignal, runsIn: RunsIn, args?: readonly string[]) => Promise<Checkout>;
  /** The same project at another commit, as that commit has it. */
  readonly checkoutAt: (
    commit: string,
    signal: AbortSignal,
    runsIn: RunsIn,
    args: readonly string[],
  ) => Promise<Checkout>;
  /** The open repository; absent when the commit came from its address. */
  readonly repository: GitRepository | undefined;
}

/**
 * Looks everything up and launches nothing. Throws `MlflowError` or `GitError` for what cannot be done without:
 * `PartOfLaunch` for a run that no launch makes, `UncopiedAddress` for code at an address that is not in `mayCopy`.
 */
export async function planReproduction(
  run: Run,
  store: TrackingStore,
  checkouts: Checkouts,
  folders: readonly vscode.WorkspaceFolder[],
  signal: AbortSignal,
  mayCopy: MayCopy = new Set(),
): Promise<ReproducePlan> {
  await requireOwnLaunch(run, store, signal);
  const { origin, tags } = await recordedOrigin(store, run, signal);
  const version = requireCommit(run, origin);
  const source = await findSource(run, origin, version, checkouts, folders, signal, mayCopy);
  const { repository, isOpen } = source;
  const commit = await resolveVersion({ root: repository.root, name: source.from }, version, signal);
  const patch = await patchOfRun(store, { runId: run.runId, tags }, signal);
  const code = await codeOf(repository, commit, patch, signal);
  const place = await placeOf(run, origin, isOpen, commit, code);
  const { inside, name } = place;
  const folder = await launchFolder(folders, isOpen ? { root: repository.root, inside } : undefined);
  const project = await projectIn(code, inside);
  const entryPoint = entryPointOf(project, name, code.files.includes(path.posix.join(inside, name)), commit);
  const made = await environmentOf(run, project, folder, store, signal);
  const { ofUnknownOrigin, ...split } = splitParams(run, entryPoint);
  const script = await scriptRunOf(run, origin.source, entryPoint, place, code);
  const unknown = ofUnknownOrigin.filter((param) => !script?.proposed.params.includes(param));
  const backend = await runBackend(run, folder);
  const { dockerArguments } = made.environment === 'docker_env' ? givenOf(run.tags) : {};
  const data = isOpen ? await dataBeside(entryPoint, split.parameters, code, inside, signal) : undefined;
  return {
    run,
    commit,
    from: source.from,
    inside,
    folder,
    patch,
    entryPoint,
    ...split,
    data,
    ...made,
    ...(backend ? { backend } : {}),
    ...(dockerArguments ? { dockerArguments } : {}),
    ...(script ? { script } : {}),
    missing: [
      ...(backend?.problem === undefined ? [] : [backend.problem]),
      ...(backend ? [] : missingDocker(made, dockerArguments)),
      ...missingOf(run, origin, patch, entryPoint, made),
      ...unknownTexts(unknown),
    ],
    ...checkoutsOf(source, { commit, inside, patch, folder, entryPoint, script, data, ...made }),
    repository: isOpen ? repository : undefined,
  };
}

type ToCheckOut = 'commit' | 'inside' | 'patch' | 'folder' | 'entryPoint' | 'data' | 'modelEnvironment';

function checkoutsOf(
  source: Source,
  plan: Pick<ReproducePlan, ToCheckOut> & { readonly script: ScriptRun | undefined },
): Pick<ReproducePlan, 'checkout' | 'checkoutAt'> {
  const { commit, inside, patch, folder, entryPoint, script, data, modelEnvironment: model } = plan;
  const made = async (making: Promise<Checkout>, runsIn: RunsIn, args: readonly string[] = []) => {
    const checkout = await making;
    try {
      if (data) await linkData(checkout, data);
      if (script) await addCall(checkout, script, entryPoint, args);
      const isMade = runsIn !== 'local' && runsIn !== 'backend';
      // Another commit may have an environment of its own.
      if (model && isMade && !(await hasEnvironment(checkout, folder)))
        await addModelEnvironment(checkout, model, runsIn);
      return checkout;
    } catch (error) {
      await checkout.release();
      throw error;
    }
  };
  return {
    checkout: (signal, runsIn, args) => made(source.at(commit, inside, patch, signal), runsIn, args),
    checkoutAt: (other, signal, runsIn, args) => made(source.at(other, inside, undefined, signal), runsIn, args),
  };
}

async function hasEnvironment({ folder }: Checkout, of: vscode.WorkspaceFolder): Promise<boolean> {
  const content = (await projectAt(vscode.Uri.file(folder), of))?.content;
  // What cannot be read is refused when it is launched.
  return content !== undefined && (!('project' in content) || content.project.environment !== undefined);
}

function requireCommit(run: Run, { commit, strangeCommit }: RunOrigin): string {
  if (commit !== undefined) return commit;
  throw new MlflowError(
    'invalid',
    strangeCommit === undefined
      ? vscode.l10n.t('Run {0} does not say which commit it was made from.', run.name)
      : vscode.l10n.t('The commit tag of run {0} holds no commit id: {1}', run.name, strangeCommit.slice(0, 80)),
    { advice: vscode.l10n.t('Tag it with its commit first, if you know it.') },
  );
}

/** A patch that does not fit is refused when it is applied, and not looked into here. */
async function codeOf(
  repository: GitRepository,
  commit: string,
  patch: Buffer | undefined,
  signal: AbortSignal,
): Promise<Code> {
  const patched =
    patch === undefined
      ? undefined
      : await repository.patched(commit, patch, signal).catch((error: unknown) => {
          if (error instanceof GitError && error.kind === 'patch') return undefined;
          throw error;
        });
  const tree = patched ?? commit;
  const reading = patched === undefined ? repository : repository.reading(patched);
  return { repository: reading, tree, files: await reading.listFiles(tree, signal) };
}

async function projectIn({ repository, tree, files }: Code, inside: string): Promise<MlProject | undefined> {
  const at = (name: string) => path.posix.join(inside, name);
  const file = files.find(
    (candidate) => /(^|\/)mlproject$/i.test(candidate) && at(path.posix.basename(candidate)) === candidate,
  );
  if (file === undefined) return undefined;
  const bytes = await repository.readFile(tree, file);
  const content = await projectContent(bytes, async (name) => files.includes(at(name)));
  return 'project' in content ? content.project : undefined;
}

function entryPointOf(project: MlProject | undefined, name: string, isFile: boolean, commit: string): EntryPoint {
  const declared = project?.entryPoints.find((candidate) => candidate.name === name);
  const entryPoint = declared ?? (isFile ? scriptEntryPoint(name) : undefined);
  if (entryPoint) return entryPoint;
  throw new MlflowError('notFound', vscode.l10n.t('At commit {0} there is no entry point {1}.', shortId(commit), name));
}

function missingOf(
  run: Run,
  { dirty }: RunOrigin,
  patch: Buffer | undefined,
  { parameters }: EntryPoint,
  { environment: kind, modelEnvironment, managers }: RunEnvironment,
): readonly string[] {
  const environment = kind ?? modelEnvironment?.from;
  const absent = parameters.filter(({ name }) => !Object.hasOwn(run.params, name)).map(({ name }) => name);
  return [
    ...(dirty === true && patch === undefined
      ? [vscode.l10n.t('The uncommitted changes that it was made with were not stored.')]
      : []),
    ...(dirty === undefined && patch === undefined
      ? [vscode.l10n.t('Nobody recorded whether there were uncommitted changes.')]
      : []),
    ...lackingTexts(patch?.toString('utf8') ?? ''),
    ...(absent.length > 0 ? [vscode.l10n.t('Values of {0}: the defaults are taken.', listed(absent, 10))] : []),
    ...(environment === undefined ? [vscode.l10n.t('Neither the project nor a model tells its environment.')] : []),
    ...(environment !== undefined && environment !== 'docker_env' && managers.length === 1
      ? [vscode.l10n.t('Neither uv, pyenv nor conda is here: its environment cannot be made again.')]
      : []),
    ...(run.datasets.length === 0 ? [vscode.l10n.t('No dataset was logged: its data cannot be compared.')] : []),
  ];
}

function unknownTexts(names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  return [
    vscode.l10n.t(
      'Not passed on, since nobody recorded whether the program was given or logged them: {0}.',
      listed(names, 10),
    ),
  ];
}

/** MLflow writes down no arguments of docker, and Flowdeck no values of variables. */
function missingDocker({ environment }: RunEnvironment, known: readonly string[] | undefined): readonly string[] {
  if (environment !== 'docker_env') return [];
  if (!known) return [vscode.l10n.t('Nobody recorded the arguments of docker (-A): none are given.')];
  const variables = known.flatMap((argument) => /^(?:e|env)=([^=]+)$/.exec(argument)?.[1] ?? []);
  return variables.length === 0
    ? []
    : [vscode.l10n.t('Values of variables for docker, taken from this window: {0}.', listed(variables, 10))];
}

/** What was there beside the patch, and is in no working tree that is made anew. */
function lackingTexts(patch: string): readonly string[] {
  const { leftOut, submodules } = lackingIn(patch);
  return [
    ...(submodules.length > 0
      ? [vscode.l10n.t('Changes inside submodules are not in the patch: {0}.', listed(submodules, 5))]
      : []),
    ...(leftOut.length > 0 ? [vscode.l10n.t('Untracked files are not in the patch: {0}.', listed(leftOut, 5))] : []),
  ];
}
