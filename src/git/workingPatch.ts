import { copyFile, lstat, mkdtemp, readFile, rm, stat, utimes } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { mapLimited } from '../shared/mapLimited';
import { requireCommitId } from './commitId';
import { GitError } from './gitError';
import { gitText } from './gitProcess';
import type { GitRepository } from './gitRepository';

export interface PatchOptions {
  /** The commit that the patch applies to. */
  readonly commit: string;
  /** Untracked files that become new files of the patch, relative to the root. */
  readonly untracked: readonly string[];
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

export interface UntrackedFile {
  /** Relative to the root, `/` between parts. */
  readonly file: string;
  /** bytes */
  readonly size: number;
}

/**
 * What a person's own configuration could change in the form of a diff is pinned, for `git apply` takes only one: no
 * colours, no other program, three lines of context, the usual prefixes, submodules as their commits.
 */
const form = [
  '--binary',
  '--no-color',
  '--no-ext-diff',
  '--no-textconv',
  '--unified=3',
  '--inter-hunk-context=0',
  '--src-prefix=a/',
  '--dst-prefix=b/',
  '--submodule=short',
  '--ignore-submodules=dirty',
];

/** ms without output, of which there is none: the patch goes to a file. Who waits can cancel. */
const longTimeout = 600_000;
/** ms */
const lookEvery = 200;
/** Deflate makes nothing smaller than this part of it: https://zlib.net/zlib_tech.html */
const mostShrunk = 1_032;

/**
 * The changes of the working tree, staged or not, beyond a commit, as bytes that `git apply` takes; empty when there are
 * none. Neither the working tree nor the index is touched. Throws `GitError`, kind `tooLarge` beyond `maxBytes`: as soon as
 * so much was written, not when all was.
 */
export async function workingPatch(repository: GitRepository, options: PatchOptions): Promise<Buffer> {
  const { untracked, maxBytes, signal } = options;
  const sizes = await Promise.all(untracked.map((file) => sizeOf(repository.root, file)));
  const total = sizes.reduce((sum, file) => sum + (file?.size ?? 0), 0);
  if (total > maxBytes * mostShrunk)
    throw new GitError(
      'tooLarge',
      `The untracked files have ${kilobytes(total)} kB, which fit into no patch of the ${kilobytes(maxBytes)} kB allowed.`,
    );
  // Text would not do: a file may be in any encoding, and the patch must give back its very bytes.
  const folder = await mkdtemp(path.join(os.tmpdir(), 'flowdeck-patch-'));
  try {
    const output = path.join(folder, 'changes.patch');
    const indexFile = path.join(folder, 'index');
    await copyIndex(repository, indexFile, signal);
    if (untracked.length > 0) {
      const input = untracked.map((file) => `${file}\0`).join('');
      const args = ['add', '--intent-to-add', '--pathspec-from-file=-', '--pathspec-file-nul'];
      await gitText(repository.root, args, { signal, beside: { index: indexFile }, input, timeout: longTimeout });
    }
    const args = ['diff', ...form, `--output=${output}`, requireCommitId(options.commit), '--'];
    const asking = { beside: { index: indexFile }, timeout: longTimeout };
    await whileSmall(output, maxBytes, signal, (abort) => gitText(repository.root, args, { ...asking, signal: abort }));
    return await readFile(output);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Does what writes to a file, and ends it when the file has more than `maxBytes`. Throws kind `tooLarge` then. */
async function whileSmall(
  file: string,
  maxBytes: number,
  signal: AbortSignal | undefined,
  write: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const enough = new AbortController();
  const size = () =>
    stat(file).then(
      (found) => found.size,
      () => 0,
    );
  const looking = setInterval(() => {
    void size().then((bytes) => {
      if (bytes > maxBytes) enough.abort();
    });
  }, lookEvery);
  try {
    await write(AbortSignal.any([enough.signal, ...(signal ? [signal] : [])]));
  } catch (error) {
    if (!enough.signal.aborted || signal?.aborted) throw error;
  } finally {
    clearInterval(looking);
  }
  const bytes = await size();
  if (enough.signal.aborted || bytes > maxBytes)
    throw new GitError(
      'tooLarge',
      enough.signal.aborted
        ? `The patch has more than the ${kilobytes(maxBytes)} kB allowed.`
        : `The patch has ${kilobytes(bytes)} kB, more than the ${kilobytes(maxBytes)} kB allowed.`,
    );
}

const kilobytes = (bytes: number) => Math.ceil(bytes / 1000).toLocaleString('en');

/**
 * With the time of the original: a file of the same size that was written in the very second in which the index was
 * counts as unchanged in one that is younger. A repository whose files were all removed from it has no index.
 */
async function copyIndex({ root }: GitRepository, target: string, signal: AbortSignal | undefined): Promise<void> {
  const index = (await gitText(root, ['rev-parse', '--git-path', 'index'], { signal })).trimEnd();
  try {
    const { mtimeMs } = await stat(path.resolve(root, index));
    await copyFile(path.resolve(root, index), target);
    const second = Math.floor(mtimeMs / 1000);
    await utimes(target, second, second);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

/** Files git does not know and does not ignore. Repositories inside are left out: no patch can hold them. */
export async function untrackedFiles({ root }: GitRepository, signal?: AbortSignal): Promise<readonly UntrackedFile[]> {
  const args = ['ls-files', '--others', '--exclude-standard', '-z'];
  const output = await gitText(root, args, { signal, timeout: longTimeout });
  const files = output.split('\0').filter((file) => file !== '' && !file.endsWith('/'));
  const sized = await mapLimited(files, atOnce, (file) => sizeOf(root, file));
  return sized.filter((file) => file !== undefined);
}

/** Files that are looked at, at a time. */
const atOnce = 64;

/** Undefined for what went away meanwhile. */
async function sizeOf(root: string, file: string): Promise<UntrackedFile | undefined> {
  return lstat(path.join(root, file)).then(
    ({ size }) => ({ file, size }),
    () => undefined,
  );
}
