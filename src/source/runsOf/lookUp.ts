import * as vscode from 'vscode';
import type { Connection } from '../../connections/connection';
import type { Commit } from '../../git/commitBatch';
import type { GitRepository } from '../../git/gitRepository';
import { headOf, type LogQuestion, log } from '../../git/history';
import { count } from '../../shared/series/format';
import { type FoundRuns, filterOfCommits, findRuns, findRunsOfMany } from './findRuns';
import { runsOfModels } from './recordedAs';
import { anyOf, mostInFilter, runIdsFilter } from './runsFilter';

/** A panel of chosen runs holds so many. */
export const mostOpened = 200;
/** Of longer histories the newest: beyond these nobody waits for git. */
const mostCommits = 10_000;
/** Runs of a long history that say which commits have runs. */
const mostLooked = 5_000;

/** Experiments that a table asks at each look, and that a view or a link of it names. */
const mostExperiments = 500;

/** What a table asks with. */
export interface Question {
  readonly filter: string;
  /** All that the server has. */
  readonly experimentIds: readonly string[];
}

/** What was found, and what a person is told of it. */
export interface Looked extends FoundRuns {
  /** Absent where the table holds the runs themselves. */
  readonly question?: Question;
  /** Said where no run was found. */
  readonly none: string;
  /** What was not looked at. */
  readonly left?: string;
}

/**
 * Those that have the runs, and then the others, each the newest first: a filter alone says which runs are meant, wherever
 * they are or come.
 */
export function experimentsOf({ runs }: FoundRuns, all: readonly string[]): readonly string[] {
  const found = new Set(runs.map(({ experimentId }) => experimentId));
  return [...all.filter((id) => found.has(id)), ...all.filter((id) => !found.has(id))].slice(0, mostExperiments);
}

export interface History {
  readonly commits: readonly Commit[];
  /** There are no older ones. */
  readonly isWhole: boolean;
}

/** Empty where nothing was committed yet. */
export async function newestCommits(
  repository: GitRepository,
  question: Omit<LogQuestion, 'most'>,
  signal: AbortSignal,
): Promise<History> {
  if (question.from === undefined && !(await headOf(repository, signal))) return { commits: [], isWhole: true };
  const commits = await log(repository, { ...question, most: mostCommits + 1 }, signal);
  return { commits: commits.slice(0, mostCommits), isWhole: commits.length <= mostCommits };
}

/**
 * The runs of a history, and those that the filter `others` finds. Few commits stand in the filter of the table as they are;
 * of many those that have runs.
 */
export async function lookUp(
  connection: Connection,
  { commits, isWhole }: History,
  others: string,
  { experimentIds, signal }: { readonly experimentIds: readonly string[]; readonly signal: AbortSignal },
): Promise<Omit<Looked, 'none'>> {
  const ids = commits.map(({ id }) => id);
  const options = { most: mostOpened, experimentIds, signal };
  if (commits.length <= mostInFilter) {
    const own = ids.length === 0 ? '' : await filterOfCommits(connection, ids, experimentIds, signal);
    const filter = anyOf(own, others);
    if (filter === '') return nothing;
    return { ...(await findRuns(connection, filter, options)), question: { filter, experimentIds } };
  }
  const ofModels = [...(await runsOfModels(connection, ids, experimentIds, signal)).values()].flat();
  const beside = anyOf(others, runIdsFilter([...new Set(ofModels)].slice(0, mostOpened)));
  const [ofCommits, ofOthers] = await Promise.all([
    findRunsOfMany(connection, commits, { ...options, most: mostLooked }),
    beside === '' ? nothing : findRuns(connection, beside, options),
  ]);
  const runs = new Map([...ofCommits.runs, ...ofOthers.runs].map((run) => [run.runId, run]));
  const left = [
    ...(isWhole ? [] : [vscode.l10n.t('Older commits than the newest {0} were not looked at.', count(mostCommits))]),
    ...(ofCommits.left ? [vscode.l10n.t('Too many commits have runs for one filter: the newest are in it.')] : []),
  ].join(' ');
  return {
    runs: [...runs.values()],
    more: ofCommits.more || ofOthers.more,
    question: { filter: anyOf(ofCommits.filter, beside), experimentIds },
    ...(left === '' ? {} : { left }),
  };
}

const nothing: FoundRuns = { runs: [], more: false };
