import { rm } from 'node:fs/promises';
import path from 'node:path';
import { requireCommitId } from './commitId';
import { GitError } from './gitError';
import { type GitPlaces, gitAtRoot, gitText } from './gitProcess';
import { isPatch, patchOrders, submodulePart } from './patchOrders';
import { keepTree, tidyTrees } from './patchStore';

/** bytes; a larger patch is refused before git sees it. */
export const maxPatchBytes = 10 * 1024 * 1024;

/** Its very bytes, for what it changes may be in any encoding; or a text, which is UTF-8. */
export type Patch = Uint8Array | string;

/**
 * The id of the tree that `commit` becomes with `patch`. It is built in an index and a folder of objects of its own:
 * neither the working tree, nor the index, nor the object store of the repository is written to. Throws `GitError`
 * of kind `patch` when the patch does not fit.
 */
export async function patchedTree(
  repository: { readonly root: string; readonly commonDir: string },
  commit: string,
  patch: Patch,
  signal?: AbortSignal,
): Promise<string> {
  const parts = readParts(patch);
  const { root, commonDir } = repository;
  const tree = await keepTree(commonDir, async (folder) => {
    const index = path.join(folder, 'index');
    const beside: GitPlaces = {
      index,
      newObjects: { folder, repository: path.join(commonDir, 'objects') },
    };
    const git = (args: readonly string[], input?: Buffer) =>
      gitAtRoot(root, args, { signal, beside, ...(input === undefined ? {} : { input }) });
    await git(['read-tree', requireCommitId(commit)]);
    // All of it or nothing: what is refused leaves the index as it was.
    await inSomeOrder(parts, async (input) => {
      await git(['apply', '--cached', '--whitespace=nowarn', '-'], input);
    });
    const id = (await git(['write-tree'])).trim();
    await rm(index, { force: true });
    return id;
  });
  await tidyTrees(commonDir);
  return tree;
}

/**
 * Applies `patch` to the files of the working tree at `root`, all of it or nothing. For a tree that was just made. The
 * commits of submodules stand in the index then: `updateSubmodules` checks them out.
 */
export async function patchWorkingTree(root: string, patch: Patch, signal?: AbortSignal): Promise<void> {
  const parts = readParts(patch);
  const apply = (text: string, ...args: readonly string[]) =>
    inSomeOrder(text, (input) =>
      gitText(root, ['apply', ...args, '--whitespace=nowarn', '-'], { signal, input }).then(() => undefined),
    );
  await apply(parts);
  // To the files alone git says nothing of them, and does nothing.
  const submodules = submodulePart(parts);
  if (submodules !== '') await apply(submodules, '--cached');
}

/** A text in which each character is a byte, so that parts can be told and put in another order, whatever their encoding. */
function readParts(patch: Patch): string {
  const bytes = Buffer.from(typeof patch === 'string' ? new TextEncoder().encode(patch) : patch);
  if (bytes.length > maxPatchBytes)
    throw new GitError('tooLarge', `The patch is larger than ${maxPatchBytes / 1024 / 1024} MB.`);
  const parts = bytes.toString('latin1');
  if (!isPatch(parts)) throw new GitError('patch', 'It holds no patch that git can read.');
  return parts;
}

/** The first refusal is the one that is told: it is about the patch as it was written. */
async function inSomeOrder(parts: string, apply: (patch: Buffer) => Promise<void>): Promise<void> {
  let refused: GitError | undefined;
  for (const order of patchOrders(parts)) {
    try {
      await apply(Buffer.from(order, 'latin1'));
      return;
    } catch (error) {
      // A file that is not there to be changed reads to git as something not found.
      if (!(error instanceof GitError) || (error.kind !== 'failed' && error.kind !== 'notFound')) throw error;
      refused ??= error;
    }
  }
  throw new GitError('patch', refused?.message ?? 'git could not read it.');
}
