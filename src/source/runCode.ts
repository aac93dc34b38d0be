import path from 'node:path';
import * as vscode from 'vscode';
import { patchOfRun } from '../experiments/run/runPatch';
import { exists } from '../git/exists';
import { GitError } from '../git/gitError';
import type { GitRepository } from '../git/gitRepository';
import { relativePath } from '../git/relativePath';
import { MlflowError } from '../mlflow/mlflowError';
import { recordedOrigin } from '../mlflow/recordedOrigin';
import type { RunOrigin } from '../mlflow/runSource';
import type { TrackingStore } from '../mlflow/trackingStore';
import { withProgress } from '../platform/cancellation';
import { Command } from '../platform/ids';
import { messages } from '../platform/messages';
import { shortId } from '../shared/commitId';
import type { Run, Tags } from '../shared/domain';
import { offerFetch } from './missingCommit';
import { rankRepositories, recordedPath } from './rankRepositories';
import type { SourceServices } from './services';
import { openFolders, reportNoRepository } from './workspaceRepositories';

/** The code that a run was made from. */
export interface RunCode {
  readonly run: Run;
  readonly origin: RunOrigin;
  readonly repository: GitRepository;
  /** Full id. */
  readonly commit: string;
  /** The uncommitted changes that the run carries and that fit the commit. */
  readonly patch?: Buffer;
  /** What stood in the files: the commit, or the tree that it becomes with the patch. */
  readonly tree: string;
}

/** `a1b2c3d`, and what is known of changes beside it. */
export function codeLabel({ commit, patch, origin }: Pick<RunCode, 'commit' | 'patch' | 'origin'>): string {
  const id = shortId(commit);
  if (patch !== undefined) return vscode.l10n.t('{0} + patch', id);
  return origin.dirty === true ? vscode.l10n.t('{0} and uncommitted changes', id) : id;
}

/**
 * Finds the commit of the run in the open repositories, fetches it when the person says so, and applies the run's patch.
 * Undefined when it cannot be had: then the person was told why.
 */
export async function findRunCode(services: SourceServices, run: Run): Promise<RunCode | undefined> {
  const { store } = await services.connections.require();
  const { origin, tags } = await recordedOrigin(store, run);
  const { commit } = origin;
  if (commit === undefined) {
    await offerTag(run, origin);
    return undefined;
  }
  services.repositories.forget();
  const found = await services.repositories.find();
  if (found.repositories.length === 0) {
    await reportNoRepository(found);
    return undefined;
  }
  const { repositories } = found;
  const repository = (await holderOf(repositories, commit, origin)) ?? (await fetched(services, run, origin, commit));
  const full = (await repository?.commit(commit))?.id;
  if (!repository || full === undefined) return undefined;
  const plain: RunCode = { run, origin, repository, commit: full, tree: full };
  return withPatch(plain, store, tags);
}

/** A patch that does not fit is told of; the views then show the commit alone. */
async function withPatch(code: RunCode, store: TrackingStore, tags: Tags): Promise<RunCode> {
  const { run, repository, commit } = code;
  try {
    const title = vscode.l10n.t('Applying the uncommitted changes of run {0}', run.name);
    return await withProgress(title, async (signal) => {
      const patch = await patchOfRun(store, { runId: run.runId, tags }, signal);
      if (!patch) return code;
      const tree = await repository.patched(commit, patch, signal);
      return { ...code, patch, tree, repository: repository.reading(tree) };
    });
  } catch (error) {
    const reason = error instanceof GitError || error instanceof MlflowError ? error.message : undefined;
    if (reason === undefined || (error instanceof MlflowError && error.kind === 'cancelled')) throw error;
    const message = vscode.l10n.t(
      'The uncommitted changes that run {0} carries could not be applied to {1}, so the commit is shown without them. {2}',
      run.name,
      shortId(commit),
      reason,
    );
    void messages.showWarningMessage(message);
    return code;
  }
}

export async function offerTag(run: Run, { strangeCommit }: RunOrigin): Promise<void> {
  const tag = vscode.l10n.t('Tag with Current Commit');
  const message =
    strangeCommit === undefined
      ? vscode.l10n.t('Run {0} does not say which commit it was made from.', run.name)
      : vscode.l10n.t('The commit tag of run {0} holds no commit id: {1}', run.name, strangeCommit.slice(0, 80));
  if ((await messages.showWarningMessage(message, tag)) === tag)
    await vscode.commands.executeCommand(Command.source.tagRun, run.runId);
}

/** The best of those that contain the commit. */
export async function holderOf(
  repositories: readonly GitRepository[],
  commit: string,
  origin: RunOrigin,
): Promise<GitRepository | undefined> {
  const contains = await Promise.all(repositories.map((repository) => repository.present([commit])));
  const holders = repositories.filter((_, at) => contains[at]?.has(commit));
  return (await rankRepositories(holders, origin))[0];
}

async function fetched(
  services: SourceServices,
  run: Run,
  origin: RunOrigin,
  commit: string,
): Promise<GitRepository | undefined> {
  const { repositories } = await services.repositories.find();
  const missing = { run, commit, origin, repositories, workingFile: await workingFile(origin, repositories) };
  return offerFetch(missing, services.platform.log);
}

/** The file the run names as it stands today in an open folder. */
async function workingFile(origin: RunOrigin, repositories: readonly GitRepository[]): Promise<vscode.Uri | undefined> {
  const recorded = recordedPath(origin.source);
  if (recorded === undefined || origin.source.kind === 'project') return undefined;
  for (const folder of [...repositories.map(({ root }) => root), ...openFolders()]) {
    const file = path.resolve(folder, recorded);
    if (relativePath(folder, file) !== undefined && (await exists(file))) return vscode.Uri.file(file);
  }
  return undefined;
}
