import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { GitError } from './gitError';
import { gitText } from './gitProcess';
import { GitRepository } from './gitRepository';
import { realFolder } from './realFolder';

/** The repository with its working tree at `folder`; undefined when it has none (a bare repository). */
export async function openRepository(folder: string, signal?: AbortSignal): Promise<GitRepository | undefined> {
  const args = ['rev-parse', '--is-inside-work-tree', '--show-toplevel', '--git-common-dir'];
  const [inside, root, commonDir] = (await gitText(folder, args, { signal })).split('\n');
  if (inside !== 'true' || !root || !commonDir) return undefined;
  // git gives real paths; the editor knows its folders by the paths they were opened with.
  const opened = (await realpath(folder)) === (await realpath(root)) ? folder : root;
  return new GitRepository(path.resolve(opened), await realpath(path.resolve(folder, commonDir)));
}

/**
 * The real folder of the working tree that an existing `folder` lies in, as git itself says. Undefined where it lies in none,
 * or in one that git refuses to read. Throws `GitError` where git gives no answer at all.
 */
export async function workingTreeOf(folder: string, signal?: AbortSignal): Promise<string | undefined> {
  try {
    const root = (await gitText(folder, ['rev-parse', '--show-toplevel'], { signal })).replace(/\r?\n$/, '');
    return root === '' ? undefined : await realFolder(root);
  } catch (error) {
    if (error instanceof GitError && error.kind !== 'timeout' && error.kind !== 'notInstalled') return undefined;
    throw error;
  }
}
