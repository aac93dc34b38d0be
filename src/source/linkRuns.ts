import type { GitRepository } from '../git/gitRepository';
import { type LinkedCommit, linkCommits } from '../git/linkCommits';
import { recordedCommit } from '../mlflow/runSource';
import type { Run } from '../shared/domain';

/** What the commits of many runs come to. */
export interface RunLinks {
  /** By run id. */
  readonly linked: ReadonlyMap<string, LinkedCommit>;
  /** Runs whose commit no open repository has: the commit as recorded, by run id. */
  readonly missing: ReadonlyMap<string, string>;
}

/** Finds the commits of all of `runs` at once; git is started twice for each object store, whatever their number. */
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
