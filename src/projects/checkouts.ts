import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { patchWorkingTree } from '../git/applyPatch';
import { openRepository } from '../git/findRepositories';
import { GitError } from '../git/gitError';
import type { GitRepository } from '../git/gitRepository';
import { remoteOf } from '../git/headTags';
import { relativePath } from '../git/relativePath';
import { stripCredentials } from '../git/remoteUrl';
import { addWorktree, leftIn, mirrorOf, removeUnused, resolveVersion, updateSubmodules } from '../git/workingTrees';
import { TagKey, type Tags } from '../shared/domain';
import type { LeftCheckout } from './underWay';

/** A working tree that belongs to one launch. */
export interface Checkout {
  /** Absolute; the folder of the project in it. */
  readonly folder: string;
  readonly root: string;
  readonly commit: string;
  /** What a run of it is tagged with in place of what its own folder says. */
  readonly tags: Tags;
  /** Takes it away; false when something was left in it, and so it stays. */
  release(): Promise<boolean>;
  /** What is in it now was put there by us. */
  settle(): Promise<void>;
  /** What it takes to take it away when this window is gone. */
  left(): LeftCheckout;
}

/**
 * Makes working trees for launches under `storage`, the extension's own folder. `mlflow run -v` would check out in place
 * and make the clone shallow: an open folder is never launched like that.
 */
export class Checkouts {
  constructor(private readonly storage: () => string) {}

  /** `project`, an absolute folder of an open repository, as it was at `version`. Throws `GitError`. */
  async ofFolder(project: string, version: string, signal?: AbortSignal): Promise<Checkout> {
    const repository = await openRepository(project, signal);
    if (!repository) throw new GitError('notRepository', `${project} is in no git working tree.`);
    const inside = relativePath(await fs.realpath(repository.root), await fs.realpath(project)) ?? '';
    const checkout = await this.atCommit(repository, inside, version, undefined, signal);
    return { ...checkout, tags: { ...checkout.tags, ...(await branchTag(repository, version, signal)) } };
  }

  /** A folder of an open repository at a commit, a patch applied to it. Throws `GitError`. */
  async atCommit(
    repository: GitRepository,
    inside: string,
    version: string,
    patch: string | undefined,
    signal?: AbortSignal,
  ): Promise<Checkout> {
    const commit = await resolveVersion(repository, version, signal);
    const remote = remoteOf(await repository.state(signal), await repository.remotes(signal));
    const tags = {
      [TagKey.sourceName]: sourceName(`file://${repository.root}`, inside),
      ...(remote?.url === undefined ? {} : { [TagKey.gitRepoUrl]: remote.url }),
    };
    return this.make(repository, commit, inside, tags, patch, signal);
  }

  /** A folder of a remote repository at a version, or at what its HEAD is. Throws `GitError`. */
  async ofUrl(
    url: string,
    inside: string,
    version: string | undefined,
    signal?: AbortSignal,
    patch?: string,
  ): Promise<Checkout> {
    const address = stripCredentials(url) ?? '';
    const folder = path.join(this.storage(), 'repositories', `${digest(address)}.git`);
    await fs.mkdir(path.dirname(folder), { recursive: true });
    const mirror = await mirrorOf(url, folder, signal);
    const commit = await resolveVersion(mirror, version ?? 'HEAD', signal);
    const tags = {
      [TagKey.sourceName]: sourceName(address, inside),
      [TagKey.gitRepoUrl]: address,
      ...(version === undefined ? {} : await branchTag(mirror, version, signal)),
    };
    return this.make(mirror, commit, inside, tags, patch, signal);
  }

  private async make(
    repository: Pick<GitRepository, 'root'>,
    commit: string,
    inside: string,
    tags: Tags,
    patch: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Checkout> {
    const root = path.join(this.storage(), 'worktrees', `${commit.slice(0, 12)}-${randomBytes(4).toString('hex')}`);
    await fs.mkdir(path.dirname(root), { recursive: true });
    await addWorktree(repository, root, commit, signal);
    let known: ReadonlySet<string> = new Set();
    const release = () => removeUnused(repository, root, known);
    const settle = async () => {
      known = await leftIn(root);
    };
    const left = () => ({ repository: repository.root, root, known: [...known] });
    try {
      if (patch !== undefined) await patchWorkingTree(root, patch, signal);
      await updateSubmodules(root, signal);
      const folder = path.join(root, ...inside.split('/'));
      if (!(await isFolder(folder)))
        throw new GitError('notFound', `There is no folder ${inside} at commit ${commit.slice(0, 7)}.`);
      await settle();
      const dirty = String(patch !== undefined);
      const all = { ...tags, [TagKey.gitCommit]: commit, [TagKey.gitDirty]: dirty };
      return { root, folder, commit, tags: all, release, settle, left };
    } catch (error) {
      await removeUnused(repository, root, await leftIn(root));
      throw error;
    }
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);
/** MLflow's own form: https://github.com/mlflow/mlflow/blob/master/mlflow/tracking/_tracking_service/utils.py */
const sourceName = (place: string, inside: string) => (inside === '' ? place : `${place}#${inside}`);
/** As MLflow does: only for what is a branch, and no tag or commit. */
async function branchTag(
  repository: Pick<GitRepository, 'root'>,
  version: string,
  signal: AbortSignal | undefined,
): Promise<Tags> {
  try {
    await resolveVersion(repository, `refs/heads/${version}`, signal);
    return { [TagKey.gitBranch]: version };
  } catch (error) {
    if (error instanceof GitError) return {};
    throw error;
  }
}

async function isFolder(place: string): Promise<boolean> {
  return fs.stat(place).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
