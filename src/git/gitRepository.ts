import path from 'node:path';
import { type Patch, patchedTree } from './applyPatch';
import { type ChangedFile, changeFormat, parseChanges } from './changedFiles';
import { type Commit, parseBlobBatch, parseCommitBatch, parsePresent } from './commitBatch';
import { type CommitDetails, parseCommitDetails } from './commitDetails';
import { requireCommitId } from './commitId';
import { fetchAttempts, type Shallow } from './fetchAttempts';
import { fetchBeside } from './fetchBeside';
import { GitError } from './gitError';
import { catFile, type GitRunOptions, gitText } from './gitProcess';
import { markUsed, treeFolder } from './patchStore';
import { parseRemotes, type Remote, remotesQuestion } from './remotes';
import { parseStatus, type RepositoryState } from './repositoryState';

export interface FetchOptions {
  /** Full id of the commit that is wanted. */
  readonly commit: string;
  /** Where the server hands out no single commits: the branch that may hold it. */
  readonly branch?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly progress?: (stage: string, percent: number) => void;
}

/** Larger files are not shown. */
export const maxFileBytes = 50 * 1024 * 1024;

/** Which commits there are is asked for thousands of runs, most of them of other repositories: no request for each. */
const hereAlone = { hereAlone: true };
const fetchTimeout = 120_000;
/** ms without output: whole trees are read, large ones are written. */
const longTimeout = 120_000;

/**
 * One working tree and what git knows of it. Paths are relative to `root` with `/` between parts. Every method
 * throws `GitError`, or an `AbortError` when its signal was aborted.
 */
export class GitRepository {
  constructor(
    /** Absolute folder of the working tree. */
    readonly root: string,
    /** Absolute; the same for all worktrees of one repository. */
    readonly commonDir: string,
    /** Trees made by `patched` that are read as well. */
    private readonly trees: readonly string[] = [],
  ) {}

  /** The same repository, with these trees that `patched` made. */
  reading(...trees: readonly string[]): GitRepository {
    return new GitRepository(this.root, this.commonDir, trees.map(requireCommitId));
  }

  get name(): string {
    return path.basename(this.root);
  }

  /** Head and changes, in one question. */
  async state(signal?: AbortSignal): Promise<RepositoryState> {
    const args = ['status', '--porcelain=v2', '--branch', '--untracked-files=normal', '-z'];
    return parseStatus(await this.text(args, { signal, timeout: longTimeout }));
  }

  /** In the order of git's configuration. */
  async remotes(signal?: AbortSignal): Promise<readonly Remote[]> {
    return parseRemotes(await this.text(remotesQuestion, { signal, acceptedExitCodes: [1] }));
  }

