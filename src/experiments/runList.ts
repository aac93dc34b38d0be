import { countRuns } from '../mlflow/countRuns';
import { runIdIn } from '../mlflow/filterQuoting';
import type { RunQuestions, RunSearch } from '../mlflow/trackingStore';
import { chunks } from '../shared/chunks';
import type { Page, Run } from '../shared/domain';
import { type Resource, ResourceHolder } from '../shared/resource';
import type { KnownRuns } from './knownRuns';
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
  /** In the server's order. */
  readonly ids: ReadonlySet<string>;
  readonly nextPageToken?: string;
}

export interface RunListServices {
  readonly store: () => Promise<Pick<RunQuestions, 'searchRuns'>>;
  readonly pageSize: () => number;
  /** Every run that was ever loaded, the latest state of each: lists hold ids only. */
  readonly runs: KnownRuns;
  readonly onChange: () => void;
}

/** How many generations of missing parents are fetched. */
const mostGenerations = 8;
const idsPerSearch = 100;
const nothing: Loaded = { ids: new Set() };

/** The runs of one experiment under one filter and sort, loaded page by page. */
export class RunList {
  private readonly holder: ResourceHolder<Loaded>;
  private pages = 1;
  /** What the holder answered, with the pages that came after it. */
  private extended: { readonly base: Loaded; readonly all: Loaded } | undefined;
  private adding: Promise<void> | undefined;
  private readonly pinned = new Set<string>();
  private readonly absentParents = new Set<string>();
  private total: number | undefined;
  private counting: AbortController | undefined;
  private newest: string | undefined;
  private nested: { readonly of: readonly unknown[]; readonly rows: readonly RunRow[] } | undefined;

  constructor(
    private readonly experimentId: string,
    private readonly query: RunQuery,
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
    // A number that was counted before more runs came says less than none.
    const total = more ? (this.total !== undefined && this.total > ids.size ? this.total : undefined) : ids.size;
    return { rows: this.rows, loaded: ids.size, more, ...(total === undefined ? {} : { total }) };
  }

  /** Runs in sight that still change, parents that do not match included. */
  get runningIds(): readonly string[] {
    const running = (rows: readonly RunRow[]): string[] =>
      rows.flatMap(({ run, children }) => [
        ...(run.status === 'RUNNING' || run.status === 'SCHEDULED' ? [run.runId] : []),
        ...running(children),
      ]);
    return running(this.rows);
  }

  markStale(): void {
    this.holder.markStale();
  }

  /** The next page; asked twice at once it is one question. */
  loadMore(signal?: AbortSignal): Promise<void> {
    this.adding ??= this.addPage(signal).finally(() => {
      this.adding = undefined;
    });
    return this.adding;
  }

  /** Shows a run that is known though the list lacks it. */
  pin(runId: string): void {
    this.pinned.add(runId);
    this.nested = undefined;
  }

  /** Fetches the parents of a run that was pinned. */
  async fetchParents(signal?: AbortSignal): Promise<void> {
    await this.loadMissingParents(this.knownOf(this.pinned), this.isKnown, signal);
  }

  /** Fetches these runs of the list anew. @returns whether any has changed */
  async refreshRuns(runIds: readonly string[], signal?: AbortSignal): Promise<boolean> {
    return this.services.runs.keep(await this.byIds(runIds, signal));
  }

  /** Whether a run has appeared since the list was loaded: one question for one run. Trusts no clock. */
  async hasNewRuns(signal?: AbortSignal): Promise<boolean> {
    if (this.state !== 'ready') return false;
    const newest = await this.askForNewest(signal);
    if (newest === undefined || newest === this.newest || this.loaded.ids.has(newest)) return false;
    this.newest = newest;
    return true;
  }

  dispose(): void {
    this.counting?.abort();
    this.holder.dispose();
  }

  private get loaded(): Loaded {
    const { value } = this.holder;
    return this.extended && this.extended.base === value ? this.extended.all : (value ?? nothing);
  }

  /** Made once for what is known: the tree asks for every row. */
  private get rows(): readonly RunRow[] {
    const of = [this.loaded, this.services.runs.version];
    if (this.nested && of.every((part, at) => part === this.nested?.of[at])) return this.nested.rows;
    const { ids } = this.loaded;
    const runs = this.visible(ids);
    const pinned = this.visible(this.pinned).filter(({ runId }) => !ids.has(runId));
    const rows = nestRuns(runs, this.parentsOf([...runs, ...pinned]), pinned);
    this.nested = { of, rows };
    return rows;
  }

