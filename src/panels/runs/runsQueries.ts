import { countRuns } from '../../mlflow/countRuns';
import { quoteKey, runIdIn } from '../../mlflow/filterQuoting';
import { MlflowError } from '../../mlflow/mlflowError';
import type { RunQuestions, RunSearch } from '../../mlflow/trackingStore';
import { chunks } from '../../shared/chunks';
import { type Run, TagKey } from '../../shared/domain';
import { mapLimited } from '../../shared/mapLimited';
import type { RunsPage, RunsQuestion } from '../../shared/protocol/runs';
import { parseColumnId } from '../../shared/runs/column';
import type { Scope, Sort } from '../../shared/view/runsView';
import { packRuns } from './packRuns';

export type RunsStore = Pick<RunQuestions, 'searchRuns' | 'getRun'>;

export interface RunsSource {
  readonly scope: Scope;
  readonly store: () => Promise<RunsStore>;
  readonly pageSize: () => number;
  /** A run that was read before. */
  readonly cachedRun: (runId: string) => Run | undefined;
}

interface Query {
  readonly search: RunSearch;
  nextPageToken: string | undefined;
  /** Ids that were given to the page, parents included. */
  readonly given: Set<string>;
  newest: string | undefined;
}

/** Runs of one page of "Load all". */
const largePage = 1_000;
const idsPerSearch = 100;
const mostGenerations = 8;
const atOnce = 6;
const newestFirst = 'attributes.start_time DESC';

/** Answers a page's questions for runs. Holds no runs: these live in the page, packed. */
export class RunsQueries {
  private readonly queries = new Map<number, Query>();
  private nextId = 1;
  private experimentIds: Promise<readonly string[]> | undefined;

  constructor(private readonly source: RunsSource) {}

  async query(question: RunsQuestion, signal: AbortSignal): Promise<RunsPage> {
    const search = await this.searchFor(question, signal);
    const queryId = this.nextId++;
    const query: Query = { search, nextPageToken: undefined, given: new Set(), newest: undefined };
    const page = await this.page(queryId, query, this.source.pageSize(), signal);
    // A page asks one question at a time: what was asked before is not gone on with.
    this.queries.clear();
    this.queries.set(queryId, query);
    return page;
  }

  more(queryId: number, all: boolean, signal: AbortSignal): Promise<RunsPage> {
    const size = all ? Math.max(largePage, this.source.pageSize()) : this.source.pageSize();
    return this.page(queryId, this.known(queryId), size, signal);
  }

  /** How many runs match; undefined where the server cannot tell. */
  async count(queryId: number, signal: AbortSignal): Promise<number | undefined> {
    const { search, nextPageToken } = this.known(queryId);
    if (nextPageToken === undefined) return undefined;
    return countRuns(await this.source.store(), search, nextPageToken, signal);
  }

  /** Whether a run has come since the question was asked. Trusts no clock. */
  async hasNew(queryId: number, signal: AbortSignal): Promise<boolean> {
    const query = this.known(queryId);
    const store = await this.source.store();
    const page = await store.searchRuns({ ...query.search, orderBy: [newestFirst], maxResults: 1 }, signal);
    const newest = page.items[0]?.runId;
    const before = query.newest;
    query.newest = newest;
    if (newest === undefined || newest === before) return false;
    // Asked for the first time: whether what is newest was given already cannot be told on a page sorted by others.
    return !query.given.has(newest) && (before !== undefined || query.nextPageToken === undefined);
  }

  async byId(runIds: readonly string[], signal: AbortSignal): Promise<readonly Run[]> {
    const found: Run[] = [];
    for (const ids of chunks(runIds, idsPerSearch)) {
      const filter = runIdIn(ids);
      if (filter === undefined) continue;
      const store = await this.source.store();
      const experimentIds = await this.experiments(signal);
      const search: RunSearch = { experimentIds, filter, viewType: 'ALL', maxResults: idsPerSearch };
      found.push(...(await store.searchRuns(search, signal)).items);
    }
    return found;
  }

