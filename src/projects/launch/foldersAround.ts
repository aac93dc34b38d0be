import path from 'node:path';
import { relativePath } from '../../git/relativePath';

/**
 * Which of the open folders a project of a repository belongs to, all absolute: the innermost that holds it, else those that
 * lie in its repository.
 */
export function foldersAround<T extends { readonly folder: string }>(
  folders: readonly T[],
  root: string,
  inside: string,
): readonly T[] {
  const holding = folders
    .filter(({ folder }) => relativePath(folder, path.join(root, inside)) !== undefined)
    .toSorted((a, b) => b.folder.length - a.folder.length);
  return holding.length > 0
    ? holding.slice(0, 1)
    : folders.filter(({ folder }) => relativePath(root, folder) !== undefined);
}
