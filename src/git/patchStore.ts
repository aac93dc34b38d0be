import { randomUUID } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';

/** Nothing that was read within a month goes for its age, nothing that was read within a day for its size. */
const kept = { forMs: 30 * 86_400_000, atLeastMs: 86_400_000, bytes: 200_000_000, trees: 1_000 };

/** Where the objects of patched trees are, each tree's in a folder of its own: beside git's, which neither shows, sends nor collects them. */
const storeOf = (commonDir: string) => path.join(commonDir, 'flowdeck', 'trees');

/** The objects of a patched tree. The time of the folder says when they were last needed. */
export const treeFolder = (commonDir: string, tree: string) => path.join(storeOf(commonDir), tree);

/** Says that the objects are needed. There may be none: then reading will tell. */
export async function markUsed(folder: string): Promise<void> {
  const now = new Date();
  await utimes(folder, now, now).catch(() => undefined);
}

/** Keeps the objects that `make` writes into the folder it is given under the id of the tree that it returns. */
export async function keepTree(commonDir: string, make: (folder: string) => Promise<string>): Promise<string> {
  const made = path.join(storeOf(commonDir), `new-${randomUUID()}`);
  await mkdir(made, { recursive: true });
  try {
    const tree = await make(made);
    const folder = treeFolder(commonDir, tree);
    await rename(made, folder).catch(() => undefined);
    // Another one that made the same tree was faster, or the folder is there from before.
    if ((await timeOf(folder)) === undefined) throw new Error(`the changed files could not be kept in ${folder}`);
    await markUsed(folder);
    return tree;
  } finally {
    await rm(made, { recursive: true, force: true, maxRetries: 3 });
  }
}

export interface PruneLimits {
  readonly forMs: number;
  readonly atLeastMs: number;
  readonly bytes: number;
  readonly trees: number;
}

/** ms; all files are looked at. */
const tidyEvery = 600_000;
const tidied = new Map<string, number>();

/** `pruneTrees` every now and then. */
export async function tidyTrees(commonDir: string): Promise<void> {
  const now = Date.now();
  if (now - (tidied.get(commonDir) ?? 0) < tidyEvery) return;
  tidied.set(commonDir, now);
  await pruneTrees(commonDir, now);
}

/** Takes away what nobody needed for long, and the longest unused of too much. Throws nothing: it is only tidying. */
export async function pruneTrees(commonDir: string, now = Date.now(), limits: PruneLimits = kept): Promise<void> {
  const store = storeOf(commonDir);
  const found: { folder: string; used: number; bytes: number }[] = [];
  for (const { name } of await entriesOf(store)) {
    const folder = path.join(store, name);
    found.push({ folder, used: (await timeOf(folder)) ?? now, bytes: await bytesIn(folder) });
  }
  found.sort((a, b) => b.used - a.used);
  let bytes = 0;
  for (const [at, entry] of found.entries()) {
    bytes += entry.bytes;
    const unused = now - entry.used;
    const tooMuch = bytes > limits.bytes || at >= limits.trees;
    if (unused > limits.forMs || (tooMuch && unused > limits.atLeastMs)) await remove(entry.folder, entry.used);
  }
}

/** First out of the way, so that nobody finds half of it; back when somebody marked it meanwhile. */
async function remove(folder: string, used: number): Promise<void> {
  const gone = path.join(path.dirname(folder), `gone-${randomUUID()}`);
  try {
    await rename(folder, gone);
    if ((await timeOf(gone)) === used) await rm(gone, { recursive: true, force: true });
    else await rename(gone, folder);
  } catch {
    // Somebody reads it (on Windows), or it is gone already: another time.
  }
}

async function bytesIn(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await entriesOf(folder)) {
    const inside = path.join(folder, entry.name);
    bytes += entry.isDirectory()
      ? await bytesIn(inside)
      : await stat(inside).then(
          ({ size }) => size,
          () => 0,
        );
  }
  return bytes;
}

const entriesOf = (folder: string): Promise<readonly Dirent[]> =>
  readdir(folder, { withFileTypes: true }).catch(() => []);

const timeOf = (folder: string): Promise<number | undefined> =>
  stat(folder).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
