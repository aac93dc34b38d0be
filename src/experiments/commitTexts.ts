import type { WantedCommit } from '../git/linkCommits';
import { recordedCommit } from '../mlflow/runSource';
import type { Run } from '../shared/domain';
import type { CommitFacts } from './runsService';

/** What is known of the commits of runs, as far as another feature tells. */
export class CommitTexts {
  facts: CommitFacts | undefined;

  /** @param loaded the runs that may be pointed at */
  constructor(private readonly loaded: () => Iterable<Run>) {}

  ofRun(run: Run): Promise<string | undefined> {
    const wanted = commitOf(run);
    return wanted ? this.text(wanted) : Promise.resolve(undefined);
  }

  async text(wanted: WantedCommit): Promise<string | undefined> {
    const beside = () => [...this.loaded()].flatMap((run) => commitOf(run) ?? []);
    // Where git cannot be asked, the commit stands there alone.
    return this.facts?.of(wanted, beside).catch(() => undefined);
  }
}

function commitOf(run: Run): WantedCommit | undefined {
  const { commit, repoUrl } = recordedCommit(run);
  return commit === undefined ? undefined : { commit, repoUrl };
}
