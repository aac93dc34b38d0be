import { TagKey, type Tags } from '../shared/domain';
import type { Remote } from './remotes';
import { isDirty, type RepositoryState } from './repositoryState';

/** What a run of the working tree is tagged with. `remotes` carry no credentials. The state must have a commit. */
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
