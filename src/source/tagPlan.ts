import type { Remote } from '../git/gitRepository';
import { isDirty, type RepositoryState } from '../git/repositoryState';
import { sameCommit } from '../shared/commitId';
import { type Run, TagKey, type Tags } from '../shared/domain';

export interface TagChange {
  readonly set: Tags;
  readonly remove: readonly string[];
}

/** The tags Flowdeck writes, and therefore those it restores. */
const ownedKeys = [TagKey.gitCommit, TagKey.gitBranch, TagKey.gitRepoUrl, TagKey.gitDirty] as const;

/** What a run is tagged with. `remotes` carry no credentials. The state must have a commit. */
export function headTags(state: RepositoryState & { readonly commit: string }, remotes: readonly Remote[]): Tags {
  const url = remoteOf(state, remotes)?.url;
  return {
    [TagKey.gitCommit]: state.commit,
    ...(state.branch === undefined ? {} : { [TagKey.gitBranch]: state.branch }),
    ...(url === undefined ? {} : { [TagKey.gitRepoUrl]: url }),
    [TagKey.gitDirty]: String(isDirty(state.changes)),
  };
}

/** The branch's own remote, else `origin`, else the first. */
export function remoteOf(state: Pick<RepositoryState, 'upstream'>, remotes: readonly Remote[]): Remote | undefined {
  const upstream = remotes
    .filter(({ name }) => state.upstream?.startsWith(`${name}/`))
    .sort((a, b) => b.name.length - a.name.length)[0];
  return upstream ?? remotes.find(({ name }) => name === 'origin') ?? remotes[0];
}

/** Also takes away what would contradict the new tags: the branch of another commit on a head that has none. */
export function tagChange(run: Pick<Run, 'tags'>, tags: Tags): TagChange {
  return { set: tags, remove: ownedKeys.filter((key) => run.tags[key] !== undefined && tags[key] === undefined) };
}

/** Brings back the tags that `run` had before `change`: gone are those it did not have. */
export function undoChange(run: Pick<Run, 'tags'>, change: TagChange): TagChange {
  const touched = [...Object.keys(change.set), ...change.remove];
  const before = touched.flatMap((key) => {
    const value = run.tags[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  return { set: Object.fromEntries(before), remove: touched.filter((key) => run.tags[key] === undefined) };
}

/** The runs on which another commit stands. */
export function conflictingRuns<R extends Pick<Run, 'tags'>>(runs: readonly R[], commit: string): readonly R[] {
  return runs.filter((run) => {
    const there = run.tags[TagKey.gitCommit]?.trim();
    return there && !sameCommit(there, commit);
  });
}
