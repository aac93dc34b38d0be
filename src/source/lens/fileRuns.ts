import type { Connection } from '../../connections/connection';
import { repositoryOf } from '../../git/findRepositories';
import { relativePath } from '../../git/relativePath';
import { allExperimentIds } from '../allExperiments';
import { runsMadeElsewhere } from '../linkRuns';
import { type FoundRuns, filterOfSource, findRuns } from '../runsOf/findRuns';
import { sourceNamesIn } from '../runsOf/sourceNames';
import type { SourceServices } from '../services';

/** So many of the newest that name the file are looked at: some may be of another repository. */
const mostLooked = 50;

/** The newest runs that name a file of an open repository as their source, in whichever experiment. */
export class FileRuns {
  /** What finds them, by server and file: that costs git and some questions, and hardly ever changes. */
  private readonly filters = new Map<string, Promise<string>>();

  constructor(private readonly repositories: SourceServices['repositories']) {}

  /** Undefined of a file that is in no open repository. */
  async newest(
    connection: Connection,
    file: string,
    most: number,
    signal?: AbortSignal,
  ): Promise<FoundRuns | undefined> {
    const { repositories: open } = await this.repositories.find();
    const repository = repositoryOf(open, file);
    const inside = repository && relativePath(repository.root, file);
    if (!repository || inside === undefined) return undefined;
    const experimentIds = await allExperimentIds(connection.store, signal);
    const filter = await this.filter(`${connection.uri} ${file}`, async () =>
      filterOfSource(connection, await sourceNamesIn(repository, open, inside, signal), { experimentIds, signal }),
    );
    const found = await findRuns(connection, filter, { most: mostLooked, experimentIds, signal });
    const elsewhere = await runsMadeElsewhere(found.runs, repository, open, signal);
    const own = found.runs.filter(({ runId }) => !elsewhere.has(runId));
    return { runs: own.slice(0, most), more: found.more || own.length > most };
  }

  /** The files of the repository may be others by now. */
  forget(): void {
    this.filters.clear();
  }

  private filter(key: string, ask: () => Promise<string>): Promise<string> {
    const asked = this.filters.get(key) ?? ask();
    this.filters.set(key, asked);
    asked.catch(() => this.filters.delete(key));
    return asked;
  }
}
