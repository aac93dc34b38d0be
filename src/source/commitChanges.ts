import { type ChangedFile, emptyTree } from '../git/changedFiles';
import type { GitRepository } from '../git/gitRepository';

export interface CommitChanges {
  /** What the commit is compared with: its first parent, or the empty tree. */
  readonly base: string;
  /** A parent that a shallow clone does not have: then there is nothing to compare with. */
  readonly missingParent?: string;
  readonly files: readonly ChangedFile[];
  /** What the patch changes beyond the commit. */
  readonly patched: readonly ChangedFile[];
}

/** What a commit changed against its first parent, and what the tree of a patch on it changes beyond that. */
export async function commitChanges(
  repository: GitRepository,
  commit: string,
  tree: string,
  signal?: AbortSignal,
): Promise<CommitChanges> {
  const [parent] = (await repository.details(commit, signal)).parents;
  const patched = tree === commit ? [] : await repository.changesBetween(commit, tree, signal);
  if (parent !== undefined && !(await repository.present([parent], signal)).has(parent))
    return { base: commit, missingParent: parent, files: [], patched };
  const base = parent ?? emptyTree(commit);
  return { base, files: await repository.changesBetween(base, commit, signal), patched };
}
