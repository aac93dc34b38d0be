import path from 'node:path';
import type { GitRepository } from './gitRepository';
import { headOf } from './history';
import { relativePath } from './relativePath';

/** Which file of a commit is meant by a path that was recorded in an unknown folder, often on another machine. */
export type Located =
  | { readonly kind: 'one'; readonly file: string }
  | { readonly kind: 'several'; readonly files: readonly string[] }
  | { readonly kind: 'none' };

/**
 * `files` are those of the commit, relative to the root. A path inside one of `roots` means exactly that file; any
 * other means the files that agree with the most of its last parts, a file named from the root before others.
 */
export function locateFile(files: readonly string[], recorded: string, roots: readonly string[]): Located {
  for (const root of roots) {
    const inside = isAbsolute(recorded) ? relativePath(root, recorded) : undefined;
    if (inside !== undefined) return files.includes(inside) ? { kind: 'one', file: inside } : { kind: 'none' };
  }
  const wanted = meaningfulParts(recorded);
  if (wanted.length === 0) return { kind: 'none' };
  let best: string[] = [];
  let bestLength = 0;
  for (const file of files) {
    const length = commonTail(file.split('/'), wanted);
    if (length > bestLength) {
      best = [];
      bestLength = length;
    }
    if (length > 0 && length === bestLength) best.push(file);
  }
  const fromRoot = best.find((file) => file.split('/').length === bestLength);
  const [first] = best;
  if (fromRoot !== undefined) return { kind: 'one', file: fromRoot };
  if (first === undefined) return { kind: 'none' };
  return best.length === 1 ? { kind: 'one', file: first } : { kind: 'several', files: best };
}

/**
 * As `locateFile`, in a repository that is open; a file that got its name after the commit is found by what it was called
 * there. Throws `GitError`.
 */
export async function fileAtCommit(
  repository: GitRepository,
  commit: string,
  recorded: string,
  files: readonly string[],
  signal?: AbortSignal,
): Promise<Located> {
  const located = locateFile(files, recorded, [repository.root]);
  if (located.kind !== 'none') return located;
  const now = isAbsolute(recorded) ? relativePath(repository.root, recorded) : path.posix.normalize(recorded);
  const head = (await headOf(repository, signal))?.commit;
  if (now === undefined || head === undefined || head === commit) return { kind: 'none' };
  const former = await repository.renamed(head, commit, now, signal);
  return former !== undefined && files.includes(former) ? { kind: 'one', file: former } : { kind: 'none' };
}

export function isAbsolute(file: string): boolean {
  return file.startsWith('/') || /^[a-z]:\//i.test(file);
}

/** Without `.`, and without what stands before the last `..`: nobody knows where that led. */
function meaningfulParts(recorded: string): readonly string[] {
  const parts = recorded.split('/').filter((part) => part !== '' && part !== '.');
  return parts.slice(parts.lastIndexOf('..') + 1);
}

/** How many last parts agree; the file's own name must. */
function commonTail(file: readonly string[], wanted: readonly string[]): number {
  let length = 0;
  while (length < file.length && length < wanted.length && file.at(-1 - length) === wanted.at(-1 - length)) length++;
  return length;
}
