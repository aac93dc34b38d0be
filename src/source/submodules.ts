import path from 'node:path';
import type { ChangedFile } from '../git/changedFiles';
import type { GitRepository } from '../git/gitRepository';
import type { WorkspaceRepositories } from './workspaceRepositories';

/** What differs inside a submodule. */
export interface InsideSubmodule {
  readonly repository: GitRepository;
  readonly from: string;
  /** Absent where the newer side is what stands in the folder. */
  readonly to?: string;
  readonly files: readonly ChangedFile[];
}

/**
 * The files that differ inside the submodule that `file` is, where it is checked out in `root` and has both commits; else
 * undefined: then there are only the commits to be shown.
 */
export async function insideSubmodule(
  repositories: WorkspaceRepositories,
  root: string,
  { path: name, submodule }: ChangedFile,
  withFolder: boolean,
): Promise<InsideSubmodule | undefined> {
  const { from, to } = submodule ?? {};
  const folder = path.join(root, name);
  const repository = await repositories.at(folder);
  if (!repository || from === undefined || (to === undefined && !withFolder)) return undefined;
  const present = await repository.present(to === undefined ? [from] : [from, to]);
  if (!present.has(from) || (to !== undefined && !present.has(to))) return undefined;
  if (withFolder) return { repository, from, files: await repository.changesToWorkingTree(from) };
  return to === undefined ? undefined : { repository, from, to, files: await repository.changesBetween(from, to) };
}
