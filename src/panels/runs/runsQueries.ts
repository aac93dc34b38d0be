import { countRuns } from '../../mlflow/countRuns';
import { runIdIn } from '../../mlflow/filterQuoting';
import { MlflowError } from '../../mlflow/mlflowError';
import type { RunQuestions, RunSearch } from '../../mlflow/trackingStore';
import { type UnionPages, unionSearch } from '../../mlflow/unionSearch';
import { chunks } from '../../shared/chunks';
import { type Run, TagKey } from '../../shared/domain';
import type { Dialect } from '../../shared/filter/lowering';
import { mapLimited } from '../../shared/mapLimited';
import type { RunsPage, RunsQuestion } from '../../shared/protocol/runs';
import { isLive } from '../../shared/runs/runTable';
import type { Scope } from '../../shared/view/runsView';
import { type FilteredSearch, filteredSearch, isNewestFirst, newestFirst, newestOf } from './filteredSearch';
import { MatchWatch, mostWatched } from './matchWatch';
import { type Mark, packRuns } from './packRuns';

export type RunsStore = Pick<RunQuestions, 'searchRuns' | 'getRun'>;

export interface RunsSource {
  readonly scope: Scope;
  readonly store: () => Promise<RunsStore>;
  /** Of the server, once there is a store. */
  readonly dialect: () => Dialect;
  readonly pageSize: () => number;
  /** A run that was read before. */
  readonly cachedRun: (runId: string) => Run | undefined;
}

interface Query {
  readonly search: FilteredSearch;
  readonly pages: UnionPages;
  done: boolean;
  /** Read, but not given yet: its question ended before. */
  waiting: readonly Run[];
  /** Ids that were given to the page, parents included. */
  readonly given: Set<string>;
  /** Ids of runs that the server found and that do not match as they are judged here: no look makes news of these. */
  readonly doubted: Set<string>;
  /** Of a question with a filter: runs may begin to match, or match no more. */
  readonly watch: MatchWatch | undefined;
  /** The newest run when the question was asked, where the order does not give it first. */
  readonly newest: Promise<string | undefined> | undefined;
}

/** Runs of one page of "Load all". */
const largePage = 1_000;
/** Runs of the first answer: those that fill a screen come before the rest of the page. */
const firstRuns = 25;
const idsPerSearch = 100;
const mostGenerations = 8;
const atOnce = 6;
/** Rounds of questions that may find nothing before a page is given empty. */
const mostEmpty = 5;
/** Runs that are looked at for a new one where the server alone cannot tell which match. */
const newestLooked = 50;

/** Answers a page's questions for runs. Holds no runs but for their ends: these live in the page, packed. */
export class RunsQueries {
  /** ms; of the runs that were given and have ended. */
  private readonly ends = new Map<string, number>();
  private readonly queries = new Map<number, Query>();
  private nextId = 1;
  private experimentIds: Promise<readonly string[]> | undefined;

  constructor(private readonly source: RunsSource) {}

  async query(question: RunsQuestion, signal: AbortSignal): Promise<RunsPage> {
    const search = await this.search(question, signal);
    const pageSize = Math.min(firstRuns, this.source.pageSize());
    const pages = unionSearch(await this.source.store(), { ...search.union, pageSize });
    const queryId = this.nextId++;
    // Beside the page: a run that comes after it is a newer one. Where this fails the first poll asks for all anew.
    const newest = isNewestFirst(search) ? undefined : this.newest(search, signal).catch(() => undefined);
    const given = new Set<string>();
    const watch = question.filter.trim() === '' ? undefined : new MatchWatch(search.matches, given);
    const query: Query = { search, pages, done: false, waiting: [], given, doubted: new Set(), watch, newest };
    const page = await this.page(queryId, query, pageSize, signal);
    // A page asks one question at a time: what was asked before is not gone on with.
    this.queries.clear();
    this.queries.set(queryId, query);
    return page;
  }

  more(queryId: number, all: boolean, signal: AbortSignal): Promise<RunsPage> {
    const query = this.known(queryId);
    const pageSize = this.source.pageSize();
    // What is left of the first page, when it was only begun.
    const rest = query.given.size < pageSize ? pageSize - query.given.size : pageSize;
    return this.page(queryId, query, all ? Math.max(largePage, pageSize) : rest, signal);
  }

