import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { openRepository, relativePath } from '../git/findRepositories';
import { GitError } from '../git/gitError';
import type { GitRepository } from '../git/gitRepository';
import { stripCredentials } from '../git/remoteUrl';
import { addWorktree, applyPatch, mirrorOf, removeWorktree, resolveVersion } from '../git/worktrees';
import { TagKey, type Tags } from '../shared/domain';

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
    const commit = await resolveVersion(repository, version, signal);
    const [remote] = await repository.remotes(signal);
    return this.make(
      repository,
      commit,
      inside,
      {
        [TagKey.sourceName]: sourceName(`file://${repository.root}`, inside),
        ...(remote?.url === undefined ? {} : { [TagKey.gitRepoUrl]: remote.url }),
        ...(await branchTag(repository, version, signal)),
      },
      signal,
    );
  }

  /** A folder of a remote repository at a version, or at what its HEAD is. Throws `GitError`. */
  async ofUrl(url: string, inside: string, version: string | undefined, signal?: AbortSignal): Promise<Checkout> {
    const address = stripCredentials(url) ?? '';
    const folder = path.join(this.storage(), 'repositories', `${digest(address)}.git`);
    await fs.mkdir(path.dirname(folder), { recursive: true });
    const mirror = await mirrorOf(url, folder, signal);
    const commit = await resolveVersion(mirror, version ?? 'HEAD', signal);
    return this.make(
      mirror,
      commit,
      inside,
      {
        [TagKey.sourceName]: sourceName(address, inside),
        [TagKey.gitRepoUrl]: address,
        ...(version === undefined ? {} : await branchTag(mirror, version, signal)),
      },
      signal,
    );
  }

  /** As `ofFolder` at a commit, with a patch applied to it. */
  async patched(project: string, commit: string, patch: string, signal?: AbortSignal): Promise<Checkout> {
    const checkout = await this.ofFolder(project, commit, signal);
    try {
      await applyPatch(checkout.root, patch, signal);
      return { ...checkout, tags: { ...checkout.tags, [TagKey.gitDirty]: 'true' } };
    } catch (error) {
      await checkout.release();
      throw error;
    }
  }

  private async make(
    repository: Pick<GitRepository, 'root'>,
    commit: string,
    inside: string,
    tags: Tags,
    signal: AbortSignal | undefined,
  ): Promise<Checkout> {
    const root = path.join(this.storage(), 'worktrees', `${commit.slice(0, 12)}-${randomBytes(4).toString('hex')}`);
    await fs.mkdir(path.dirname(root), { recursive: true });
    await addWorktree(repository, root, commit, signal);
    const checkout: Checkout = {
      root,
      folder: path.join(root, ...inside.split('/')),
      commit,
      tags: { ...tags, [TagKey.gitCommit]: commit, [TagKey.gitDirty]: 'false' },
      release: () => removeWorktree(repository, root),
    };
    if (await isFolder(checkout.folder)) return checkout;
    await checkout.release();
    throw new GitError('notFound', `There is no folder ${inside} at commit ${commit.slice(0, 7)}.`);
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
