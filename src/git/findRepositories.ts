import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { exists } from './exists';
import { GitError } from './gitError';
import type { GitRepository } from './gitRepository';
import { linkedTrees } from './linkedTrees';
import { openRepository } from './openRepository';
import { realFolder } from './realFolder';
import { relativePath } from './relativePath';

export interface FoundRepositories {
  /** The innermost first where one holds the other, else, as the working trees of one are, in the order of the folders. */
  readonly repositories: readonly GitRepository[];
  /** Why a folder with a `.git` is not among them. */
  readonly refused: readonly { readonly folder: string; readonly error: GitError }[];
  /** Of `folders` those with more folders in them than were looked into: the deepest were not. */
  readonly unsearched: readonly string[];
}

const folderLimit = 4_000;
const neverInside = new Set(['node_modules', 'mlruns', 'mlartifacts', '__pycache__', 'venv', 'env', 'site-packages']);

/**
 * The repositories that `folders` lie in and those that lie in them: clones, submodules, worktrees. Looks into at most
 * 4,000 folders of each, level by level, and asks git about each folder that has a `.git`. What git itself knows of those,
 * it finds in folders as well that are not looked into.
 */
export async function findRepositories(folders: readonly string[], signal?: AbortSignal): Promise<FoundRepositories> {
  const candidates = new Set<string>();
  const unsearched: string[] = [];
  for (const folder of folders) {
    const above = await enclosing(folder);
    if (above !== undefined) candidates.add(above);
    const inside = await nested(folder, signal);
    for (const candidate of inside.found) candidates.add(candidate);
    if (inside.more) unsearched.push(folder);
  }
  const repositories = new Map<string, GitRepository>();
  const refused: { folder: string; error: GitError }[] = [];
  const open = async (folder: string) => {
    try {
      const repository = await openRepository(folder, signal);
      if (repository) repositories.set(folder, repository);
      return repository ?? [];
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      refused.push({ folder, error });
      return [];
    }
  };
  const places = await Promise.all(folders.map(async (folder) => ({ folder, real: await realFolder(folder) })));
  const stores = new Set<string>();
  for (let fresh = [...candidates]; fresh.length > 0; ) {
    const opened = (await Promise.all(fresh.map(open))).flat();
    const trees = await linkedTrees(opened, stores, signal);
    const named = new Set((await Promise.all(trees.map((tree) => namesIn(places, tree)))).flat());
    fresh = [...named].filter((folder) => !candidates.has(folder));
    for (const candidate of fresh) candidates.add(candidate);
  }
  const missing = refused.find(({ error }) => error.kind === 'notInstalled');
  if (missing) throw missing.error;
  const order = [...candidates].flatMap((folder) => repositories.get(folder) ?? []);
  return { repositories: innermostFirst(order), refused, unsearched };
}

/** A folder that git names by its real path, as it is called in those of the opened folders that hold it. */
async function namesIn(
  places: readonly { readonly folder: string; readonly real: string }[],
  tree: string,
): Promise<readonly string[]> {
  const real = await realFolder(tree);
  return places.flatMap(({ folder, real: holder }) => {
    const inside = relativePath(holder, real);
    return inside === undefined ? [] : path.resolve(folder, inside);
  });
}

/** The innermost of `repositories` that holds the absolute path `file`. */
export function repositoryOf(repositories: readonly GitRepository[], file: string): GitRepository | undefined {
  return repositories
    .filter(({ root }) => relativePath(root, file) !== undefined)
    .sort((a, b) => b.root.length - a.root.length)[0];
}

async function enclosing(folder: string): Promise<string | undefined> {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    if (await exists(path.join(at, '.git'))) return at;
    if (at === path.dirname(at)) return undefined;
  }
}

async function nested(folder: string, signal?: AbortSignal): Promise<{ found: readonly string[]; more: boolean }> {
  const found: string[] = [];
  let level = [path.resolve(folder)];
  let visited = 0;
  let more = false;
  while (level.length > 0) {
    signal?.throwIfAborted();
    const inside = await Promise.all(level.map(entriesOf));
    const next: string[] = [];
    inside.forEach((entries, at) => {
      const parent = level[at] ?? folder;
      if (entries.some(({ name }) => name === '.git')) found.push(parent);
      for (const entry of entries)
        if (entry.isDirectory() && !entry.name.startsWith('.') && !neverInside.has(entry.name))
          next.push(path.join(parent, entry.name));
    });
    visited += level.length;
    level = next.slice(0, Math.max(0, folderLimit - visited));
    more ||= level.length < next.length;
  }
  return { found, more };
}

/** Nothing where the folder cannot be read: what a person may not see is not theirs to tag. */
async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  return readdir(folder, { withFileTypes: true }).catch(() => []);
}

function innermostFirst(repositories: readonly GitRepository[]): readonly GitRepository[] {
  const unique = [...new Map(repositories.map((repository) => [repository.root, repository])).values()];
  // A worktree inside the main one is no repository of its own: where one of them is asked for all, it is the main one.
  const depth = ({ root, commonDir }: GitRepository) =>
    new Set(
      unique
        .filter((other) => other.commonDir !== commonDir && relativePath(other.root, root) !== undefined)
        .map((other) => other.commonDir),
    ).size;
  return unique
    .map((repository) => ({ repository, depth: depth(repository) }))
    .sort((a, b) => b.depth - a.depth)
    .map(({ repository }) => repository);
}
