import path from 'node:path';
import { isFullCommitId } from '../shared/commitId';
import { type Commit, parseCommitBatch } from './commitBatch';
import { requireCommitId } from './commitId';
import { GitError } from './gitError';
import { catFile, type GitRunOptions, gitText } from './gitProcess';
import { stripCredentials } from './remoteUrl';
import { parseStatus, type RepositoryState } from './repositoryState';

export interface Remote {
  readonly name: string;
  /** Without credentials; absent when the address has a form in which they cannot be told apart. */
  readonly url?: string;
}

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

const fetchTimeout = 120_000;

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
  ) {}

  get name(): string {
    return path.basename(this.root);
  }

  /** Head and changes, in one question. */
  async state(signal?: AbortSignal): Promise<RepositoryState> {
    const args = ['status', '--porcelain=v2', '--branch', '--untracked-files=normal', '-z'];
    return parseStatus(await this.text(args, { signal }));
  }

  /** In the order of git's configuration. */
  async remotes(signal?: AbortSignal): Promise<readonly Remote[]> {
    const args = ['config', '--get-regexp', '-z', '^remote\\..*\\.url$'];
    const output = await this.text(args, { signal, acceptedExitCodes: [1] });
    const remotes = new Map<string, Remote>();
    for (const entry of output.split('\0')) {
      const split = entry.indexOf('\n');
      const name = /^remote\.(.*)\.url$/s.exec(entry.slice(0, split))?.[1];
      // A name that looks like an option can only come from a configuration written by hand.
      if (split < 0 || name === undefined || name.startsWith('-') || remotes.has(name)) continue;
      const url = stripCredentials(entry.slice(split + 1));
      remotes.set(name, url === undefined ? { name } : { name, url });
    }
    return [...remotes.values()];
  }

  /** Those of `ids` that are commits of this repository, whatever their number with one git process. */
  async commits(ids: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, Commit>> {
    const asked = [...new Set(ids.map(requireCommitId))];
    const found = new Map<string, Commit>();
    if (asked.length === 0) return found;
    const input = asked.map((id) => `${id}^{commit}\n`).join('');
    const commits = parseCommitBatch(await catFile(this.root, ['--batch'], { signal, input }));
    asked.forEach((id, at) => {
      const commit = commits[at];
      if (commit) found.set(id, commit);
    });
    return found;
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
    return catFile(this.root, ['blob', objectName(commit, file)], { signal });
  }

  /** Files of a commit; submodules are left out. */
  async listFiles(commit: string, signal?: AbortSignal): Promise<readonly string[]> {
    const output = await this.text(['ls-tree', '-r', '-z', '--full-tree', requireCommitId(commit)], { signal });
    return output.split('\0').flatMap((line) => {
      const [, type, file] = /^\d+ (\w+) \S+\t(.*)$/s.exec(line) ?? [];
      return type === 'blob' && file !== undefined ? [file] : [];
    });
  }

  /** The name that `file` of commit `from` has in commit `to` when it was renamed between them, else undefined. */
  async renamed(from: string, to: string, file: string, signal?: AbortSignal): Promise<string | undefined> {
    const args = ['diff-tree', '-r', '-z', '-M', '--no-ext-diff', '--no-textconv', '--diff-filter=R', '--name-status'];
    const output = await this.text([...args, requireCommitId(from), requireCommitId(to)], { signal });
    const fields = output.split('\0');
    for (let at = 0; at + 2 < fields.length; at += 3) if (fields[at + 1] === file) return fields[at + 2];
    return undefined;
  }

  /**
   * Gets a commit from a remote: by its id, else by the branch, else all branches. A complete repository stays
   * complete, a shallow one stays as shallow as it was. Throws kind `notFound` when the remote does not have it.
   */
  async fetchCommit(remote: string, options: FetchOptions): Promise<Commit> {
    const commit = requireCommitId(options.commit);
    const attempts = fetchAttempts(remote, commit, options.branch);
    const running = { signal: options.signal, timeout: fetchTimeout, ...progressOf(options) };
    const shallow = await this.isShallow(options.signal);
    let refused: unknown;
    for (const { refs, depth } of attempts) {
      const limits = shallow && depth === 'one' ? ['--depth=1'] : shallow && depth === 'all' ? ['--unshallow'] : [];
      try {
        await this.text(['fetch', '--no-tags', '--no-recurse-submodules', ...limits, remote, ...refs], running);
      } catch (error) {
        if (!(error instanceof GitError) || (error.kind !== 'notFound' && error.kind !== 'failed')) throw error;
        refused = error;
      }
      const found = await this.commit(commit, options.signal);
      if (found) return found;
    }
    if (refused instanceof GitError && refused.kind === 'failed') throw refused;
    throw new GitError('notFound', `The remote ${remote} does not have commit ${commit}.`);
  }

  private async isShallow(signal?: AbortSignal): Promise<boolean> {
    return (await this.text(['rev-parse', '--is-shallow-repository'], { signal })).trim() === 'true';
  }

  private text(args: readonly string[], options: GitRunOptions): Promise<string> {
    return gitText(this.root, args, options);
  }
}

interface FetchAttempt {
  readonly refs: readonly string[];
  /** How much history a shallow repository asks for. */
  readonly depth: 'one' | 'same' | 'all';
}

function fetchAttempts(remote: string, commit: string, branch: string | undefined): readonly FetchAttempt[] {
  if (remote === '' || remote.startsWith('-')) throw new GitError('badArgument', 'The remote has an unusable name.');
  const everything = [`+refs/heads/*:refs/remotes/${remote}/*`];
  return [
    ...(isFullCommitId(commit) ? [{ refs: [commit], depth: 'one' as const }] : []),
    ...(branch !== undefined && isBranchName(branch)
      ? [{ refs: [`+refs/heads/${branch}:refs/remotes/${remote}/${branch}`], depth: 'same' as const }]
      : []),
    { refs: everything, depth: 'all' },
  ];
}

const progressOf = (options: FetchOptions) => (options.progress ? { progress: options.progress } : {});

/** Only what can stand in a refspec without a meaning of its own. https://git-scm.com/docs/git-check-ref-format */
export function isBranchName(name: string): boolean {
  const bad = /[\s~^:?*[\\]|\.\.|@\{|\/\/|^[-/.]|[/.]$|\.lock(\/|$)|\/\./;
  return name !== '' && name.length <= 255 && !bad.test(name) && ![...name].some((character) => character < ' ');
}

/** `<commit>:<path>`. A path that leaves the tree throws; one that starts with `./` would be read from git's own folder. */
function objectName(commit: string, file: string): string {
  const parts = file.split('/');
  if (file === '' || file.includes('\0') || parts.some((part) => part === '' || part === '.' || part === '..'))
    throw new GitError('badArgument', `${JSON.stringify(file.slice(0, 200))} is not a path inside a repository.`);
  return `${requireCommitId(commit)}:${file}`;
}
