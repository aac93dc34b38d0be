import type { Connection } from '../../connections/connection';
import { MlflowError } from '../../mlflow/mlflowError';
import { compareRuns } from '../../mlflow/runOrder';
import { recordedCommit } from '../../mlflow/runSource';
import { unionSearch } from '../../mlflow/unionSearch';
import { type Run, TagKey } from '../../shared/domain';
import { evaluateFilter, rowOfRun } from '../../shared/filter/evaluate';
import { dialectOf } from '../../shared/filter/lowering';
import { parseFilter } from '../../shared/filter/parse';
import { serverQueriesOf } from '../../shared/filter/serverQueries';
import { allExperimentIds } from '../allExperiments';
import { runsOfModels, spellingsInUse } from './recordedAs';
import { anyOf, commitsFilter, namesSource, runIdsFilter, sourceFilter } from './runsFilter';

export interface FoundRuns {
  /** The newest first. */
  readonly runs: readonly Run[];
  /** There are more than were asked for. */
  readonly more: boolean;
}

export interface FindOptions {
  readonly most: number;
  readonly signal?: AbortSignal | undefined;
  /** Judges each run beside the filter. */
  readonly keep?: (run: Run) => boolean;
  /** Known already; else asked. */
  readonly experimentIds?: readonly string[];
}

const newestFirst = ['attributes.start_time DESC'];

/** The active runs of all experiments that a filter of the runs table finds. */
export async function findRuns(connection: Connection, filter: string, options: FindOptions): Promise<FoundRuns> {
  const { most, signal, keep = () => true } = options;
  const { store, server } = connection;
  const parsed = parseFilter(filter, Date.now());
  if (!parsed.ok) throw new MlflowError('invalid', parsed.error.message);
  const experimentIds = options.experimentIds ?? (await allExperimentIds(store, signal));
  if (experimentIds.length === 0) return { runs: [], more: false };
  const { filters, exact } = serverQueriesOf(parsed.filter, dialectOf(server));
  const pages = unionSearch(store, {
    experimentIds,
    filters,
    orderBy: newestFirst,
    viewType: 'ACTIVE_ONLY',
    pageSize: Math.min(most, 200),
    keep: (run) => keep(run) && (exact || evaluateFilter(parsed.filter, rowOfRun(run))),
    compare: compareRuns(newestFirst),
  });
  const runs: Run[] = [];
  let done = false;
  while (!done && runs.length <= most) {
    const page = await pages.next(signal);
    runs.push(...page.runs);
    done = page.done;
  }
  return { runs: runs.slice(0, most), more: runs.length > most || !done };
}

/** Runs of more commits than a filter can hold: all that began since the oldest of them are looked through. */
export function findRunsOfMany(
  connection: Connection,
  commits: readonly { readonly id: string; readonly time: number }[],
  options: Omit<FindOptions, 'keep'>,
): Promise<FoundRuns> {
  const ids = new Set(commits.map(({ id }) => id));
  // A clock may be off by some minutes; a run of a commit cannot have begun long before it.
  const since = Math.min(...commits.map(({ time }) => time)) - 3_600_000;
  const keep = (run: Run) => ids.has(recordedCommit(run).commit ?? '');
  return findRuns(connection, `attributes.start_time >= ${Math.max(0, since)}`, { ...options, keep });
}

/** The filter that finds the runs of few commits: by whichever tags the server's runs have, and by models they logged. */
export async function filterOfCommits(
  connection: Connection,
  commits: readonly string[],
  experimentIds: readonly string[],
  signal?: AbortSignal,
): Promise<string> {
  const [keys, ofModels] = await Promise.all([
    spellingsInUse(connection, 'commit', experimentIds),
    runsOfModels(connection, commits, experimentIds, signal),
  ]);
  return anyOf(commitsFilter(commits, keys), runIdsFilter([...new Set([...ofModels.values()].flat())]));
}

/** The filter that finds the runs which name the file as their source and no other, whatever its name holds. */
export async function filterOfSource(connection: Connection, file: string): Promise<string> {
  if (!/[_%\\]/.test(file)) return sourceFilter(file);
  const { runs } = await findRuns(connection, sourceFilter(file), { most: mostLookedAt });
  const names = runs.map(({ tags }) => tags[TagKey.sourceName] ?? '');
  return sourceFilter(file, [...new Set(names.filter((name) => !namesSource(file, name)))]);
}

const mostLookedAt = 1_000;
