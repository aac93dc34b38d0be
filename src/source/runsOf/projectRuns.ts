import path from 'node:path';
import { isAbsolute } from '../../git/locate';
import { relativePath } from '../../git/relativePath';
import { sameRepository } from '../../git/remoteUrl';
import { runOrigin } from '../../mlflow/runSource';
import type { Run } from '../../shared/domain';

export interface ProjectPlace {
  /** Absolute folder of the MLproject file. */
  readonly folder: string;
  readonly entryPoint: string;
  /** Absolute root of the repository around it, when there is one, and its remotes' addresses. */
  readonly root?: string | undefined;
  readonly remotes: readonly string[];
}

/**
 * Whether a run was started from this entry point: its project is this folder, or the same folder of the same repository
 * somewhere else, as its remote says, or its commit where the repository has it (`isHere`).
 */
export function isRunOf(
  { folder, entryPoint, root, remotes }: ProjectPlace,
  run: Pick<Run, 'tags'>,
  isHere: boolean,
): boolean {
  const { source, repoUrl } = runOrigin(run);
  if (source.kind !== 'project' || source.entryPoint !== entryPoint) return false;
  if (source.url === undefined && isAbsolute(source.folder) && path.relative(source.folder, folder) === '') return true;
  const inside = root === undefined ? undefined : relativePath(root, folder);
  const address = source.url ?? repoUrl;
  if (inside === undefined) return false;
  const isNamed = address !== undefined && remotes.some((remote) => sameRepository(remote, address));
  if (!isNamed && !isHere) return false;
  // A local project of another clone is named by a path there: it ends with the folder's own path in the repository.
  return source.url === undefined
    ? inside === '' || source.folder === inside || source.folder.endsWith(`/${inside}`)
    : source.folder === inside;
}
