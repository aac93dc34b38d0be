import type { Connection } from '../../connections/connection';
import type { GitRepository } from '../../git/gitRepository';
import { addressesOf } from '../../git/remotes';
import { stripCredentials } from '../../git/remoteUrl';
import { MlflowError } from '../../mlflow/mlflowError';
import { namesCommit } from '../../mlflow/runSource';
import { type Run, TagKey } from '../../shared/domain';
import { evaluateFilter, rowOfRun } from '../../shared/filter/evaluate';
import { parseFilter } from '../../shared/filter/parse';
import { unlessAborted } from '../../shared/unlessAborted';
import { runsMadeElsewhere } from '../linkRuns';
import { findRuns, mostLookedAt } from './findRuns';
import { spellingsInUse } from './recordedAs';
import { allOf, noneOfFilter, repositoryFilter } from './runsFilter';

/** Where a filter asks by what many repositories have, a branch `main` or a file `train.py`. */
export interface AskedIn {
  readonly repository: GitRepository;
  /** All that are open. */
  readonly open: readonly GitRepository[];
  readonly experimentIds: readonly string[];
  readonly signal: AbortSignal;
}

/** So many commits or files of others stand in a filter. */
const mostLeftOut = 300;

/**
 * `filter` without the runs that were made in another repository; just as it was where it finds none of them. They are told
 * by the repository that they name; those that name none, or one that runs of this repository name too, by their commits, or
 * by their files where they have no commit.
 */
export async function withinRepository(
  connection: Connection,
  filter: string,
  { repository, open, experimentIds, signal }: AskedIn,
): Promise<string> {
  if (filter === '') return '';
  const { runs } = await findRuns(connection, filter, { most: mostLookedAt, experimentIds, signal });
  const elsewhere = await runsMadeElsewhere(runs, repository, open, signal);
  if (elsewhere.size === 0) return filter;
  const [addressKeys, commitKeys, remotes] = await Promise.all([
    unlessAborted(spellingsInUse(connection, 'repoUrl', experimentIds), signal),
    unlessAborted(spellingsInUse(connection, 'commit', experimentIds), signal),
    repository.remotes(signal),
  ]);
  const urls = addressesOf(remotes);
  const own = runs.filter(({ runId }) => !elsewhere.has(runId));
  const lost = own.filter(failing(repositoryFilter(addressKeys, urls)));
  // What holds a password is on its way to no filter box.
  const addresses = valuesOf(lost, addressKeys).filter((address) => stripCredentials(address) === address);
  const ofRepository = repositoryFilter(addressKeys, urls, addresses);
  const isLeftOut = failing(ofRepository);
  const kept = runs.filter((run) => elsewhere.has(run.runId) && !isLeftOut(run));
  const only = (those: readonly Run[], keys: readonly string[]) => {
    const ofOwn = new Set(valuesOf(own, keys));
    return valuesOf(those, keys)
      .filter((value) => !ofOwn.has(value))
      .slice(0, mostLeftOut);
  };
  const [withCommit, without] = [kept.filter(namesCommit), kept.filter((run) => !namesCommit(run))];
  return allOf(
    filter,
    ofRepository,
    noneOfFilter(only(withCommit, commitKeys), commitKeys),
    noneOfFilter(only(without, [TagKey.sourceName]), [TagKey.sourceName]),
  );
}

const valuesOf = (runs: readonly Run[], keys: readonly string[]): readonly string[] => [
  ...new Set(runs.flatMap(({ tags }) => keys.flatMap((key) => tags[key] ?? []))),
];

function failing(filter: string): (run: Run) => boolean {
  const parsed = parseFilter(filter, Date.now());
  if (!parsed.ok) throw new MlflowError('invalid', parsed.error.message);
  return (run) => !evaluateFilter(parsed.filter, rowOfRun(run));
}
