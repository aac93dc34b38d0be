import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { type Patch, patchWorkingTree } from '../../git/applyPatch';
import { fetchVersion } from '../../git/fetchVersion';
import { GitError } from '../../git/gitError';
import { GitRepository } from '../../git/gitRepository';
import { removeGivenUp } from '../../git/halfMade';
import { remoteOf } from '../../git/headTags';
import { openRepository } from '../../git/openRepository';
import { relativePath } from '../../git/relativePath';
import { stripCredentials } from '../../git/remoteUrl';
import { updateSubmodules } from '../../git/submodules';
import { addWorktree, followHead, leftIn, mirrorOf, removeUnused, resolveVersion } from '../../git/workingTrees';
import type { FileTree } from '../../platform/gitUri';
import { remoteCopies } from '../../platform/projectStorage';
import { TagKey, type Tags } from '../../shared/domain';
import { unlessAborted } from '../../shared/unlessAborted';
import { markUsed, removeForgottenCopies, removeForgottenTrees } from './tidyStorage';

/** A working tree of a launch; `known` is what was put into it before the launch. */
export interface LeftCheckout {
  readonly repository: string;
  readonly root: string;
  readonly known: readonly string[];
}

/** A working tree that belongs to one launch. */
export interface Checkout {
  /** Absolute; the folder of the project in it. */
  readonly folder: string;
  readonly root: string;
  readonly commit: string;
  /** Where its files are read when it is gone. */
  code(): Promise<FileTree>;
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
  /** What a folder of `repositories` waits for: git fetches into it once at a time. */
  private readonly copying = new Map<string, Promise<unknown>>();
  private tidied: Promise<void> | undefined;

  /** `inUse`: roots of working trees that stay, whatever their age. */
  constructor(
    private readonly storage: () => string,
    private readonly inUse: () => readonly string[] = () => [],
  ) {}

  /**
   * `project`, an absolute folder of an open repository, as it was at `version`, which is fetched where only a remote has
   * it. Throws `GitError`.
   */
  async ofFolder(
    project: string,
    version: string,
    signal?: AbortSignal,
    onFetch: (remote: string) => void = () => undefined,
  ): Promise<Checkout> {
    const repository = await openRepository(project, signal);
    if (!repository) throw new GitError('notRepository', `${project} is in no git working tree.`);
    const inside = relativePath(await fs.realpath(repository.root), await fs.realpath(project)) ?? '';
    const commit = await versionHere(repository, version, onFetch, signal);
    const checkout = await this.atCommit(repository, inside, commit, undefined, signal);
    return { ...checkout, tags: { ...checkout.tags, ...(await branchTag(repository, version, signal)) } };
  }

  /** A folder of an open repository at a commit, a patch applied to it. Throws `GitError`. */
  async atCommit(
    repository: GitRepository,
    inside: string,
    version: string,
    patch: Patch | undefined,
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
    patch?: Patch,
  ): Promise<Checkout> {
    const address = stripCredentials(url) ?? '';
    const mirror = await this.copyOf(url, signal);
    if (version === undefined) await followHead(mirror, signal);
    const commit = await resolveVersion({ root: mirror.root, name: address }, version ?? 'HEAD', signal);
    const tags = {
      [TagKey.sourceName]: sourceName(address, inside),
      [TagKey.gitRepoUrl]: address,
      ...(version === undefined ? {} : await branchTag(mirror, version, signal)),
    };
    return this.make(mirror, commit, inside, tags, patch, signal);
  }

  /** The history of a remote repository, without a working tree, as it is now. Throws `GitError`. */
  async copyOf(url: string, signal?: AbortSignal): Promise<GitRepository> {
    const folder = this.copyFolder(url);
    await fs.mkdir(path.dirname(folder), { recursive: true });
    const copy = (this.copying.get(folder) ?? Promise.resolve()).then(async () => {
      await markUsed(folder);
      return mirrorOf(url, folder, signal);
    });
    this.copying.set(
      folder,
      copy.catch(() => undefined),
    );
    const { root } = await unlessAborted(copy, signal);
    return new GitRepository(root, root);
  }

  /** A person has had this address copied before. */
  async hasCopyOf(url: string): Promise<boolean> {
    return isFolder(this.copyFolder(url));
  }

  private copyFolder(url: string): string {
    return path.join(this.copies(), `${digest(stripCredentials(url) ?? '')}.git`);
  }

  /** A copy that this window asked for stays as long as the window does. */
  private async tidy(): Promise<void> {
    await removeForgottenTrees(path.join(this.storage(), 'worktrees'), this.inUse());
    await removeForgottenCopies(this.copies(), [...this.copying.keys()]);
  }

  private copies(): string {
    return remoteCopies(this.storage());
  }

  private async make(
    repository: GitRepository,
    commit: string,
    inside: string,
    tags: Tags,
    patch: Patch | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Checkout> {
    const folder = path.join(this.storage(), 'worktrees');
    const root = path.join(folder, `${commit.slice(0, 12)}-${randomBytes(4).toString('hex')}`);
    await fs.mkdir(folder, { recursive: true });
    // Nobody waits for it.
    this.tidied ??= this.tidy().catch(() => undefined);
    await removeGivenUp(repository, folder);
    await addWorktree(repository, root, commit, signal);
    let known: ReadonlySet<string> = new Set();
    const release = () => removeUnused(repository, root, known);
    const settle = async () => {
      known = await leftIn(root);
    };
    const code = async () => {
      if (patch === undefined) return { repository, tree: commit };
      const tree = await repository.patched(commit, patch);
      return { repository, tree, patch: tree };
    };
    const left = () => ({ repository: repository.root, root, known: [...known] });
    try {
      if (patch !== undefined) await patchWorkingTree(root, patch, signal);
      await updateSubmodules(root, signal, repository);
      const project = path.join(root, ...inside.split('/'));
      if (!(await isFolder(project)))
        throw new GitError('notFound', `There is no folder ${inside} at commit ${commit.slice(0, 7)}.`);
      await settle();
      const dirty = String(patch !== undefined);
      const all = { ...tags, [TagKey.gitCommit]: commit, [TagKey.gitDirty]: dirty };
      return { root, folder: project, commit, code, tags: all, release, settle, left };
    } catch (error) {
      await removeUnused(repository, root, await leftIn(root));
      throw error;
    }
  }
}

async function versionHere(
  repository: GitRepository,
  version: string,
  onFetch: (remote: string) => void,
  signal: AbortSignal | undefined,
): Promise<string> {
  try {
    return await resolveVersion(repository, version, signal);
  } catch (error) {
    if (!(error instanceof GitError) || error.kind !== 'notFound') throw error;
    const fetched = await fetchVersion(repository, version, onFetch, signal);
    if (fetched === undefined) throw error;
    return fetched;
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
