import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { GitError } from './gitError';
import { type GitRunOptions, gitAtRoot } from './gitProcess';

/** ms; what the others do takes a few. */
const pauses = [50, 100, 200, 400, 800, 1_600];

/** A fetch asks for the heads of all working trees before it takes what came, and older versions of git add one with a head of zeros first. */
const headless = /bad object worktrees\/([^/\s]+)\/HEAD/;
/** Another fetch writes the same branch. */
const locked = /cannot lock ref/;

/** Runs `git fetch`, for a while again where somebody else's work in the same repository is in its way. */
export async function fetchBeside(root: string, args: readonly string[], options: GitRunOptions): Promise<void> {
  for (const wait of pauses) {
    try {
      await gitAtRoot(root, args, options);
      return;
    } catch (error) {
      if (!(error instanceof GitError) || !(headless.test(error.message) || locked.test(error.message))) throw error;
    }
    await pause(wait, undefined, { signal: options.signal });
  }
  await gitAtRoot(root, args, options);
}

/** As `fetchBeside` in a copy of our own: a working tree whose making was cut off would be in the way for ever, and is taken off git's list. */
export async function fetchCopy(copy: string, args: readonly string[], options: GitRunOptions): Promise<void> {
  try {
    await fetchBeside(copy, args, options);
  } catch (error) {
    const name = error instanceof GitError ? headless.exec(error.message)?.[1] : undefined;
    if (name === undefined || name === '..') throw error;
    const entry = path.join(copy, 'worktrees', name);
    if (!/^0+\s*$/.test(await readFile(path.join(entry, 'HEAD'), 'utf8').catch(() => ''))) throw error;
    await rm(entry, { recursive: true, force: true, maxRetries: 3 });
    await fetchCopy(copy, args, options);
  }
}
