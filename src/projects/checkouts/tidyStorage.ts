import fs from 'node:fs/promises';
import path from 'node:path';
import { exists } from '../../git/exists';
import { openRepository } from '../../git/openRepository';
import { listWorktrees, removeUnused } from '../../git/workingTrees';

const day = 86_400_000;
/** ms; nothing that runs is as old. */
const treeForgottenAfter = 30 * day;
/** ms since it was brought up to date. Fetching it all again costs more than a working tree does. */
const copyForgottenAfter = 60 * day;
const fileForgottenAfter = 60 * day;

const ageOf = async (place: string) => {
  const found = await fs.stat(place).catch(() => undefined);
  return found ? Date.now() - found.mtimeMs : 0;
};

/** Takes away the old working trees whose window closed before a launch of theirs was kept in mind. */
export async function removeForgottenTrees(folder: string, inUse: readonly string[]): Promise<void> {
  for (const name of await fs.readdir(folder)) {
    const root = path.join(folder, name);
    if (inUse.includes(root) || (await ageOf(path.join(root, '.git'))) < treeForgottenAfter) continue;
    // Of a repository that is gone nobody knows what a program left in the tree.
    await openRepository(root)
      .then((tree) => tree && removeUnused({ root: tree.commonDir }, root))
      .catch(() => undefined);
  }
}

/** Takes away the files that nobody wrote for long. */
export async function removeUnwritten(folder: string): Promise<void> {
  for (const name of await fs.readdir(folder)) {
    const file = path.join(folder, name);
    if ((await ageOf(file)) > fileForgottenAfter) await fs.rm(file, { force: true });
  }
}

/** Says that a copy is in use, to this window and to others; nothing where there is none yet. */
export async function markUsed(copy: string): Promise<void> {
  const now = new Date();
  await fs.utimes(copy, now, now).catch(() => undefined);
}

/** Takes away copies of repositories that nobody used for long, and what is left of those that never got whole. */
export async function removeForgottenCopies(folder: string, inUse: readonly string[]): Promise<void> {
  for (const name of await fs.readdir(folder).catch(() => [])) {
    const copy = path.join(folder, name);
    if (inUse.includes(copy) || (await ageOf(copy)) < copyForgottenAfter) continue;
    if (name.endsWith('.git') && (await hasWorkingTree(copy))) continue;
    await fs.rm(copy, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** One that stands: what a program left in it is read through the copy. True when git cannot say. */
async function hasWorkingTree(copy: string): Promise<boolean> {
  try {
    const [, ...added] = await listWorktrees({ root: copy });
    const stand = await Promise.all(added.map((tree) => exists(tree.folder)));
    return stand.includes(true);
  } catch {
    return true;
  }
}
