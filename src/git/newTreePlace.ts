import path from 'node:path';
import { exists } from './exists';
import type { GitRepository } from './gitRepository';
import { listWorktrees } from './workingTrees';

/** Where a new working tree of a repository is made, and what its name begins with. */
export interface NewTreePlace {
  readonly parent: string;
  readonly name: string;
}

/** Beside the first working tree and called after it, or beside a bare repository: after its holder where that is hidden, as `.bare`. */
export async function newTreePlace(repository: Pick<GitRepository, 'root'>): Promise<NewTreePlace> {
  const [first] = await listWorktrees(repository);
  if (first && first.commit === undefined) {
    const [parent, name] = [path.dirname(first.folder), path.basename(first.folder)];
    return { parent, name: (name.startsWith('.') ? path.basename(parent) : name.replace(/(?<=.)\.git$/, '')) || name };
  }
  // For a submodule git says a folder of its own.
  const main = first && (await exists(path.join(first.folder, '.git'))) ? first.folder : repository.root;
  return { parent: path.dirname(main), name: path.basename(main) };
}
