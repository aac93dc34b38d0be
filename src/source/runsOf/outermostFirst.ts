import type { GitRepository } from '../../git/gitRepository';
import { relativePath } from '../../git/relativePath';

/**
 * Those that an open folder is or lies in come first, then those that lie in no other: where only some of many can be asked
 * for, it is not in submodules alone that a person looks for runs. Else the order stays.
 */
export function outermostFirst<T extends Pick<GitRepository, 'root'>>(
  repositories: readonly T[],
  folders: readonly string[],
): readonly T[] {
  const depth = ({ root }: T) =>
    folders.some((folder) => relativePath(root, folder) !== undefined)
      ? -1
      : repositories.filter((other) => other.root !== root && relativePath(other.root, root) !== undefined).length;
  return repositories
    .map((repository) => ({ repository, depth: depth(repository) }))
    .sort((a, b) => a.depth - b.depth)
    .map(({ repository }) => repository);
}