  /** Every page that was loaded, anew, so that what is shown is one state of the server. */
  private async load(signal: AbortSignal): Promise<Loaded> {
    let all = nothing;
    const { runs } = this.services;
    for (let page = 0; page < this.pages && (page === 0 || all.nextPageToken !== undefined); page++) {
      const next = await this.search(all.nextPageToken, signal);
      runs.keep(next.items);
      all = merged(all, next);
    }
    const pinned = [...this.pinned].filter((runId) => !all.ids.has(runId));
    runs.keep(await this.byIds(pinned, signal));
    const read = new Set([...all.ids, ...pinned]);
    await this.loadMissingParents(this.knownOf(read), (runId) => read.has(runId), signal);
    // Where the newest run need not be among the first, it is noted to tell it from one that comes.
    if (all.nextPageToken !== undefined && this.query.sort !== newestFirst)
      this.newest = await this.askForNewest(signal);
    if (all.nextPageToken !== undefined) this.count(all.nextPageToken);
    return all;
  }

  private async addPage(signal: AbortSignal | undefined): Promise<void> {
    const before = this.loaded;
    const base = this.holder.value;
    if (base === undefined || before.nextPageToken === undefined) return;
    const page = await this.search(before.nextPageToken, signal);
    this.services.runs.keep(page.items);
    await this.loadMissingParents(page.items, this.isKnown, signal);
    // A reload that ended meanwhile has other pages: what comes after those was asked for.
    if (before !== this.loaded) return this.addPage(signal);
    this.pages++;
    this.extended = { base, all: merged(before, page) };
    this.services.onChange();
  }

  private readonly isKnown = (runId: string) => this.services.runs.get(runId) !== undefined;

  private async loadMissingParents(
    runs: readonly Run[],
    isRead: (runId: string) => boolean,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const asked = new Set<string>();
    const isSettled = (id: string) => isRead(id) || asked.has(id) || this.absentParents.has(id);
    let generation = runs;
    for (let depth = 0; depth < mostGenerations; depth++) {
      const missing = missingParents(generation, isSettled);
      if (missing.length === 0) return;
      generation = await this.byIds(missing, signal);
      this.services.runs.keep(generation);
      const found = new Set(generation.map(({ runId }) => runId));
      for (const id of missing) (found.has(id) ? asked : this.absentParents).add(id);
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

  private async askForNewest(signal: AbortSignal | undefined): Promise<string | undefined> {
    const store = await this.services.store();
    const page = await store.searchRuns({ ...this.searchFor(newestFirst), maxResults: 1 }, signal);
    return page.items[0]?.runId;
  }

  private searchFor(sort = this.query.sort): RunSearch {
    const { experimentId, query } = this;
    return {
      experimentIds: [experimentId],
      filter: query.filter,
      orderBy: orderBy(sort),
      viewType: viewTypeOf(query),
    };
  }

  private count(token: string): void {
    this.counting?.abort();
    const counting = new AbortController();
    this.counting = counting;
    const { signal } = counting;
    const ask = async () => countRuns(await this.services.store(), this.searchFor(), token, signal, this.total);
    ask().then(
      (total) => {
        if (signal.aborted || total === this.total) return;
        this.total = total;
        this.services.onChange();
      },
      // The count is an extra: what was loaded is shown without it, and a server in trouble says so elsewhere.
      () => undefined,
    );
  }

  private knownOf(ids: Iterable<string>): readonly Run[] {
    return [...ids].flatMap((id) => this.services.runs.get(id) ?? []);
  }

  private visible(ids: Iterable<string>): readonly Run[] {
    const runs = this.knownOf(ids);
    return this.query.showDeleted ? runs : runs.filter(({ lifecycleStage }) => lifecycleStage === 'active');
  }

  /** Those of this experiment: a run has one row, and it stands in its own experiment. */
  private parentsOf(runs: readonly Run[]): readonly Run[] {
    const parents = new Map<string, Run>();
    for (const run of runs)
      for (let id = parentOf(run); id !== undefined && !parents.has(id); ) {
        const parent = this.services.runs.get(id);
        if (parent?.experimentId !== this.experimentId) break;
        parents.set(id, parent);
        id = parentOf(parent);
      }
    return [...parents.values()];
  }
}

/** Runs that moved between two pages while they were read stand once. */
function merged(before: Loaded, page: Page<Run>): Loaded {
  return {
    ids: new Set([...before.ids, ...page.items.map(({ runId }) => runId)]),
    ...(page.nextPageToken === undefined ? {} : { nextPageToken: page.nextPageToken }),
  };
}
