import type { Connection } from '../../connections/connection';
import { MlflowError } from '../../mlflow/mlflowError';
import { compareRuns } from '../../mlflow/runOrder';
import { unionSearch } from '../../mlflow/unionSearch';
import { sameCommit } from '../../shared/commitId';
import { type Run, TagKey } from '../../shared/domain';
import { evaluateFilter, rowOfRun } from '../../shared/filter/evaluate';
import { dialectOf } from '../../shared/filter/lowering';
import { parseFilter } from '../../shared/filter/parse';
import { serverQueriesOf } from '../../shared/filter/serverQueries';
import { unlessAborted } from '../../shared/unlessAborted';
import { allExperimentIds } from '../allExperiments';
import { runsOfModels, spellingsInUse } from './recordedAs';
import {
  allOf,
  anyOf,
  beginningsFilter,
  commitsFilter,
  mostInFilter,
  runIdsFilter,
  sourceFilter,
  windowsFilter,
} from './runsFilter';
import { namesFile, type SourceNames } from './sourceNames';

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
const onePage = 200;

/** The questions for the server that find what the filter does, and what judges their answers. */
function asked({ server }: Connection, filter: string) {
  const parsed = parseFilter(filter, Date.now());
  if (!parsed.ok) throw new MlflowError('invalid', parsed.error.message);
  const { filters, exact } = serverQueriesOf(parsed.filter, dialectOf(server));
  return { filters, judge: (run: Run) => exact || evaluateFilter(parsed.filter, rowOfRun(run)) };
}

