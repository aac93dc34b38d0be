import path from 'node:path';
import { exists } from '../git/exists';
import { repositoryOf } from '../git/findRepositories';
import type { GitRepository } from '../git/gitRepository';
import { isAbsolute } from '../git/locate';
import { relativePath } from '../git/relativePath';
import { remoteAt } from '../git/remotes';
import type { RunOrigin, RunSource } from '../mlflow/runSource';

export function recordedPath(source: RunSource): string | undefined {
  switch (source.kind) {
    case 'file':
    case 'notebook':
      return source.path;
    case 'project':
      return source.url === undefined ? source.folder : undefined;
    case 'none':
      return undefined;
  }
}

/** True when the file or folder the run names stands in this working tree, as a path from its root or an absolute one. */
export async function holdsSource(repository: GitRepository, source: RunSource): Promise<boolean> {
  const recorded = recordedPath(source);
  if (recorded === undefined || recorded === '') return false;
  const file = path.resolve(repository.root, recorded);
  return relativePath(repository.root, file) !== undefined && exists(file);
}

/** The one that holds the run's source by its full path first, then those with a remote the run names, then those with such a file. */
export async function rankRepositories(
  repositories: readonly GitRepository[],
  origin: RunOrigin,
): Promise<readonly GitRepository[]> {
  const ranks = await Promise.all(repositories.map((repository) => rank(repository, repositories, origin)));
  return repositories
    .map((repository, at) => ({ repository, rank: ranks[at] ?? 0 }))
    .sort((a, b) => b.rank - a.rank)
    .map(({ repository }) => repository);
}

async function rank(
  repository: GitRepository,
  all: readonly GitRepository[],
  { source, repoUrl }: RunOrigin,
): Promise<number> {
  const recorded = recordedPath(source);
  if (recorded !== undefined && isAbsolute(recorded) && repositoryOf(all, recorded) === repository) return 4;
  const held = (await holdsSource(repository, source)) ? 1 : 0;
  return held + (repoUrl !== undefined && (await hasRemote(repository, repoUrl)) ? 2 : 0);
}

export async function hasRemote(repository: GitRepository, url: string): Promise<boolean> {
  return remoteAt(await repository.remotes(), url) !== undefined;
}

/** Worktrees share their commits: asking one is enough. */
export function onePerObjectStore(repositories: readonly GitRepository[]): readonly GitRepository[] {
  return [...new Map([...repositories].reverse().map((item) => [item.commonDir, item])).values()].reverse();
}
