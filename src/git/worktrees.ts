import path from 'node:path';
import { GitError } from './gitError';

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
export function worktreeFolder(folder: string): string {
  if (!path.isAbsolute(folder) || folder.includes('\0'))
    throw new GitError('badArgument', `${JSON.stringify(folder.slice(0, 200))} is not an absolute folder.`);
  return folder;
}
