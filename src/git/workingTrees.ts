import { randomUUID } from 'node:crypto';
import { lstat, rename, rm, unlink } from 'node:fs/promises';
import path from 'node:path';
import { requireCommitId } from './commitId';
import { exists } from './exists';
import { fetchCopy } from './fetchBeside';
import { GitError } from './gitError';
import { gitAtRoot, gitText } from './gitProcess';
import type { GitRepository } from './gitRepository';
import { makingTimeout, removeHalfMade } from './halfMade';
import { openRepository } from './openRepository';
import { stripCredentials } from './remoteUrl';
import { submodulesOf } from './submodules';

/** ms without output: whole trees are written, submodules fetched. */
const slowTimeout = 600_000;

type Place = Pick<GitRepository, 'root'>;

/**
 * Full id of the commit that a person means by a branch, a tag or an id; a branch that only a remote has is found too.
 * Throws `GitError` of kind `notFound`.
 */
export async function resolveVersion(
  { root, name: called = path.basename(root) }: Place & { readonly name?: string },
  version: string,
  signal?: AbortSignal,
): Promise<string> {
  if (version === '' || version.startsWith('-') || /[\0-\x20\x7f]/.test(version))
    throw new GitError('badArgument', `${JSON.stringify(version.slice(0, 80))} is not the name of a version.`);
  const idOf = async (name: string) => {
    const args = ['rev-parse', '--verify', '--quiet', `${name}^{commit}`];
    const id = (await gitAtRoot(root, args, { signal, acceptedExitCodes: [1, 128] })).trim();
    return /^[0-9a-f]{40,64}$/.test(id) ? id : undefined;
  };
  const lines = async (...args: string[]) =>
    (await gitAtRoot(root, args, { signal })).split('\n').filter((line) => line !== '');
  const known = (await idOf(version)) ?? (await idOf(`refs/remotes/origin/${version}`));
  if (known !== undefined) return known;
  const found = new Map<string, string>();
  for (const remote of await lines('remote')) {
    const id = await idOf(`refs/remotes/${remote}/${version}`);
    if (id !== undefined) found.set(id, `${remote}/${version}`);
  }
  const [only, ...others] = found.keys();
  if (only !== undefined && others.length === 0) return only;
  if (only !== undefined)
    throw new GitError('badArgument', `${version} may be any of ${[...found.values()].join(', ')}. Name one of them.`);
  const isEmpty = (await lines('rev-list', '--all', '--max-count=1')).length === 0;
  throw new GitError(
    'notFound',
    isEmpty ? `${called} has no commits yet. Commit first.` : `${called} has no commit, branch or tag ${version}.`,
  );
}

/** One working tree of a repository. */
export interface Worktree {
  /** Absolute. */
  readonly folder: string;
  /** Absent of a bare repository. */
  readonly commit?: string;
  /** Absent when the head is detached. */
  readonly branch?: string;
}

/**
 * Reads `git worktree list --porcelain`. Without `-z`, which git has had since 2.36 only: a folder with a line
 * end in its name is not found. https://git-scm.com/docs/git-worktree#_porcelain_format
 */