  /** How many runs match; undefined where only reading them all would tell. */
  async count(queryId: number, signal: AbortSignal): Promise<number | undefined> {
    const { exact } = this.known(queryId).search;
    if (!exact) return undefined;
    const store = await this.source.store();
    const { items, nextPageToken } = await store.searchRuns({ ...exact, maxResults: 1 }, signal);
    return nextPageToken === undefined ? items.length : countRuns(store, exact, nextPageToken, signal);
  }

  /** Whether a run has come since the question was asked. Trusts no clock. */
  async hasNew(queryId: number, signal: AbortSignal): Promise<boolean> {
    const query = this.known(queryId);
    const newest = await this.newest(query.search, signal);
    return newest !== undefined && newest !== (await query.newest) && !query.given.has(newest);
  }

  /** How many runs have begun to match since the question was asked, look by look; of those that go on, the newest. */
  async begunToMatch(queryId: number, signal: AbortSignal): Promise<number> {
    const { watch } = this.known(queryId);
    if (!watch) return 0;
    const experimentIds = await this.experiments(signal);
    const search = { experimentIds, filter: "attributes.status = 'RUNNING'", orderBy: [newestFirst] };
    const { items } = await (await this.source.store()).searchRuns({ ...search, maxResults: mostWatched }, signal);
    return watch.look(items, (runIds) => this.byId(runIds, signal));
  }

  /** Marks runs that are read again and match the question no more, as long as it is the one that was asked last. */
  markOf(queryId: number | undefined): (run: Run) => Mark {
    const query = queryId === undefined ? undefined : this.queries.get(queryId);
    if (!query?.watch) return () => ({});
    // What is deleted says so itself.
    const isGone = (run: Run) => run.lifecycleStage === 'active' && !query.doubted.has(run.runId);
    return (run) => (isGone(run) && !query.search.matches(run) ? { unmatched: true } : {});
  }

  private async newest(search: FilteredSearch, signal: AbortSignal): Promise<string | undefined> {
    const newest = newestOf(search, search.union.keep ? newestLooked : 1);
    return (await unionSearch(await this.source.store(), newest).next(signal, 1)).runs[0]?.runId;
  }

  /** A question as it is asked of the server now. @throws MlflowError of kind `invalid` for a filter that cannot be read */
  async search(question: RunsQuestion, signal: AbortSignal): Promise<FilteredSearch> {
    const experimentIds = await this.experiments(signal);
    // Connecting says what the server understands.
    await this.source.store();
    const { scope, dialect } = this.source;
    return filteredSearch(question, { scope, experimentIds, dialect: dialect(), now: Date.now() });
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
    this.noteEnds(found);
    return found;
  }

  /** When a run that was given had ended (ms); undefined while it was running. */
  endOf(runId: string): number | undefined {
    return this.ends.get(runId);
  }

  private noteEnds(runs: readonly Run[]): void {
    for (const { runId, status, endTime } of runs)
      if (endTime === undefined || isLive(status)) this.ends.delete(runId);
      else this.ends.set(runId, endTime);
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

  private async page(queryId: number, query: Query, size: number, signal: AbortSignal): Promise<RunsPage> {
    for (let times = 0; times < mostEmpty && query.waiting.length === 0 && !query.done; times++) {
      const { runs, done } = await query.pages.next(signal, size);
      query.waiting = runs;
      query.done = done;
    }
    const runs = query.waiting;
    const parents = new Set(await this.missingParents(runs, query, signal));
    const markOf = (run: Run): Mark => {
      if (!parents.has(run)) return {};
      return query.search.matches(run) ? { early: true } : { unmatched: true };
    };
    const batch = await packRuns([...runs, ...parents], markOf);
    signal.throwIfAborted();
    for (const { runId } of batch.runs) query.given.add(runId);
    if (query.watch)
      for (const run of runs) if (isLive(run.status) && !query.search.matches(run)) query.doubted.add(run.runId);
    this.noteEnds(runs);
    query.waiting = [];
    return { queryId, batch, more: !query.done, begun: !query.done && query.given.size < this.source.pageSize() };
  }

  /** Parents, and theirs, that were not given yet. */
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