  /** Those of `ids` that are commits of this repository, whatever their number with one git process. */
  async commits(ids: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, Commit>> {
    const asked = [...new Set(ids.map(requireCommitId))];
    const found = new Map<string, Commit>();
    if (asked.length === 0) return found;
    const input = asked.map((id) => `${id}^{commit}\n`).join('');
    const commits = parseCommitBatch(await this.bytes(['--batch', '--buffer'], { signal, input, beside: hereAlone }));
    asked.forEach((id, at) => {
      const commit = commits[at];
      if (commit) found.set(id, commit);
    });
    return found;
  }

  /** The full id of each of `ids` that is a commit here, with one git process and without reading a commit. */
  async present(ids: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const asked = [...new Set(ids.map(requireCommitId))];
    if (asked.length === 0) return new Map();
    const input = asked.map((id) => `${id}^{commit}\n`).join('');
    const args = ['--batch-check=%(objectname) %(objecttype)', '--buffer'];
    const output = await this.bytes(args, { signal, input, beside: hereAlone });
    return parsePresent(asked, output.toString('latin1'));
  }

  /** Throws kind `notFound` when the repository does not have it. */
  async details(id: string, signal?: AbortSignal): Promise<CommitDetails> {
    return parseCommitDetails(await this.bytes(['commit', requireCommitId(id)], { signal }));
  }

  /** How `to` differs from `from`: commits or trees. */
  async changesBetween(from: string, to: string, signal?: AbortSignal): Promise<readonly ChangedFile[]> {
    const args = ['diff-tree', '-r', ...changeFormat, requireCommitId(from), requireCommitId(to)];
    return parseChanges(await this.text(args, { signal, timeout: longTimeout }));
  }

  /** How the working tree differs from `from`, files that git does not track but could included. */
  async changesToWorkingTree(from: string, signal?: AbortSignal): Promise<readonly ChangedFile[]> {
    const args = ['diff', '--ignore-submodules=untracked', ...changeFormat, requireCommitId(from), '--'];
    const untracked = ['ls-files', '--others', '--exclude-standard', '-z'];
    const options = { signal, timeout: longTimeout };
    const [changed, others] = await Promise.all([this.text(args, options), this.text(untracked, options)]);
    const files = new Map(parseChanges(changed).map((file) => [file.path, file]));
    // A name that ends with a slash is a repository inside this one, which keeps its files for itself.
    for (const path of others.split('\0'))
      if (path !== '' && !path.endsWith('/'))
        files.set(path, files.has(path) ? { kind: 'modified', path } : { kind: 'added', path });
    return [...files.values()];
  }

  /** The contents of those of `files` that `commit` has, with one git process. Larger ones than `limit` bytes stay out. */
  async readFiles(
    commit: string,
    files: readonly string[],
    limit: number,
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, Buffer>> {
    // Names are told apart by line ends here.
    const asked = files.filter((file) => !file.includes('\n'));
    if (asked.length === 0) return new Map();
    const input = asked.map((file) => `${objectName(commit, file)}\n`).join('');
    return parseBlobBatch(
      asked,
      await this.bytes(['--batch', '--buffer'], { signal, input, timeout: longTimeout }),
      limit,
    );
  }

  /** The tree that `commit` becomes with `patch`; the working tree, the index and git's own objects stay as they are. */
  async patched(commit: string, patch: Patch, signal?: AbortSignal): Promise<string> {
    return patchedTree(this, commit, patch, signal);
  }

  /** Undefined when the repository does not have it. */
  async commit(id: string, signal?: AbortSignal): Promise<Commit | undefined> {
    return (await this.commits([id], signal)).get(requireCommitId(id));
  }

  /** bytes. Throws `GitError` of kind `notFound` when the commit has no such file. */
  async fileSize(commit: string, file: string, signal?: AbortSignal): Promise<number> {
    const size = await this.text(['cat-file', '-s', objectName(commit, file)], { signal });
    return Number(size.trim());
  }

  /** The bytes git stores: no filter, no line-ending conversion, no textconv. Throws kind `tooLarge` beyond `maxFileBytes`. */
  async readFile(commit: string, file: string, signal?: AbortSignal): Promise<Buffer> {
    const size = await this.fileSize(commit, file, signal);
    if (size > maxFileBytes)
      throw new GitError('tooLarge', `${file} is too large to be shown (${Math.round(size / 1e6)} MB).`);
    return this.bytes(['blob', objectName(commit, file)], { signal });
  }

  /** Files of a commit; submodules are left out. */
  async listFiles(commit: string, signal?: AbortSignal): Promise<readonly string[]> {
    return (await this.entries(commit, signal)).flatMap(({ type, file }) => (type === 'blob' ? [file] : []));
  }

  /** The commits of its submodules, by their folders. */
  async submodules(commit: string, signal?: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const entries = await this.entries(commit, signal);
    return new Map(entries.flatMap(({ type, id, file }) => (type === 'commit' ? [[file, id]] : [])));
  }

  private async entries(commit: string, signal?: AbortSignal) {
    const output = await this.text(['ls-tree', '-r', '-z', '--full-tree', requireCommitId(commit)], {
      signal,
      timeout: longTimeout,
    });
    return output.split('\0').flatMap((line) => {
      const [, type, id, file] = /^\d+ (\w+) (\S+)\t(.*)$/s.exec(line) ?? [];
      return type && id && file ? [{ type, id, file }] : [];
    });
  }

  /** What git is told to leave out of `folder`, which it knows: files, and folders as a whole. No byte code of Python. */
  async ignored(folder: string, signal?: AbortSignal): Promise<readonly string[]> {
    const args = ['ls-files', '--others', '--ignored', '--exclude-standard', '--directory', '-z', '--', folder];
    const output = await this.text(args, { signal, timeout: longTimeout });
    const found = output.split('\0').map((file) => file.replace(/\/$/, ''));
    return found.filter((file) => file !== '' && !/(^|\/)__pycache__$/.test(file));
  }

  /** The name that `file` of commit `from` has in commit `to` when it was renamed between them, else undefined. */
  async renamed(from: string, to: string, file: string, signal?: AbortSignal): Promise<string | undefined> {
    const args = ['diff-tree', '-r', '-z', '-M', '--no-ext-diff', '--no-textconv', '--diff-filter=R', '--name-status'];
    const options = { signal, timeout: longTimeout };
    const output = await this.text([...args, requireCommitId(from), requireCommitId(to)], options);
    const fields = output.split('\0');
    for (let at = 0; at + 2 < fields.length; at += 3) if (fields[at + 1] === file) return fields[at + 2];
    return undefined;
  }

  /**
   * Gets a commit from a remote: by its id, else by the branch, else all branches. A complete repository stays
   * complete. A shallow one gets a newer commit with what lies between that and its head, and an older one alone; the whole
   * history only where the remote hands out no single commits. Throws kind `notFound` when the remote does not have it.
   */
  async fetchCommit(remote: string, options: FetchOptions): Promise<Commit> {
    const commit = requireCommitId(options.commit);
    const { signal, progress } = options;
    const attempts = fetchAttempts(remote, commit, options.branch, await this.shallow(signal));
    const running = { signal, timeout: fetchTimeout, ...(progress ? { progress } : {}) };
    let refused: unknown;
    for (const { refs, limits, refusable } of attempts) {
      const args = ['fetch', '--no-tags', '--no-recurse-submodules', ...limits, remote, ...refs];
      try {
        await fetchBeside(this.root, args, running);
      } catch (error) {
        if (!(error instanceof GitError)) throw error;
        if (refusable) continue;
        if (error.kind !== 'notFound' && error.kind !== 'failed') throw error;
        refused = error;
      }
      const found = await this.commit(commit, options.signal);
      if (found) return found;
    }
    if (refused instanceof GitError && refused.kind === 'failed') throw refused;
    throw new GitError('notFound', `The remote ${remote} does not have commit ${commit}.`);
  }

  private async shallow(signal?: AbortSignal): Promise<Shallow | undefined> {
    if ((await this.text(['rev-parse', '--is-shallow-repository'], { signal })).trim() !== 'true') return undefined;
    const args = ['log', '--max-parents=0', '--no-show-signature', '--format=%ct', 'HEAD'];
    const times = await this.text(args, { signal, timeout: longTimeout }).catch((error: unknown) => {
      // Nothing was committed here yet.
      if (error instanceof GitError) return '';
      throw error;
    });
    const ends = times.split('\n').filter((line) => /^\d+$/.test(line));
    return { since: ends.length > 0 ? Math.min(...ends.map(Number)) : undefined };
  }

  private async text(args: readonly string[], options: GitRunOptions): Promise<string> {
    return gitText(this.root, args, await this.withPlaces(options));
  }

  private async bytes(args: readonly string[], options: GitRunOptions): Promise<Buffer> {
    return catFile(this.root, args, await this.withPlaces(options));
  }

  private async withPlaces(options: GitRunOptions): Promise<GitRunOptions> {
    const moreObjects = this.trees.map((tree) => treeFolder(this.commonDir, tree));
    await Promise.all(moreObjects.map(markUsed));
    const bare = this.root === this.commonDir ? { gitDir: this.root } : {};
    return { ...options, beside: { ...bare, ...options.beside, moreObjects } };
  }
}

/** `<commit>:<path>`. A path that leaves the tree throws; one that starts with `./` would be read from git's own folder. */
function objectName(commit: string, file: string): string {
  const parts = file.split('/');
  if (file === '' || file.includes('\0') || parts.some((part) => part === '' || part === '.' || part === '..'))
    throw new GitError('badArgument', `${JSON.stringify(file.slice(0, 200))} is not a path inside a repository.`);
  return `${requireCommitId(commit)}:${file}`;
}
