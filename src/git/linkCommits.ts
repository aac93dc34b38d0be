import { requireCommitId } from './commitId';
import type { GitRepository, Remote } from './gitRepository';
import { repositoryKey } from './remoteUrl';

/** A commit that somebody recorded, and the repository they said it was made in. */
export interface WantedCommit {
  /** Full or abbreviated, as `isCommitId` allows. */
  readonly commit: string;
  readonly repoUrl?: string | undefined;
}

export interface LinkedCommit {
  readonly repository: GitRepository;
  /** The full id. */
  readonly commit: string;
}

/**
 * Where each of `wanted` is, in their order; undefined where no repository has it. A repository with the remote that
 * was recorded comes first, then whichever contains the commit, in the order given. Whatever their number, git is
 * started twice for each object store: once for the remotes, once for the commits.
 */
export async function linkCommits(
  wanted: readonly WantedCommit[],
  repositories: readonly GitRepository[],
  signal?: AbortSignal,
): Promise<readonly (LinkedCommit | undefined)[]> {
  const stores = [...new Map([...repositories].reverse().map((item) => [item.commonDir, item])).values()].reverse();
  if (wanted.length === 0) return [];
  const asked = wanted.map(({ commit }) => requireCommitId(commit));
  const ids = [...new Set(asked)];
  const places = await Promise.all(
    stores.map(async (repository) => {
      const [remotes, present] = await Promise.all([repository.remotes(signal), repository.present(ids, signal)]);
      return { repository, keys: remoteKeys(remotes), present };
    }),
  );
  const keyOf = memoized((url: string) => repositoryKey(url));
  return wanted.map(({ repoUrl }, at) => {
    const id = asked[at] ?? '';
    const key = repoUrl === undefined ? undefined : keyOf(repoUrl);
    const holders = places.filter(({ present }) => present.has(id));
    const place = (key === undefined ? undefined : holders.find(({ keys }) => keys.has(key))) ?? holders[0];
    const full = place?.present.get(id);
    return place && full !== undefined ? { repository: place.repository, commit: full } : undefined;
  });
}

const remoteKeys = (remotes: readonly Remote[]): ReadonlySet<string> =>
  new Set(remotes.flatMap(({ url }) => (url === undefined ? [] : (repositoryKey(url) ?? []))));

/** Ten thousand runs name the same few repositories. */
function memoized<T>(compute: (text: string) => T): (text: string) => T {
  const known = new Map<string, { readonly value: T }>();
  return (text) => {
    const before = known.get(text) ?? { value: compute(text) };
    known.set(text, before);
    return before.value;
  };
}
