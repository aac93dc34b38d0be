import { readdir, readFile, realpath, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { GitRepository } from './gitRepository';

/** ms without output in which git has to make a working tree; it writes next to nothing meanwhile. */
export const makingTimeout = 600_000;
/** ms; no git of ours is at one for so long. */
const givenUpAfter = 2 * makingTimeout;
/** Git locks a working tree until it is whole, with this word for why. https://git-scm.com/docs/git-worktree#_details */
const making = 'initializing';

type Place = Pick<GitRepository, 'commonDir'>;

interface HalfMade {
  /** Git's own folder for it. */
  readonly entry: string;
  /** As git knows it: a real path. */
  readonly folder: string;
  /** ms */
  readonly since: number;
}

async function halfMadeOf({ commonDir }: Place): Promise<readonly HalfMade[]> {
  const entries = path.join(commonDir, 'worktrees');
  const found: HalfMade[] = [];
  for (const name of await readdir(entries).catch(() => [])) {
    const entry = path.join(entries, name);
    const lock = path.join(entry, 'locked');
    const read = async (file: string) => (await readFile(file, 'utf8').catch(() => '')).trim();
    const [why, place] = [await read(lock), await read(path.join(entry, 'gitdir'))];
    const since = await stat(lock).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined,
    );
    if (why === making && place !== '' && since !== undefined)
      found.push({ entry, folder: path.dirname(path.resolve(entry, place)), since });
  }
  return found;
}

/** Git's folder first: without it what is left is no working tree of anything. */
async function remove({ entry, folder }: HalfMade): Promise<void> {
  for (const place of [entry, folder]) await rm(place, { recursive: true, force: true, maxRetries: 3 });
}

/** Takes away what git began to make at `folder` when it was ended; nothing where it ended in order. */
export async function removeHalfMade(repository: Place, folder: string): Promise<void> {
  const parent = path.dirname(folder);
  const real = path.join(await realpath(parent).catch(() => parent), path.basename(folder));
  for (const half of await halfMadeOf(repository)) if (half.folder === real) await remove(half);
}

/**
 * The same of all working trees in `parent`, a folder of our own, at which no git can be any more: that of a window that was
 * killed, say. They would stay locked, which no git takes away by itself, and be in the way of fetching.
 */
export async function removeGivenUp(repository: Place, parent: string): Promise<void> {
  const halves = await halfMadeOf(repository);
  if (halves.length === 0) return;
  const real = await realpath(parent);
  for (const half of halves)
    if (path.dirname(half.folder) === real && Date.now() - half.since > givenUpAfter) await remove(half);
}
