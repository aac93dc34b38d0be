import path from 'node:path';
import { exists } from '../git/exists';
import { repositoryOf } from '../git/findRepositories';
import type { GitRepository } from '../git/gitRepository';
import { isAbsolute } from '../git/locate';
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
 * The one repository that holds the file a run says it was started from; `places` are the
 * folders in which something was started.
 * Undefined when none does, or when it could be several.
 */
export async function repositoryOfRun(
  run: Pick<Run, 'tags'>,
  repositories: readonly GitRepository[],
  places: readonly string[],
): Promise<GitRepository | undefined> {
  const recorded = recordedPath(runOrigin(run).source);
  if (recorded === undefined || recorded === '') return undefined;
  const files = isAbsolute(recorded) ? [recorded] : places.map((place) => path.resolve(place, recorded));
  const found = new Set<GitRepository>();
  for (const file of new Set(files)) {
    const repository = repositoryOf(repositories, file);
    if (repository && (await exists(file))) found.add(repository);
  }
  const [only] = found;
  return found.size === 1 ? only : undefined;
}