export function parseWorktrees(output: string): readonly Worktree[] {
  return output.split('\n\n').flatMap((record) => {
    const fields = new Map(
      record
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => {
          const space = line.indexOf(' ');
          return space < 0 ? [line, ''] : [line.slice(0, space), line.slice(space + 1)];
        }),
    );
    const folder = fields.get('worktree');
    if (folder === undefined) return [];
    const [commit, branch] = [fields.get('HEAD'), fields.get('branch')?.replace(/^refs\/heads\//, '')];
    return [{ folder, ...(commit === undefined ? {} : { commit }), ...(branch === undefined ? {} : { branch }) }];
  });
}

/** Throws kind `badArgument` unless the folder is named in full. */
function worktreeFolder(folder: string): string {
  if (!path.isAbsolute(folder) || folder.includes('\0'))
    throw new GitError('badArgument', `${JSON.stringify(folder.slice(0, 200))} is not an absolute folder.`);
  return folder;
}

/** All working trees of the repository, the first one before those that were added. */
export async function listWorktrees({ root }: Place, signal?: AbortSignal): Promise<readonly Worktree[]> {
  return parseWorktrees(await gitAtRoot(root, ['worktree', 'list', '--porcelain'], { signal }));
}

/**
 * A working tree of its own at `commit`, on no branch, in a folder that must not exist or be empty. The working tree that is
 * open is not touched. Its submodules are folders without anything: `updateSubmodules` fills them.
 */
export async function addWorktree(
  repository: Pick<GitRepository, 'root' | 'commonDir'>,
  folder: string,
  commit: string,
  signal?: AbortSignal,
): Promise<GitRepository> {
  // A folder that was deleted by hand is still on git's list: without `--force` git would refuse it.
  const args = ['worktree', 'add', '--detach', '--force', '--', worktreeFolder(folder), requireCommitId(commit)];
  const wasThere = await exists(folder);
  try {
    await gitAtRoot(repository.root, args, { signal, timeout: makingTimeout });
  } catch (error) {
    if (!wasThere) await removeHalfMade(repository, folder);
    throw error;
  }
  const made = await openRepository(folder, signal);
  if (!made) throw new GitError('notRepository', `git made no working tree at ${folder}.`);
  return made;
}

/** Takes an added working tree away with its folder and everything in it. */
export async function removeWorktree({ root }: Place, folder: string, signal?: AbortSignal): Promise<void> {
  const args = ['worktree', 'remove', '--force', '--', worktreeFolder(folder)];
  await gitAtRoot(root, args, { signal, timeout: slowTimeout });
}

/**
 * What a working tree has beyond its commit, as git says it: ignored files too, in submodules as well, of which git itself says
 * nothing then; but no byte code of Python.
 */
export async function leftIn(folder: string): Promise<ReadonlySet<string>> {
  const args = ['status', '--porcelain', '--ignored', '--untracked-files=all', '-z'];
  const lines = (await gitText(folder, args)).split('\0').filter((line) => line !== '');
  const left = lines.filter((line) => !/(^|\/)__pycache__(\/|$)/.test(line.slice(3)));
  for (const { path: place } of await submodulesOf(folder)) {
    if (!(await exists(path.join(folder, place, '.git')))) continue;
    for (const line of await leftIn(path.join(folder, place)))
      left.push(`${line.slice(0, 3)}${place}/${line.slice(3)}`);
  }
  return new Set(left);
}

/** Takes it away unless a program left something in it beyond `known`: true when it is gone. */
export async function removeUnused(
  repository: Place,
  folder: string,
  known: ReadonlySet<string> = new Set(),
): Promise<boolean> {
  const left = await leftIn(folder);
  if ([...left].some((line) => !known.has(line))) return false;
  try {
    await unlinkAll(folder, left);
    await removeWorktree(repository, folder);
    return true;
  } catch (error) {
    if (error instanceof GitError) return false;
    throw error;
  }
}

/**
 * Links go one by one, before git takes the rest: on Windows not every git knows a junction from a folder, and what a link
 * leads to is not ours.
 */
async function unlinkAll(folder: string, left: ReadonlySet<string>): Promise<void> {
  const places = new Set<string>();
  for (const line of left) {
    const parts = line
      .slice(3)
      .split('/')
      .filter((part) => part !== '');
    for (let depth = 1; depth <= parts.length; depth++) places.add(path.join(folder, ...parts.slice(0, depth)));
  }
  for (const place of places) {
    const found = await lstat(place).catch(() => undefined);
    if (found?.isSymbolicLink()) await unlink(place);
  }
}

/**
 * The history of a remote without a working tree, made or brought up to date. Throws kind `badArgument` for an address
 * with a password: git would keep it in a file, MLflow would print it.
 */
export async function mirrorOf(url: string, folder: string, signal?: AbortSignal): Promise<Place> {
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
    await fetchCopy(folder, ['fetch', '--prune', '--tags', '--force', 'origin'], options);
    return { root: folder };
  }
  // Nobody finds a copy that is not whole.
  const made = `${folder}.new-${randomUUID()}`;
  try {
    await gitText(path.dirname(folder), ['clone', '--mirror', '--', plain, made], options);
    await rename(made, folder).catch(async (error: unknown) => {
      // Another window was faster.
      if (!(await exists(path.join(folder, 'HEAD')))) throw error;
    });
    return { root: folder };
  } finally {
    await rm(made, { recursive: true, force: true, maxRetries: 3 });
  }
}

/**
 * Makes HEAD of a mirror what it is at its remote now, which fetching does not. https://git-scm.com/docs/git-ls-remote
 * Nothing where the remote does not say, or has no such branch.
 */
export async function followHead({ root }: Place, signal?: AbortSignal): Promise<void> {
  const output = await gitAtRoot(root, ['ls-remote', '--symref', 'origin', 'HEAD'], { signal });
  const branch = /^ref: (refs\/heads\/\S+)\tHEAD$/m.exec(output)?.[1];
  if (branch === undefined) return;
  const known = await gitAtRoot(root, ['for-each-ref', '--format=%(refname)', branch], { signal });
  if (known.split('\n').includes(branch)) await gitAtRoot(root, ['symbolic-ref', 'HEAD', branch], { signal });
}

/**
 * The commits that lead from `from` to `to` along first parents, the oldest first, without `from` itself; undefined when
 * `to` does not come from `from`.
 */
export async function commitsBetween(
  { root }: Place,
  from: string,
  to: string,
  signal?: AbortSignal,
): Promise<readonly string[] | undefined> {
  const [good, bad] = [requireCommitId(from), requireCommitId(to)];
  const base = await gitAtRoot(root, ['merge-base', good, bad], { signal, acceptedExitCodes: [1] });
  const full = (await gitAtRoot(root, ['rev-parse', '--verify', `${good}^{commit}`], { signal })).trim();
  if (base.trim() !== full) return undefined;
  const output = await gitAtRoot(root, ['rev-list', '--first-parent', '--reverse', `${good}..${bad}`], { signal });
  return output.split('\n').filter((line) => line !== '');
}
