import { isDeepStrictEqual } from 'node:util';
import { countRuns } from '../mlflow/countRuns';
import { runIdIn } from '../mlflow/filterQuoting';
import type { RunSearch, TrackingStore } from '../mlflow/trackingStore';
import { chunks } from '../shared/chunks';
import type { Page, Run } from '../shared/domain';
import { type Resource, ResourceHolder } from '../shared/resource';
import { missingParents, nestRuns, parentOf, type RunRow } from './nesting';
import { newestFirst, orderBy, type RunQuery, viewTypeOf } from './runQuery';

export interface RunListing {
  readonly rows: readonly RunRow[];
  /** Matching runs that were loaded. */
  readonly loaded: number;
  readonly more: boolean;
  /** Matching runs on the server; undefined until it is known. */
  readonly total?: number;
}

interface Loaded {
  readonly ids: readonly string[];
  readonly nextPageToken?: string;
}

export interface RunListServices {
  readonly store: () => Promise<TrackingStore>;
  readonly pageSize: () => number;
  readonly query: () => RunQuery;
  /** Every run that was ever loaded, the latest state of each: lists hold ids only. */
  readonly runs: Map<string, Run>;
  readonly onChange: () => void;
}

/** How many generations of missing parents are fetched. */
const mostGenerations = 8;
const idsPerSearch = 100;

/** The runs of one experiment under the view's filter and sort, loaded page by page. */
export class RunList {
  private readonly holder: ResourceHolder<Loaded>;
  private pages = 1;
  /** Pages that came after the holder's answer. */
  private appended: Loaded | undefined;
  private readonly pinned = new Set<string>();
  private readonly absentParents = new Set<string>();
  private total: number | undefined;
  private counting: AbortController | undefined;
  private newest: string | undefined;

  constructor(
    private readonly experimentId: string,
    private readonly services: RunListServices,
  ) {
    this.holder = new ResourceHolder(
      (signal) => this.load(signal),
      () => undefined,
    );
  }

  get state(): Resource<unknown>['state'] {
    return this.holder.current.state;
  }

  /** Loads what is absent or stale. */
  async get(): Promise<RunListing> {
    await this.holder.get();
    return this.listing;
  }

  /** What is known now. */
  get listing(): RunListing {
    const { ids, nextPageToken } = this.loaded;
    const more = nextPageToken !== undefined;
    if (more && this.total === undefined && !this.counting) this.count(nextPageToken);
    const runs = this.visible(ids);
    const pinned = this.visible([...this.pinned].filter((id) => !ids.includes(id)));
    const rows = nestRuns(runs, this.parentsOf([...runs, ...pinned]), pinned);
    const total = more ? this.total : ids.length;
    return { rows, loaded: ids.length, more, ...(total === undefined ? {} : { total }) };
  }

  get runningIds(): readonly string[] {
    const shown = new Set([...this.loaded.ids, ...this.pinned]);
    return [...shown].filter((id) => {
      const status = this.services.runs.get(id)?.status;
      return status === 'RUNNING' || status === 'SCHEDULED';
    });
  }

  markStale(): void {
    this.total = undefined;
    this.counting?.abort();
    this.counting = undefined;
    this.holder.markStale();
  }

  async loadMore(signal?: AbortSignal): Promise<void> {
    const before = this.loaded;
    if (before.nextPageToken === undefined) return;
    const page = await this.search(before.nextPageToken, signal);
    await this.adopt(page.items, signal);
    // A reload that ended meanwhile has other pages.
    if (before.ids !== this.loaded.ids) return;
    this.pages++;
    this.appended = merged(before, page);
    this.services.onChange();
  }

  /** Shows a run that is known though the list lacks it. */
  pin(runId: string): void {
    if (this.pinned.has(runId) || this.loaded.ids.includes(runId)) return;
    this.pinned.add(runId);
  }

  /** Fetches the parents of a run that was pinned. */
  async fetchParents(signal?: AbortSignal): Promise<void> {
    const shown = [...this.loaded.ids, ...this.pinned].flatMap((id) => this.services.runs.get(id) ?? []);
    await this.loadMissingParents(shown, signal);
  }

  /** Fetches these runs of the list anew. @returns whether any has changed */
  async refreshRuns(runIds: readonly string[], signal?: AbortSignal): Promise<boolean> {
    const fresh = await this.byIds(runIds, signal);
    const changed = fresh.filter((run) => !isDeepStrictEqual(run, this.services.runs.get(run.runId)));
    for (const run of changed) this.services.runs.set(run.runId, run);
    return changed.length > 0;
  }

