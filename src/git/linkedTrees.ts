import path from 'node:path';
import { exists } from './exists';
import { GitError } from './gitError';
import type { GitRepository } from './gitRepository';
import { submoduleNames } from './submodules';
import { listWorktrees } from './workingTrees';

/**
 * Folders of the working trees that git knows of from `repositories`: linked worktrees, and submodules that are checked out.
 * git is asked only where there are some, and not again for worktrees of the object stores in `asked`, which grows.
 */
export async function linkedTrees(
  repositories: readonly GitRepository[],
  asked: Set<string>,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const stores = repositories.filter(({ commonDir }) => !asked.has(commonDir) && asked.add(commonDir));
  const lists = await Promise.all([
    ...stores.map((repository) => unlessRefused(worktreesOf(repository, signal))),
    ...repositories.map((repository) => unlessRefused(submodulesIn(repository, signal))),
  ]);
  const folders = [...new Set(lists.flat())];
  // Of worktrees that were deleted by hand, of bare repositories and of submodules elsewhere git gives folders without one.
  const there = await Promise.all(folders.map((folder) => exists(path.join(folder, '.git'))));
  return folders.filter((_, at) => there[at]);
}

async function worktreesOf(repository: GitRepository, signal?: AbortSignal): Promise<readonly string[]> {
  if (!(await exists(path.join(repository.commonDir, 'worktrees')))) return [];
  return (await listWorktrees(repository, signal)).map(({ folder }) => folder);
}

async function submodulesIn({ root }: GitRepository, signal?: AbortSignal): Promise<readonly string[]> {
  return [...(await submoduleNames(root, signal)).keys()].map((place) => path.join(root, place));
}

/** The repository itself is of use all the same. */
async function unlessRefused(asking: Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await asking;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return [];
  }
}
