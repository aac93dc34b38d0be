import { rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { requireCommitId } from './commitId';
import { openRepository } from './findRepositories';
import { GitError } from './gitError';
import { gitText } from './gitProcess';
import type { GitRepository } from './gitRepository';
import { stripCredentials } from './remoteUrl';

const slowTimeout = 300_000;

/**
 * Full id of the commit that a person means by a branch, a tag or an id; a branch that only a remote has is found too.
 * Throws `GitError` of kind `notFound`.
 */
export async function resolveVersion(
  { root }: Pick<GitRepository, 'root'>,
  version: string,
  signal?: AbortSignal,
): Promise<string> {
  if (version === '' || version.startsWith('-') || /[\0-\x20\x7f]/.test(version))
    throw new GitError('badArgument', `${JSON.stringify(version.slice(0, 80))} is not the name of a version.`);
  for (const name of [version, `refs/remotes/origin/${version}`]) {
    const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
    const id = (await gitText(root, args, { signal, acceptedExitCodes: [1, 128] })).trim();
    if (/^[0-9a-f]{40,64}$/.test(id)) return id;
  }
  throw new GitError('notFound', `${path.basename(root)} has no commit, branch or tag ${version}.`);
}

/** A working tree of its own at `commit`, with its submodules. The working tree that is open is not touched. */
export async function addWorktree(
  repository: Pick<GitRepository, 'root'>,
  folder: string,
  commit: string,
  signal?: AbortSignal,
): Promise<GitRepository> {
  const options = { signal, timeout: slowTimeout };
  // A folder that was deleted by hand is still on git's list.
  await gitText(repository.root, ['worktree', 'prune'], options);
  await gitText(repository.root, ['worktree', 'add', '--detach', '--force', folder, commit], options);
  const made = await openRepository(folder, signal);
  if (!made) throw new GitError('notRepository', `git made no working tree at ${folder}.`);
  if (await exists(path.join(folder, '.gitmodules')))
    await gitText(folder, ['submodule', 'update', '--init', '--recursive'], options);
  return made;
}

/** What a working tree has beyond its commit, as git says it: ignored files too, but no byte code of Python. */
export async function leftIn(folder: string): Promise<ReadonlySet<string>> {
  const args = ['status', '--porcelain', '--ignored', '--untracked-files=all', '-z'];
  const lines = (await gitText(folder, args)).split('\0').filter((line) => line !== '');
  return new Set(lines.filter((line) => !/(^|\/)__pycache__(\/|$)/.test(line.slice(3))));
}

/** True when it is gone. What a program left in it beyond `known` keeps it there. */
export async function removeWorktree(
  repository: Pick<GitRepository, 'root'>,
  folder: string,
  known: ReadonlySet<string> = new Set(),
): Promise<boolean> {
  const left = await leftIn(folder);
  if ([...left].some((line) => !known.has(line))) return false;
  try {
    await gitText(repository.root, ['worktree', 'remove', '--force', folder]);
    return true;
  } catch (error) {
    // git keeps those that hold submodules.
    if (error instanceof GitError) return false;
    throw error;
  }
}

/**
 * The history of a remote without a working tree, made or brought up to date. Throws kind `badArgument` for an address
 * with a password: git would keep it in a file, MLflow would print it.
 */
export async function mirrorOf(
  url: string,
  folder: string,
  signal?: AbortSignal,
): Promise<Pick<GitRepository, 'root'>> {
  const plain = stripCredentials(url);
  if (plain === undefined || plain.startsWith('-'))
    throw new GitError('badArgument', 'That is not the address of a git repository.');
  if (plain !== url.trim())
    throw new GitError(
      'badArgument',
      'The address holds a user name, a password or a query. Leave them out: git asks its credential helper.',
    );
  const options = { signal, timeout: slowTimeout };
  if (await exists(path.join(folder, 'HEAD'))) {
    await gitText(folder, ['fetch', '--prune', '--tags', '--force', 'origin'], options);
    return { root: folder };
  }
  try {
    await gitText(path.dirname(folder), ['clone', '--mirror', '--', plain, folder], options);
    return { root: folder };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

/**
 * The commits that lead from `from` to `to` along first parents, the oldest first, without `from` itself; undefined when
 * `to` does not come from `from`.
 */
export async function commitsBetween(
  { root }: Pick<GitRepository, 'root'>,
  from: string,
  to: string,
  signal?: AbortSignal,
): Promise<readonly string[] | undefined> {
  const [good, bad] = [requireCommitId(from), requireCommitId(to)];
  const base = await gitText(root, ['merge-base', good, bad], { signal, acceptedExitCodes: [1] });
  const full = (await gitText(root, ['rev-parse', '--verify', `${good}^{commit}`], { signal })).trim();
  if (base.trim() !== full) return undefined;
  const output = await gitText(root, ['rev-list', '--first-parent', '--reverse', `${good}..${bad}`], { signal });
  return output.split('\n').filter((line) => line !== '');
}
