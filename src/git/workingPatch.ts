import { copyFile, mkdtemp, readFile, rm, stat, utimes } from 'node:fs/promises';
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

/**
 * The changes of the working tree, staged or not, beyond a commit, as bytes that `git apply` takes; empty when there are
 * none. Neither the working tree nor the index is touched. Throws `GitError`, kind `tooLarge` beyond `maxBytes`.
 */
export async function workingPatch(repository: GitRepository, options: PatchOptions): Promise<Buffer> {
  const { untracked, maxBytes, signal } = options;
  // Text would not do: a file may be in any encoding, and the patch must give back its very bytes.
  const folder = await mkdtemp(path.join(os.tmpdir(), 'flowdeck-patch-'));
  try {
    const output = path.join(folder, 'changes.patch');
    const indexFile = path.join(folder, 'index');
    await copyIndex(repository, indexFile, signal);
    if (untracked.length > 0) {
      const input = untracked.map((file) => `${file}\0`).join('');
      const args = ['add', '--intent-to-add', '--pathspec-from-file=-', '--pathspec-file-nul'];
      await gitText(repository.root, args, { signal, beside: { index: indexFile }, input });
    }
    const args = ['diff', ...form, `--output=${output}`, requireCommitId(options.commit), '--'];
    await gitText(repository.root, args, { signal, beside: { index: indexFile } });
    const { size } = await stat(output);
    if (size > maxBytes)
      throw new GitError(
        'tooLarge',
        `The patch has ${kilobytes(size)} kB, more than the ${kilobytes(maxBytes)} kB allowed.`,
      );
    return await readFile(output);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
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
  const output = await gitText(root, ['ls-files', '--others', '--exclude-standard', '-z'], { signal });
  const files = output.split('\0').filter((file) => file !== '' && !file.endsWith('/'));
  const sized = await mapLimited(files, atOnce, (file) => sizeOf(root, file));
  return sized.filter((file) => file !== undefined);
}

/** Files that are looked at, at a time. */
const atOnce = 64;

/** Undefined for what went away meanwhile. */
async function sizeOf(root: string, file: string): Promise<UntrackedFile | undefined> {
  return stat(path.join(root, file)).then(
    ({ size }) => ({ file, size }),
    () => undefined,
  );
}
