import { isCancelled } from '../../mlflow/mlflowError';
import { recordedOrigin } from '../../mlflow/recordedOrigin';
import type { RunOrigin } from '../../mlflow/runSource';
import type { TrackingStore } from '../../mlflow/trackingStore';
import type { LoggedModel, Metric, Run } from '../../shared/domain';
import { Answers } from './answers';
import type { Listing } from './artifactRows';
import { type MetricStats, metricStats } from './metricStats';
import { loadLoggedModels, loadVersions, type RegisteredVersions } from './runModels';

export const isLive = ({ status }: Pick<Run, 'status'>) => status === 'RUNNING' || status === 'SCHEDULED';

/** When the server was last asked for the run, ms, and whether it answered. */
export interface RunContact {
  readonly at: number;
  readonly ok: boolean;
}

/** One run and what was read about it, each part when somebody looks at it. What was read stays through failures. */
export class RunDetails {
  /** By folder; '' is the root. */
  readonly listings: Answers<Listing>;
  private readonly histories: Answers<MetricStats>;
  private readonly logged: Answers<ReadonlyMap<string, LoggedModel>>;
  private readonly registered: Answers<RegisteredVersions>;
  /** By the models of the run: which they are changes as it goes on, what they say of their code does not. */
  private readonly origins: Answers<RunOrigin>;
  /** For which last point each history was read. */
  private readonly historyOf = new Map<string, string>();
  private readonly closing = new AbortController();
  private inFlight: Promise<void> | undefined;
  private wanted = true;
  private shown: Run | undefined;
  private failure: unknown;
  private readAt: number | undefined;
  private lastContact: RunContact | undefined;

  constructor(
    readonly runId: string,
    private readonly store: () => Promise<TrackingStore>,
    private cached: Run | undefined,
  ) {
    this.shown = cached;
    this.listings = new Answers(async (path, signal) => (await store()).listArtifacts(runId, path, signal));
    this.histories = new Answers(async (key, signal) =>
      metricStats(await (await store()).metricHistory(runId, key, signal)),
    );
    this.logged = new Answers(async (_, signal) => loadLoggedModels(await store(), this.shown?.modelIds ?? [], signal));
    this.registered = new Answers(async (_, signal) => loadVersions(await store(), runId, signal));
    this.origins = new Answers(async (_, signal) => {
      const tracking = await store();
      return (await recordedOrigin(tracking, this.shown ?? (await tracking.getRun(runId, signal)), signal)).origin;
    });
  }

  get run(): Run | undefined {
    return this.shown;
  }

  /** Why the last reading failed, and of when what is shown is. */
  get problem(): { readonly error: unknown; readonly readAt?: number } | undefined {
    if (this.failure === undefined) return undefined;
    return { error: this.failure, ...(this.readAt === undefined ? {} : { readAt: this.readAt }) };
  }

  get contact(): RunContact | undefined {
    return this.lastContact;
  }

  /** Fulfilled when no reading of the run is under way, however it ended. */
  get settled(): Promise<void> {
    return this.inFlight?.catch(() => undefined) ?? Promise.resolve();
  }

  /** True when the run was never asked for, or has to be asked for again. */
  get isStale(): boolean {
    return this.wanted;
  }

  /** Something happened to runs: takes what is known of this one, or remembers to ask. True when that changes anything. */
  follow(cached: Run | undefined): boolean {
    if (cached && cached === this.cached && this.failure === undefined) return false;
    if (cached && cached !== this.cached) this.adopt(cached);
    else this.markStale();
    this.cached = cached;
    return true;
  }

  /** Everything is asked for again at the next look. */
  markStale(): void {
    this.wanted = true;
    this.listings.markStale();
    this.logged.markStale();
    this.registered.markStale();
    this.origins.markStale();
  }

  /** Reads the run; twice at the same time is one question. Throws what the server says. */
  refresh(): Promise<void> {
    this.wanted = false;
    this.inFlight ??= this.read().finally(() => {
      this.inFlight = undefined;
    });
    return this.inFlight;
  }

  /** Of the whole history; read again only when the metric or the run got on since. */
  stats(metric: Metric): Promise<MetricStats> {
    const last = [metric.exactStep ?? metric.step, metric.timestamp, metric.value, this.shown?.status].join(' ');
    if (this.historyOf.get(metric.key) !== last) this.histories.markStale(metric.key);
    this.historyOf.set(metric.key, last);
    return this.histories.get(metric.key);
  }

  knownStats(key: string): MetricStats | undefined {
    return this.histories.known(key);
  }

  loggedModels(): Promise<ReadonlyMap<string, LoggedModel>> {
    return this.logged.get('');
  }

  get knownLoggedModels(): ReadonlyMap<string, LoggedModel> | undefined {
    return this.logged.known('');
  }

  versions(): Promise<RegisteredVersions> {
    return this.registered.get('');
  }

  get knownVersions(): RegisteredVersions | undefined {
    return this.registered.known('');
  }

  /** Where its tags name no commit the models that it logged are asked. */
  origin(): Promise<RunOrigin> {
    return this.origins.get((this.shown?.modelIds ?? []).join(' '));
  }

  dispose(): void {
    this.closing.abort();
    const all = [this.listings, this.histories, this.logged, this.registered, this.origins];
    for (const answers of all) answers.dispose();
  }

  private async read(): Promise<void> {
    try {
      const store = await this.store();
      this.adopt(await store.getRun(this.runId, this.closing.signal));
    } catch (error) {
      if (!isCancelled(error)) {
        this.failure = error;
        this.lastContact = { at: Date.now(), ok: false };
      }
      throw error;
    }
  }

  private adopt(run: Run): void {
    this.shown = run;
    this.failure = undefined;
    this.readAt = Date.now();
    this.lastContact = { at: this.readAt, ok: true };
    this.wanted = false;
    this.listings.markStale();
    this.logged.markStale();
    this.registered.markStale();
  }
}
