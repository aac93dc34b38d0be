import { requireCommitId } from './commitId';
import type { GitRepository } from './gitRepository';
import { addressesOf, type Remote } from './remotes';
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
 * started once for each object store, and once more for the remotes of those whose commits another one has too.
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
    stores.map(async (repository) => ({ repository, present: await repository.present(ids, signal) })),
  );
  const holders = new Map(ids.map((id) => [id, places.filter(({ present }) => present.has(id))]));
  const rivals = new Set([...holders.values()].flatMap((several) => (several.length > 1 ? several : [])));
  const keys = new Map(
    await Promise.all(
      [...rivals].map(async (place) => [place, remoteKeys(await place.repository.remotes(signal))] as const),
    ),
  );
  const keyOf = memoized((url: string) => repositoryKey(url));
  return wanted.map(({ repoUrl }, at) => {
    const id = asked[at] ?? '';
    const [first, ...others] = holders.get(id) ?? [];
    const key = repoUrl === undefined || others.length === 0 ? undefined : keyOf(repoUrl);
    const named = key === undefined ? undefined : holders.get(id)?.find((place) => keys.get(place)?.has(key));
    const place = named ?? first;
    const full = place?.present.get(id);
    return place && full !== undefined ? { repository: place.repository, commit: full } : undefined;
  });
}

const remoteKeys = (remotes: readonly Remote[]): ReadonlySet<string> =>
  new Set(addressesOf(remotes).flatMap((url) => repositoryKey(url) ?? []));

/** Ten thousand runs name the same few repositories. */
function memoized<T>(compute: (text: string) => T): (text: string) => T {
  const known = new Map<string, { readonly value: T }>();
  return (text) => {
    const before = known.get(text) ?? { value: compute(text) };
    known.set(text, before);
    return before.value;
  };
}
