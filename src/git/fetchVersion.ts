import { isFullCommitId } from '../shared/commitId';
import { isBranchName } from './fetchAttempts';
import { GitError } from './gitError';
import { gitText } from './gitProcess';
import type { GitRepository } from './gitRepository';

interface Advertised {
  readonly commit: string;
  /** Absent for a tag. */
  readonly branch?: string;
}

/**
 * Gets the commit that a branch, a tag or a full id means at a remote, from the first that has it, `origin` before the
 * others. No branch and no tag here changes. Undefined where no remote has it; throws `GitError` when one that may have it
 * does not answer.
 */
export async function fetchVersion(
  repository: GitRepository,
  version: string,
  onFetch: (remote: string) => void,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const remotes = (await repository.remotes(signal)).map(({ name }) => name);
  let fault: GitError | undefined;
  for (const remote of remotes.toSorted((a, b) => Number(b === 'origin') - Number(a === 'origin')))
    try {
      const found = isFullCommitId(version)
        ? { commit: version }
        : await advertised(repository, remote, version, signal);
      if (!found) continue;
      onFetch(remote);
      return (await repository.fetchCommit(remote, { ...found, signal })).id;
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      if (error.kind !== 'notFound') fault ??= new GitError(error.kind, asked(repository, version, remote, error));
    }
  if (fault) throw fault;
  return undefined;
}

const asked = ({ name }: GitRepository, version: string, remote: string, { message }: GitError) =>
  `${name} has no commit, branch or tag ${version}, and its remote ${remote} could not be asked for it: ${message}`;

/** A tag before a branch of its name, as git itself takes them. */
async function advertised(
  { root }: GitRepository,
  remote: string,
  version: string,
  signal: AbortSignal | undefined,
): Promise<Advertised | undefined> {
  // Whatever else a person may have typed, no remote has it by that name.
  if (!isBranchName(version)) return undefined;
  const [tag, branch] = [`refs/tags/${version}`, `refs/heads/${version}`];
  const output = await gitText(root, ['ls-remote', '--', remote, tag, `${tag}^{}`, branch], { signal });
  const ids = new Map(
    output.split('\n').flatMap((line) => {
      const [, id, ref] = /^([0-9a-f]{40,64})\t(.+)$/.exec(line) ?? [];
      return id && ref ? [[ref, id] as const] : [];
    }),
  );
  const ofTag = ids.get(`${tag}^{}`) ?? ids.get(tag);
  if (ofTag !== undefined) return { commit: ofTag };
  const ofBranch = ids.get(branch);
  return ofBranch === undefined ? undefined : { commit: ofBranch, branch: version };
}
