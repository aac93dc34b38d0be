import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { GitRepository } from '../git/gitRepository';
import { isAbsolute } from '../git/locate';
import { realFolder } from '../git/realFolder';
import { runOrigin } from '../mlflow/runSource';
import type { Run } from '../shared/domain';
import { recordedPath } from './rankRepositories';

/** Its value says which window's terminal a run was started in. */
export const windowTag = 'flowdeck.window';

/** The variable's value with the mark beside what stands there. Undefined when that is no JSON object: it is left alone. */
export function markedContext(present: string | undefined, mark: string): string | undefined {
  if (present === undefined || present.trim() === '') return JSON.stringify({ [windowTag]: mark });
  try {
    const tags: unknown = JSON.parse(present);
    if (typeof tags !== 'object' || tags === null || Array.isArray(tags)) return undefined;
    return JSON.stringify({ ...tags, [windowTag]: mark });
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Whether a run lacks a commit. One that stands there, whatever it is, is somebody's. */
export function lacksCommit(run: Pick<Run, 'tags'>): boolean {
  const { commit, strangeCommit } = runOrigin(run);
  return commit === undefined && strangeCommit === undefined;
}

/**
 * The one repository that holds the file or folder a run says it was started from; `places` are the folders in which
 * something was started. Undefined when none does, or when it could be several.
 * @param treeOf git's own answer: a working tree that nobody found here lies often inside one that was
 */
export async function repositoryOfRun(
  run: Pick<Run, 'tags'>,
  repositories: readonly GitRepository[],
  places: readonly string[],
  treeOf: (folder: string) => Promise<string | undefined>,
): Promise<GitRepository | undefined> {
  const recorded = recordedPath(runOrigin(run).source);
  if (recorded === undefined || recorded === '') return undefined;
  const files = isAbsolute(recorded) ? [recorded] : places.map((place) => path.resolve(place, recorded));
  const found = new Set<GitRepository | undefined>();
  for (const file of new Set(files)) {
    const folder = await folderOf(file);
    if (folder !== undefined) found.add(await rootedAt(repositories, await treeOf(folder)));
  }
  const [only] = found;
  return found.size === 1 ? only : undefined;
}

/** Undefined where there is nothing of that name. */
const folderOf = (file: string): Promise<string | undefined> =>
  stat(file).then(
    (found) => (found.isDirectory() ? file : path.dirname(file)),
    () => undefined,
  );

/** @param tree a real folder */
async function rootedAt(
  repositories: readonly GitRepository[],
  tree: string | undefined,
): Promise<GitRepository | undefined> {
  if (tree === undefined) return undefined;
  for (const repository of repositories)
    if (path.relative(await realFolder(repository.root), tree) === '') return repository;
  return undefined;
}