/** The active runs of all experiments that a filter of the runs table finds. */
export async function findRuns(connection: Connection, filter: string, options: FindOptions): Promise<FoundRuns> {
  const { most, signal, keep = () => true } = options;
  const { store } = connection;
  const { filters, judge } = asked(connection, filter);
  const experimentIds = options.experimentIds ?? (await allExperimentIds(store, signal));
  if (experimentIds.length === 0) return { runs: [], more: false };
  const pages = unionSearch(store, {
    experimentIds,
    filters,
    orderBy: newestFirst,
    viewType: 'ACTIVE_ONLY',
    pageSize: Math.min(most, onePage),
    keep: (run) => keep(run) && judge(run),
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

/** Commits in the filter of a long history: a host that judges each run by them is quick, a person no longer reads them. */
const mostNamed = 300;

/**
 * Runs of more commits than a server can be asked for, the newest first: all that began since the oldest of them are looked
 * through. The filter finds these, and those to come of the newest commits and of the commits that have runs now; `left` says
 * that it does not hold all of these.
 */
export async function findRunsOfMany(
  connection: Connection,
  commits: readonly { readonly id: string; readonly time: number }[],
  options: Omit<FindOptions, 'keep'>,
): Promise<FoundRuns & { readonly filter: string; readonly left: boolean }> {
  const experimentIds = options.experimentIds ?? (await allExperimentIds(connection.store, options.signal));
  const keys = await unlessAborted(spellingsInUse(connection, 'commit', experimentIds), options.signal);
  const ids = commits.map(({ id }) => id);
  const isWanted = anyCommit(ids);
  const says = ({ tags }: Run) => keys.flatMap((key) => tags[key] ?? []).filter(isWanted);
  // A clock may be off by some minutes; a run of a commit cannot have begun long before it.
  const since = Math.max(0, Math.min(...commits.map(({ time }) => time)) - 3_600_000);
  const began = `attributes.start_time >= ${since}`;
  const keep = (run: Run) => says(run).length > 0;
  const found = await findRuns(connection, began, { ...options, experimentIds, keep });
  const named = [...new Set([...ids.slice(0, mostInFilter), ...found.runs.flatMap(says)])];
  const filter = allOf(began, commitsFilter(named.slice(0, mostNamed), keys));
  return { ...found, filter, left: found.more || named.length > mostNamed };
}

/** Whether a text is one of the commits, in full or abbreviated, in whatever case. */
function anyCommit(commits: readonly string[]): (text: string) => boolean {
  const beginningOf = (id: string) => id.trim().slice(0, 7).toLowerCase();
  const byBeginning = new Map<string, string[]>();
  for (const commit of commits) {
    const same = byBeginning.get(beginningOf(commit));
    if (same) same.push(commit);
    else byBeginning.set(beginningOf(commit), [commit]);
  }
  return (text) => (byBeginning.get(beginningOf(text)) ?? []).some((commit) => sameCommit(commit, text));
}

/** Known already of the runs of few commits; else asked. */
export interface Recorded {
  /** The tags in which the server's runs say a commit. */
  readonly keys: readonly string[];
  /** The runs whose models say it. */
  readonly ofModels: ReadonlyMap<string, readonly string[]>;
}

/**
 * The runs of few commits, however they write them, and the filter that finds just these: by whichever tags the server's
 * runs have, in full and in the abbreviations that they use, and by models they logged.
 */
export async function findRunsOfCommits(
  connection: Connection,
  commits: readonly string[],
  options: Omit<FindOptions, 'keep'>,
  recorded?: Recorded,
): Promise<FoundRuns & { readonly filter: string }> {
  const experimentIds = options.experimentIds ?? (await allExperimentIds(connection.store, options.signal));
  const { keys, ofModels } = recorded ?? (await askRecorded(connection, commits, experimentIds, options.signal));
  const runIds = [...new Set(commits.flatMap((commit) => ofModels.get(commit) ?? []))];
  const isWanted = anyCommit(commits);
  const says = ({ tags }: Run) => keys.flatMap((key) => tags[key] ?? []).filter(isWanted);
  const beginnings = beginningsFilter(commits, keys);
  const found = await findRuns(connection, anyOf(beginnings, runIdsFilter(runIds)), {
    ...options,
    experimentIds,
    keep: (run) => runIds.includes(run.runId) || says(run).length > 0,
  });
  const written = [...new Set([...commits, ...found.runs.flatMap(says)])];
  // Of more runs than were looked at nobody knows all the abbreviations.
  const byTags = found.more ? beginnings : commitsFilter(written, keys);
  return { ...found, filter: anyOf(byTags, runIdsFilter(runIds)) };
}

export async function askRecorded(
  connection: Connection,
  commits: readonly string[],
  experimentIds: readonly string[],
  signal?: AbortSignal,
): Promise<Recorded> {
  const [keys, ofModels] = await Promise.all([
    unlessAborted(spellingsInUse(connection, 'commit', experimentIds), signal),
    runsOfModels(connection, commits, experimentIds, signal),
  ]);
  return { keys, ofModels };
}

/** As `findRunsOfCommits`, the filter alone. */
export async function filterOfCommits(
  connection: Connection,
  commits: readonly string[],
  experimentIds: readonly string[],
  signal?: AbortSignal,
): Promise<string> {
  return (await findRunsOfCommits(connection, commits, { most: mostLookedAt, experimentIds, signal })).filter;
}

/** The filter that finds the runs which name the file as their source and no other, whatever its name holds. */
export async function filterOfSource(
  connection: Connection,
  names: SourceNames,
  known: Pick<FindOptions, 'experimentIds' | 'signal'> = {},
): Promise<string> {
  const { signal } = known;
  const experimentIds = known.experimentIds ?? (await allExperimentIds(connection.store, signal));
  const windows = await isNamedOnWindows(connection, names, experimentIds, signal);
  if (!/[_%\\]/.test(names.file)) return sourceFilter(names, { windows });
  const options = { most: mostLookedAt, experimentIds, signal };
  const { runs } = await findRuns(connection, sourceFilter(names, { windows }), options);
  const found = runs.map(({ tags }) => tags[TagKey.sourceName] ?? '');
  const others = [...new Set(found.filter((name) => !namesFile(names, name)))];
  return sourceFilter(names, { others, windows });
}

/** Of what a filter finds, so many runs say how it has to be written. */
export const mostLookedAt = 1_000;

/**
 * Whether runs name the file as Windows does. A backslash is no letter that all servers take, so they answer with the runs of
 * other systems too: of each question one page is looked at, and one of them is about names with a drive.
 */
async function isNamedOnWindows(
  connection: Connection,
  names: SourceNames,
  experimentIds: readonly string[],
  signal: AbortSignal | undefined,
): Promise<boolean> {
  if (experimentIds.length === 0) return false;
  const { filters, judge } = asked(connection, windowsFilter(names));
  const search = { experimentIds, orderBy: newestFirst, maxResults: onePage };
  const pages = await Promise.all(filters.map((filter) => connection.store.searchRuns({ ...search, filter }, signal)));
  return pages.some(({ items }) => items.some(judge));
}
