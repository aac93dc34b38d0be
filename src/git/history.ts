import { isFullCommitId } from '../shared/commitId';
import type { Commit } from './commitBatch';
import { requireCommitId } from './commitId';
import { GitError } from './gitError';
import { gitText } from './gitProcess';
import type { GitRepository } from './gitRepository';

export interface Head {
  readonly commit: string;
  readonly subject: string;
  /** Absent when the head is detached. */
  readonly branch?: string;
}

/** What is checked out; undefined while the repository has no commits. Looks at no file of the working tree. */
export async function headOf(repository: GitRepository, signal?: AbortSignal): Promise<Head | undefined> {
  const options = { signal, acceptedExitCodes: [1] };
  const [id, branch] = await Promise.all([
    gitText(repository.root, ['rev-parse', '--verify', '--quiet', 'HEAD'], options),
    gitText(repository.root, ['symbolic-ref', '--short', '-q', 'HEAD'], options),
  ]);
  const commit = id.trim();
  if (!isFullCommitId(commit)) return undefined;
  const subject = (await repository.commit(commit, signal))?.subject ?? '';
  const name = branch.trim();
  return { commit, subject, ...(name === '' ? {} : { branch: name }) };
}

/** `origin/main`; undefined where the branch that is checked out follows none. Looks at no file of the working tree. */
export async function upstreamOf({ root }: GitRepository, signal?: AbortSignal): Promise<string | undefined> {
  const args = ['for-each-ref', '--format=%(if)%(HEAD)%(then)%(upstream:short)%(end)', 'refs/heads'];
  return (await gitText(root, args, { signal })).split('\n').find((line) => line.trim() !== '');
}

/**
 * How many commits a commit has that the head has not, and the other way round; undefined while the repository has no commits.
 */
export async function distanceFromHead(
  { root }: GitRepository,
  commit: string,
  signal?: AbortSignal,
): Promise<{ readonly ahead: number; readonly behind: number } | undefined> {
  const args = ['rev-list', '--left-right', '--count', `HEAD...${requireCommitId(commit)}`, '--'];
  const asked = gitText(root, args, { signal, beside: { hereAlone: true } });
  const output = await asked.catch((error: unknown) => {
    if (error instanceof GitError && error.message.startsWith("bad revision 'HEAD...")) return '';
    throw error;
  });
  const [, behind, ahead] = /^(\d+)\t(\d+)$/.exec(output.trim()) ?? [];
  return behind === undefined || ahead === undefined ? undefined : { ahead: Number(ahead), behind: Number(behind) };
}

/** The id of what a person named: a branch, a tag, an id, `HEAD~3`. Throws `GitError` of kind `notFound`. */
export async function resolveCommit({ root }: GitRepository, name: string, signal?: AbortSignal): Promise<string> {
  const args = ['rev-parse', '--verify', '--quiet', `${name}^{commit}`];
  const isOption = name.startsWith('-');
  const id = isOption ? '' : (await gitText(root, args, { signal, acceptedExitCodes: [1, 128] })).trim();
  if (isFullCommitId(id)) return id;
  throw new GitError('notFound', `There is no commit ${JSON.stringify(name.slice(0, 80))} in this repository.`);
}

export interface LogQuestion {
  /** Ids; absent: the head. */
  readonly from?: string;
  /** Commits that can be reached from it are left out. */
  readonly notFrom?: string;
  /** Only those that changed this file, followed over renames; relative to the root. */
  readonly file?: string;
  readonly most: number;
  /** So many of the newest are left out. */
  readonly skip?: number;
}

/** ms without output: a file is followed through a long history before anything is said. */
const logTimeout = 300_000;

/** The newest first. Of a shallow clone those that are there. */
export async function log(
  { root }: GitRepository,
  { from, notFrom, file, most, skip = 0 }: LogQuestion,
  signal?: AbortSignal,
): Promise<readonly Commit[]> {
  const args = [
    'log',
    '-z',
    `--max-count=${most}`,
    ...(skip > 0 ? [`--skip=${skip}`] : []),
    '--format=%H%x1f%ct%x1f%an%x1f%s',
    ...(file === undefined ? [] : ['--follow']),
    from === undefined ? 'HEAD' : requireCommitId(from),
    ...(notFrom === undefined ? [] : [`^${requireCommitId(notFrom)}`]),
    '--',
    ...(file === undefined ? [] : [file]),
  ];
  const output = await gitText(root, args, { signal, timeout: logTimeout });
  return output.split('\0').flatMap((line) => {
    const [id = '', seconds = '', author = '', subject = ''] = line.trimStart().split('\x1f');
    return isFullCommitId(id) ? [{ id, time: Number(seconds) * 1000, author, subject }] : [];
  });
}

export interface Branch {
  /** `main`, `origin/main` */
  readonly name: string;
  readonly commit: string;
  readonly remote: boolean;
}

/** Those with the newest commits first; remotes' after local ones. */
export async function branches({ root }: GitRepository, signal?: AbortSignal): Promise<readonly Branch[]> {
  const format = '--format=%(refname)%1f%(objectname)%1f%(symref)';
  const args = ['for-each-ref', '--sort=-committerdate', format, 'refs/heads', 'refs/remotes'];
  const output = await gitText(root, args, { signal });
  const found = output.split('\n').flatMap((line): Branch[] => {
    const [ref = '', commit = '', symref = ''] = line.split('\x1f');
    // `origin/HEAD` is another name of one of the others.
    if (symref !== '' || !isFullCommitId(commit)) return [];
    return [{ name: ref.replace(/^refs\/(heads|remotes)\//, ''), commit, remote: ref.startsWith('refs/remotes/') }];
  });
  return [...found.filter(({ remote }) => !remote), ...found.filter(({ remote }) => remote)];
}

/** The branch that work starts from: the remote's own choice, else `main` or `master`. */
export async function mainBranch(
  repository: GitRepository,
  known: readonly Branch[],
  signal?: AbortSignal,
): Promise<Branch | undefined> {
  const args = ['symbolic-ref', '--short', '-q', 'refs/remotes/origin/HEAD'];
  const chosen = (await gitText(repository.root, args, { signal, acceptedExitCodes: [1, 128] })).trim();
  const names = [chosen.replace(/^origin\//, ''), chosen, 'main', 'master', 'origin/main', 'origin/master'];
  return names.flatMap((name) => known.find((branch) => branch.name === name) ?? [])[0];
}