  /** Of the scope; found by the runs where these were chosen one by one. */
  experiments(signal: AbortSignal): Promise<readonly string[]> {
    const { scope, cachedRun } = this.source;
    if ('experimentIds' in scope) return Promise.resolve(scope.experimentIds);
    this.experimentIds ??= this.experimentsOf(scope.runIds, cachedRun, signal).catch((error: unknown) => {
      this.experimentIds = undefined;
      throw error;
    });
    return this.experimentIds;
  }

  private async experimentsOf(
    runIds: readonly string[],
    cachedRun: RunsSource['cachedRun'],
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const store = await this.source.store();
    const ids = await mapLimited(runIds, atOnce, async (runId) => {
      const known = cachedRun(runId);
      if (known) return known.experimentId;
      try {
        return (await store.getRun(runId, signal)).experimentId;
      } catch (error) {
        if (error instanceof MlflowError && error.kind === 'notFound') return undefined;
        throw error;
      }
    });
    return [...new Set(ids.filter((id) => id !== undefined))];
  }

  private async searchFor({ filter, showDeleted, sort }: RunsQuestion, signal: AbortSignal): Promise<RunSearch> {
    const { scope } = this.source;
    const chosen = 'runIds' in scope ? runIdIn(scope.runIds) : undefined;
    const both = [filter.trim(), chosen].filter((part) => part).join(' AND ');
    return {
      experimentIds: await this.experiments(signal),
      ...(both ? { filter: both } : {}),
      orderBy: orderByOf(sort),
      // A run that was chosen is shown whatever became of it.
      viewType: showDeleted || chosen !== undefined ? 'ALL' : 'ACTIVE_ONLY',
    };
  }

  private async page(queryId: number, query: Query, maxResults: number, signal: AbortSignal): Promise<RunsPage> {
    const store = await this.source.store();
    const { search, nextPageToken } = query;
    const page = await store.searchRuns(
      { ...search, maxResults, ...(nextPageToken ? { pageToken: nextPageToken } : {}) },
      signal,
    );
    const parents = await this.missingParents(page.items, query, signal);
    const batch = await packRuns([...page.items, ...parents], (run) => !parents.includes(run));
    signal.throwIfAborted();
    for (const { runId } of batch.runs) query.given.add(runId);
    query.nextPageToken = page.nextPageToken;
    return { queryId, batch, more: page.nextPageToken !== undefined };
  }

  /** Parents, and theirs, that neither match so far nor were given before. */
  private async missingParents(runs: readonly Run[], query: Query, signal: AbortSignal): Promise<readonly Run[]> {
    const known = new Set([...query.given, ...runs.map(({ runId }) => runId)]);
    const found: Run[] = [];
    for (let generation = runs, depth = 0; depth < mostGenerations; depth++) {
      const missing = [...new Set(generation.map((run) => run.tags[TagKey.parentRunId] ?? ''))].filter(
        (id) => id !== '' && !known.has(id),
      );
      if (missing.length === 0) break;
      for (const id of missing) known.add(id);
      generation = await this.byId(missing, signal);
      found.push(...generation);
    }
    return found;
  }

  private known(queryId: number): Query {
    const query = this.queries.get(queryId);
    if (!query) throw new MlflowError('invalid', 'These runs were asked for anew.', { advice: 'Refresh the panel.' });
    return query;
  }
}

/** MLflow's `order_by`. The start time settles what is equal, so that pages do not overlap. */
export function orderByOf(sorts: readonly Sort[]): readonly string[] {
  const clauses = sorts.flatMap(({ column: id, descending }) => {
    const column = parseColumnId(id);
    if (!column) return [];
    const direction = descending ? 'DESC' : 'ASC';
    if (column.kind === 'attribute') return [`attributes.${column.key} ${direction}`];
    return [`${column.kind}s.${quoteKey(column.key)} ${direction}`];
  });
  return clauses.some((clause) => clause.startsWith('attributes.start_time ')) ? clauses : [...clauses, newestFirst];
}