  /** Whether a run has appeared since the list was loaded: one question for one run. */
  async hasNewRuns(signal?: AbortSignal): Promise<boolean> {
    if (this.holder.current.state !== 'ready') return false;
    const { at } = this.holder.current;
    const store = await this.services.store();
    const page = await store.searchRuns({ ...this.searchFor(newestFirst), maxResults: 1 }, signal);
    const [newest] = page.items;
    if (!newest || newest.runId === this.newest || this.loaded.ids.includes(newest.runId)) return false;
    const isFirstLook = this.newest === undefined;
    this.newest = newest.runId;
    return !isFirstLook || newest.startTime >= at;
  }

  dispose(): void {
    this.counting?.abort();
    this.holder.dispose();
  }

  private get loaded(): Loaded {
    return this.appended ?? this.holder.value ?? { ids: [] };
  }

  /** Every page that was loaded, anew, so that what is shown is one state of the server. */
  private async load(signal: AbortSignal): Promise<Loaded> {
    let all: Loaded = { ids: [] };
    const runs: Run[] = [];
    for (let page = 0; page < this.pages && (page === 0 || all.nextPageToken !== undefined); page++) {
      const next = await this.search(all.nextPageToken, signal);
      runs.push(...next.items);
      all = merged(all, next);
    }
    await this.adopt(runs, signal);
    this.appended = undefined;
    this.newest = undefined;
    return all;
  }

  private async adopt(runs: readonly Run[], signal: AbortSignal | undefined): Promise<void> {
    for (const run of runs) this.services.runs.set(run.runId, run);
    await this.loadMissingParents(runs, signal);
  }

  private async loadMissingParents(runs: readonly Run[], signal: AbortSignal | undefined): Promise<void> {
    const isKnown = (id: string) => this.services.runs.has(id) || this.absentParents.has(id);
    let generation = runs;
    for (let depth = 0; depth < mostGenerations; depth++) {
      const missing = missingParents(generation, isKnown);
      if (missing.length === 0) return;
      generation = await this.byIds(missing, signal);
      for (const run of generation) this.services.runs.set(run.runId, run);
      for (const id of missing) if (!this.services.runs.has(id)) this.absentParents.add(id);
    }
  }

  private async byIds(runIds: readonly string[], signal: AbortSignal | undefined): Promise<readonly Run[]> {
    const store = await this.services.store();
    const found: Run[] = [];
    for (const ids of chunks(runIds, idsPerSearch)) {
      const filter = runIdIn(ids);
      if (filter === undefined) continue;
      const search: RunSearch = { experimentIds: [this.experimentId], filter, viewType: 'ALL' };
      found.push(...(await store.searchRuns({ ...search, maxResults: idsPerSearch }, signal)).items);
    }
    return found;
  }

  private async search(pageToken: string | undefined, signal: AbortSignal | undefined): Promise<Page<Run>> {
    const store = await this.services.store();
    const maxResults = this.services.pageSize();
    return store.searchRuns({ ...this.searchFor(), maxResults, ...(pageToken ? { pageToken } : {}) }, signal);
  }

  private searchFor(sort = this.services.query().sort): RunSearch {
    const query = this.services.query();
    return {
      experimentIds: [this.experimentId],
      filter: query.filter,
      orderBy: orderBy(sort),
      viewType: viewTypeOf(query),
    };
  }

  private count(token: string): void {
    const counting = new AbortController();
    this.counting = counting;
    const ask = async () => countRuns(await this.services.store(), this.searchFor(), token, counting.signal);
    ask().then(
      (total) => {
        if (counting.signal.aborted) return;
        this.total = total;
        if (total !== undefined) this.services.onChange();
      },
      // The count is an extra: what was loaded is shown without it, and a server in trouble says so elsewhere.
      () => undefined,
    );
  }

  private visible(ids: readonly string[]): readonly Run[] {
    const { showDeleted } = this.services.query();
    const runs = ids.flatMap((id) => this.services.runs.get(id) ?? []);
    return showDeleted ? runs : runs.filter(({ lifecycleStage }) => lifecycleStage === 'active');
  }

  private parentsOf(runs: readonly Run[]): readonly Run[] {
    const parents = new Map<string, Run>();
    for (const run of runs)
      for (let id = parentOf(run); id !== undefined && !parents.has(id); ) {
        const parent = this.services.runs.get(id);
        if (!parent) break;
        parents.set(id, parent);
        id = parentOf(parent);
      }
    return [...parents.values()];
  }
}

/** Runs that moved between two pages while they were read stand once. */
function merged(before: Loaded, page: Page<Run>): Loaded {
  const known = new Set(before.ids);
  const added = page.items.map(({ runId }) => runId).filter((id) => !known.has(id));
  return {
    ids: [...before.ids, ...added],
    ...(page.nextPageToken === undefined ? {} : { nextPageToken: page.nextPageToken }),
  };
}
