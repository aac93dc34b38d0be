import { repositoryOf } from '../git/findRepositories';
import type { GitRepository } from '../git/gitRepository';
import { type LinkedCommit, linkCommits } from '../git/linkCommits';
import { isAbsolute } from '../git/locate';
import { addressesOf } from '../git/remotes';
import { repositoryKey } from '../git/remoteUrl';
import { recordedCommit, runOrigin } from '../mlflow/runSource';
import type { Run } from '../shared/domain';
import { recordedPath } from './rankRepositories';

/** What the commits of many runs come to. */
export interface RunLinks {
  /** By run id. */
  readonly linked: ReadonlyMap<string, LinkedCommit>;
  /** Runs whose commit no open repository has: the commit as recorded, by run id. */
  readonly missing: ReadonlyMap<string, string>;
}

/** Finds the commits of all of `runs` at once; git is started at most twice for each object store, whatever their number. */
export async function linkRuns(
  runs: readonly Pick<Run, 'runId' | 'tags'>[],
  repositories: readonly GitRepository[],
  signal?: AbortSignal,
): Promise<RunLinks> {
  const wanted = runs.flatMap((run) => {
    const { commit, repoUrl } = recordedCommit(run);
    return commit === undefined ? [] : [{ runId: run.runId, commit, repoUrl }];
  });
  const found = await linkCommits(wanted, repositories, signal);
  const linked = new Map<string, LinkedCommit>();
  const missing = new Map<string, string>();
  wanted.forEach(({ runId, commit }, at) => {
    const link = found[at];
    if (link) linked.set(runId, link);
    else missing.set(runId, commit);
  });
  return { linked, missing };
}

/**
 * The ids of those of `runs` that were made in another repository: only another open one has their commit, or, where none
 * has it, they name one that is none of this one's remotes, or a file in the folder of another.
 */
export async function runsMadeElsewhere(
  runs: readonly Pick<Run, 'runId' | 'tags'>[],
  repository: GitRepository,
  open: readonly GitRepository[],
  signal?: AbortSignal,
): Promise<ReadonlySet<string>> {
  const [{ linked }, remotes] = await Promise.all([
    linkRuns(runs, [repository, ...open], signal),
    repository.remotes(signal),
  ]);
  const isUnreadable = remotes.some(({ url }) => url === undefined || repositoryKey(url) === undefined);
  const keys = new Set([repository.root, ...addressesOf(remotes)].map(repositoryKey));
  const isElsewhere = (run: Pick<Run, 'runId' | 'tags'>) => {
    const link = linked.get(run.runId);
    if (link) return link.repository.commonDir !== repository.commonDir;
    const { repoUrl, source } = runOrigin(run);
    const named = repoUrl === undefined ? undefined : repositoryKey(repoUrl);
    // A remote whose address nobody can read may be any.
    if (named !== undefined) return !keys.has(named) && !isUnreadable;
    const file = recordedPath(source);
    const holder = file !== undefined && isAbsolute(file) ? repositoryOf(open, file) : undefined;
    return holder !== undefined && holder.commonDir !== repository.commonDir;
  };
  return new Set(runs.filter(isElsewhere).map(({ runId }) => runId));
}
