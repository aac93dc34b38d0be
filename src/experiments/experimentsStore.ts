import * as vscode from 'vscode';
import type { Connections } from '../connections/connection';
import { followServer } from '../connections/followServer';
import { MlflowError } from '../mlflow/mlflowError';
import { settings } from '../platform/settings';
import type { Experiment, Run } from '../shared/domain';
import { mapLimited } from '../shared/mapLimited';
import { type Resource, ResourceHolder } from '../shared/resource';
import { unlessAborted } from '../shared/unlessAborted';
import { KnownRuns } from './knownRuns';
import { RunList } from './runList';
import { allRuns, newestFirst, orderBy, type RunQuery, viewTypeOf } from './runQuery';

const experimentsPage = 1000;
/** Beyond these nobody browses; the filter of a tree finds nothing that is not loaded. */
const mostExperiments = 20_000;
const atOnce = 6;

/** The experiments and runs of the connected server, as far as somebody has looked at them. */
export class ExperimentsStore implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<string | undefined>();
  /** Gives the id of the experiment whose runs changed; undefined when anything may have. */
  readonly onDidChange = this.changed.event;
  private readonly runsChanged = new vscode.EventEmitter<void>();
  /** A run was read for the first time, has changed, or is gone. */
  readonly onDidRunsChange = this.runsChanged.event;
  private readonly listening: vscode.Disposable;
  private runs = this.noRuns();
  private asked = new Map<string, Promise<Run>>();
  private readonly lists = new Map<string, RunList>();
  private experiments = this.experimentHolder();
  private currentQuery: RunQuery;

  constructor(
    private readonly connections: Connections,
    query: RunQuery = allRuns,
  ) {
    this.currentQuery = query;
    this.listening = followServer(
      connections,
      () => this.forget(),
      () => this.changed.fire(undefined),
    );
  }

  get query(): RunQuery {
    return this.currentQuery;
  }

  setQuery(change: Partial<RunQuery>): void {
    const showDeleted = this.currentQuery.showDeleted;
    this.currentQuery = { ...this.currentQuery, ...change };
    this.forgetLists();
    if (showDeleted !== this.currentQuery.showDeleted) this.experiments.markStale();
    this.changed.fire(undefined);
  }

  get experimentsNow(): Resource<readonly Experiment[]> {
    return this.experiments.current;
  }

  /** Undefined when no server is configured; throws `MlflowError` when the question fails. */
  async getExperiments(): Promise<readonly Experiment[] | undefined> {
    return (await this.connections.get()) && this.experiments.get();
  }

  /** Asked anew each time: nobody looks at them but to restore some. */
  async deletedExperiments(): Promise<readonly Experiment[]> {
    const { store } = await this.connections.require();
    return (await store.searchExperiments({ viewType: 'DELETED_ONLY', maxResults: experimentsPage })).items;
  }

  async deletedRuns(experimentId: string): Promise<readonly Run[]> {
    const { store } = await this.connections.require();
    const search = { experimentIds: [experimentId], orderBy: orderBy(newestFirst), maxResults: 1000 };
    return (await store.searchRuns({ ...search, viewType: 'DELETED_ONLY' })).items;
  }

  experiment(experimentId: string): Experiment | undefined {
    return this.experiments.value?.find((experiment) => experiment.experimentId === experimentId);
  }

  /** The runs of an experiment under the current query. */
  list(experimentId: string): RunList {
    const present = this.lists.get(experimentId);
    if (present) return present;
    const made = new RunList(experimentId, this.currentQuery, {
      store: async () => (await this.connections.require()).store,
      pageSize: () => settings.runsPageSize.get(),
      runs: this.runs,
      onChange: () => this.changed.fire(experimentId),
    });
    this.lists.set(experimentId, made);
    return made;
  }

  /** Every run that was loaded and still counts. */
  get loadedRuns(): Iterable<Run> {
    return this.runs.values();
  }

  cachedRun(runId: string): Run | undefined {
    return this.runs.get(runId);
  }

  /** The run as last loaded, fetched when it was not; asked twice at once it is one question. */
  async run(runId: string, signal?: AbortSignal): Promise<Run> {
    signal?.throwIfAborted();
    const known = this.runs.get(runId);
    if (known) return known;
    return unlessAborted(this.asked.get(runId) ?? this.fetchRun(runId), signal);
  }

  /** Fetches these runs again and shows what became of them. Runs nobody loaded are left alone, but for new ones. */
  async reloadRuns(runIds: readonly string[]): Promise<void> {
    const { store } = await this.connections.require();
    const { runs } = this;
    const touched = new Set<string>();
    const reload = async (runId: string) => {
      const before = runs.get(runId);
      const run = await store.getRun(runId).catch((error: unknown) => {
        if (error instanceof MlflowError && error.kind === 'notFound') return undefined;
        throw error;
      });
      if (run) runs.keep([run]);
      else runs.forget(runId);
      const experimentId = (run ?? before)?.experimentId;
      if (experimentId === undefined) return;
      touched.add(experimentId);
      // One that was not known may belong anywhere in the list.
      if (!before || before.lifecycleStage !== run?.lifecycleStage) this.lists.get(experimentId)?.markStale();
    };
    try {
      await mapLimited(runIds, atOnce, reload);
    } finally {
      this.announceAll(touched);
    }
  }

  /** What stands is shown until the new answer is there. */
  refresh(): void {
    this.runs.renew();
    this.experiments.markStale();
    for (const list of this.lists.values()) list.markStale();
    this.changed.fire(undefined);
  }

  refreshList(experimentId: string): void {
    this.lists.get(experimentId)?.markStale();
    this.changed.fire(experimentId);
  }

  /** Runs of a list were fetched anew. */
  announce(experimentId: string): void {
    this.changed.fire(experimentId);
  }

  dispose(): void {
    this.listening.dispose();
    this.changed.dispose();
    this.runsChanged.dispose();
    this.forget();
  }

  private fetchRun(runId: string): Promise<Run> {
    const { asked } = this;
    const ask = async () => {
      const { store } = await this.connections.require();
      // Connecting may have brought another server.
      const { runs } = this;
      const run = await store.getRun(runId);
      runs.keep([run]);
      return runs.get(runId) ?? run;
    };
    const promise = ask().finally(() => asked.delete(runId));
    asked.set(runId, promise);
    return promise;
  }

  /** An experiment that is not known is new: all of them are asked for. */
  private announceAll(experimentIds: ReadonlySet<string>): void {
    const known = new Set(this.experiments.value?.map(({ experimentId }) => experimentId));
    const isNew = this.experiments.value && [...experimentIds].some((id) => !known.has(id));
    if (isNew) this.experiments.markStale();
    for (const experimentId of isNew ? [undefined] : experimentIds) this.changed.fire(experimentId);
  }

  private forget(): void {
    this.experiments.dispose();
    this.experiments = this.experimentHolder();
    this.forgetLists();
    this.runs = this.noRuns();
    this.asked = new Map();
  }

  private forgetLists(): void {
    for (const list of this.lists.values()) list.dispose();
    this.lists.clear();
  }

  private noRuns(): KnownRuns {
    return new KnownRuns(() => this.runsChanged.fire());
  }

  private experimentHolder(): ResourceHolder<readonly Experiment[]> {
    const ask = async (signal: AbortSignal) => {
      const { store } = await this.connections.require();
      const search = { viewType: viewTypeOf(this.currentQuery), maxResults: experimentsPage };
      const all: Experiment[] = [];
      let pageToken: string | undefined;
      do {
        const page = await store.searchExperiments({ ...search, ...(pageToken ? { pageToken } : {}) }, signal);
        all.push(...page.items);
        pageToken = page.nextPageToken;
      } while (pageToken !== undefined && all.length < mostExperiments);
      return all;
    };
    return new ResourceHolder(ask, () => undefined);
  }
}
