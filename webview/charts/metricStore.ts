import type { ChartsRun, PointCount, SeriesBlock } from '../../src/shared/protocol/series';
import { RemoteError } from '../../src/shared/rpc';
import { unpackSeries } from '../../src/shared/series/packing';
import { PointForecast } from '../../src/shared/series/pointForecast';
import { type FullProgress, loadHistories } from './fullHistory';
import { IntervalDetails, type StepInterval } from './intervalDetail';
import { grown, LiveRuns } from './newPoints';
import { PointCounts } from './pointCounts';
import type { StoreServices } from './storeServices';
import type { Viewer } from './viewer';

/** Points that are fetched behind what is drawn already, so that short curves are complete. */
const mostRefined = 50_000;
/** Points of a metric that are fetched, beyond samples, where they are joined with those of another. */
const mostJoined = 50_000;
/** A wider chart than the one that asked shows a difference only when it is so much wider. */
const wider = 1.5;

/** The points of one metric: loaded when a chart needs them, then only what is new. Old points survive a failure. */
export class MetricStore extends EventTarget {
  error: RemoteError | undefined;
  loading = false;
  /** Loading every point. */
  progress: FullProgress | undefined;
  /** Another number after every change. */
  edition = 0;
  readonly viewers = new Set<Viewer>();
  private base: ReadonlyMap<string, SeriesBlock> | undefined;
  /** How many points of a run were asked for. */
  private readonly asked = new Map<string, number>();
  private readonly details: IntervalDetails;
  private readonly forecast: PointForecast;
  private readonly counted: PointCounts;
  private readonly live: LiveRuns;
  private abort: AbortController | undefined;
  private improving: AbortController | undefined;
  private fullAbort: AbortController | undefined;
  private stale = false;
  /** Every run with all its points, those that come later included. */
  private full = false;
  /** A person cancelled reading all points: only when it is asked for it is begun again. */
  private declined = false;

  constructor(
    readonly key: string,
    private readonly services: StoreServices,
  ) {
    super();
    this.forecast = new PointForecast(key, services.table);
    this.counted = new PointCounts(key, services, this.forecast);
    this.live = new LiveRuns(this.forecast);
    this.details = new IntervalDetails(key, services, this.viewers, () => this.set({}));
  }

  /** Of runs that are sampled, as far as they were counted. */
  get counts(): ReadonlyMap<string, PointCount> {
    return this.counted.known;
  }

  get loaded(): boolean {
    return this.base !== undefined;
  }

  /** Some curve is not complete. */
  get hasSampled(): boolean {
    return this.sampled.length > 0;
  }

  private get sampled(): readonly SeriesBlock[] {
    return [...(this.base?.values() ?? [])].filter(({ sampled }) => sampled);
  }

  markStale(): void {
    this.stale = true;
    this.details.forget();
  }

  /** The chart left the screen: what only it waits for is not asked any more. */
  release(viewer: Viewer): void {
    this.viewers.delete(viewer);
    this.details.release(viewer);
    if (this.viewers.size > 0) return;
    this.abort?.abort();
    this.improving?.abort();
    if (!this.full) this.fullAbort?.abort();
  }

  /** @param zoomed the chart, where it shows an interval: what was fetched for it in detail stands in its place */
  blocks(zoomed?: Viewer): ReadonlyMap<string, SeriesBlock> {
    const base = this.base ?? new Map<string, SeriesBlock>();
    return zoomed ? this.details.blocks(base, zoomed) : base;
  }

  /** Every point of the run in the interval that the chart shows is here. */
  isWhole(viewer: Viewer, runId: string, interval: StepInterval): boolean {
    return this.base?.get(runId)?.sampled === false || this.details.isWhole(viewer, runId, interval);
  }

  /** Loads what is missing of these runs, for the charts on screen. Failures are in `error`. */
  async sync(runs: readonly ChartsRun[]): Promise<void> {
    // What failed is asked again when a person does, or when the server answers again: not with every redraw.
    if (this.loading || this.viewers.size === 0 || (this.error && !this.stale)) return;
    const wanted = runs.filter(({ runId }) => this.forecast.lastStep(runId) !== undefined);
    const missing = wanted.filter((run) => this.isMissing(run));
    this.base ??= missing.length === 0 ? new Map() : undefined;
    if (missing.length > 0) await this.load(missing);
    if (this.full) await this.loadAll(wanted);
    else {
      if (!this.declined && [...this.viewers].some((viewer) => viewer.joins?.())) await this.loadJoined(wanted);
      await this.improve(wanted);
    }
  }

  private isMissing(run: ChartsRun): boolean {
    const block = this.base?.get(run.runId);
    if (!block || this.stale || this.live.hasEnded(run)) return true;
    return block.sampled && this.budget() > (this.asked.get(run.runId) ?? 0) * wider;
  }

  /** Whole hundreds: a pixel more is no reason to ask again. */
  private budget(): number {
    const wanted = Math.max(100, ...[...this.viewers].map((viewer) => viewer.budget()));
    return Math.min(this.services.mostPoints(), Math.ceil(wanted / 100) * 100);
  }

  /** How many points a run has, as far as the list of runs tells. */
  estimate(runId: string): number {
    return this.forecast.estimate(runId);
  }

  /** How many points a run has, and whether that is known or estimated. */
  stored(runId: string): { readonly points: number; readonly exact: boolean } {
    const block = this.base?.get(runId);
    if (block && !block.sampled) return { points: block.steps.length, exact: true };
    return this.counted.stored(runId);
  }

  private async load(runs: readonly ChartsRun[]): Promise<void> {
    const abort = new AbortController();
    this.abort = abort;
    this.set({ loading: true });
    try {
      await this.ask(runs, this.budget(), false, abort.signal);
      this.stale = false;
      this.set({ loading: false });
    } catch (error) {
      if (this.abort === abort) this.fail(error);
    }
  }

  private async ask(runs: readonly ChartsRun[], maxPoints: number, idle: boolean, signal: AbortSignal): Promise<void> {
    const parts = this.forecast.parts(runs, this.services.mostPoints());
    await Promise.all(parts.map((part) => this.askPart(part, maxPoints, idle, signal)));
  }

  private async askPart(
    runs: readonly ChartsRun[],
    maxPoints: number,
    idle: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const runIds = runs.map(({ runId }) => runId);
    const { key, services } = this;
    const expected = this.forecast.whole(runIds, services.mostPoints());
    if (expected !== undefined) maxPoints = services.mostPoints();
    const wanted = { maxPoints, ...(expected === undefined ? {} : { expectedPoints: expected }) };
    const question = () => services.rpc.call('series', { key, runIds, ...wanted }, signal);
    const { series } = await services.queue.ask({ ...this.demand, idle }, question, signal);
    const blocks = series.map(unpackSeries);
    for (const block of blocks) this.forecast.learn(block);
    this.counted.renew(this.base, blocks);
    this.details.renew(blocks);
    this.base = new Map([...(this.base ?? []), ...blocks.map((block) => [block.runId, block] as const)]);
    for (const { runId } of runs) this.asked.set(runId, maxPoints);
    this.live.asked(runs);
    this.set({});
  }

  private get demand() {
    return { priority: () => Math.min(...[...this.viewers].map((viewer) => viewer.priority())) };
  }

  /** What is only nice to have, while a chart looks; taken up again when it comes back before it was done. */
  private async improve(runs: readonly ChartsRun[]): Promise<void> {
    if (this.improving || this.error || this.viewers.size === 0) return;
    const abort = new AbortController();
    this.improving = abort;
    try {
      await this.refine(runs, abort.signal);
      if (await this.counted.count(this.sampled, this.demand, abort.signal)) this.set({});
    } catch (error) {
      if (!abort.signal.aborted) this.fail(error);
    } finally {
      this.improving = undefined;
    }
  }

  /** Curves that are short enough become complete once everything on screen is drawn. */
  private async refine(runs: readonly ChartsRun[], signal: AbortSignal): Promise<void> {
    const most = this.services.mostPoints();
    const isShort = (runId: string) => this.estimate(runId) <= most && (this.asked.get(runId) ?? 0) < most;
    const short = runs.filter(({ runId }) => this.base?.get(runId)?.sampled && isShort(runId));
    if (short.length === 0 || short.reduce((sum, { runId }) => sum + this.estimate(runId), 0) > mostRefined) return;
    await this.ask(short, most, true, signal);
  }

  /** All points of an interval for a chart, once; what it asked for before is forgotten. */
  async loadDetail(viewer: Viewer, interval: StepInterval): Promise<void> {
    const { sampled } = this;
    if (sampled.length === 0) return;
    const points = Math.max(...sampled.map((block) => this.counted.within(block, interval)));
    try {
      await this.details.load(viewer, sampled, interval, points, this.demand);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Every point of these runs, page by page; `cancelAll` ends it with what is complete. */
  async loadAll(runs: readonly ChartsRun[]): Promise<void> {
    if (this.progress) return;
    this.full = true;
    await this.loadWhole(this.sampledOf(runs));
  }

  /** Where all points are few enough, they are all joined; else the chart says of how many steps its own are. */
  private async loadJoined(runs: readonly ChartsRun[]): Promise<void> {
    const sampled = this.sampledOf(runs);
    if (sampled.reduce((sum, { runId }) => sum + this.stored(runId).points, 0) <= mostJoined)
      await this.loadWhole(sampled);
  }

  private sampledOf(runs: readonly ChartsRun[]): readonly ChartsRun[] {
    return runs.filter(({ runId }) => this.base?.get(runId)?.sampled);
  }

  private async loadWhole(sampled: readonly ChartsRun[]): Promise<void> {
    if (this.progress || sampled.length === 0) return;
    const abort = new AbortController();
    this.fullAbort = abort;
    try {
      await loadHistories(this.key, sampled, this.services, abort.signal, {
        progress: (progress) => this.set({ progress }),
        take: (block) => {
          this.base = new Map([...(this.base ?? []), [block.runId, block]]);
        },
      });
      this.set({ progress: undefined });
    } catch (error) {
      this.full = false;
      this.progress = undefined;
      this.fail(error);
    }
  }

  cancelAll(): void {
    this.full = false;
    this.declined = true;
    this.fullAbort?.abort();
  }

  /** New points of runs that go on. @throws RemoteError */
  async loadNew(runs: readonly ChartsRun[]): Promise<void> {
    if (!this.base || this.loading) return;
    const after = this.live.whatIsLast(runs, { blocks: this.base, counts: this.counts });
    if (after.length === 0) return;
    const { series } = await this.services.rpc.call('newPoints', { key: this.key, after });
    const known = { blocks: this.base, counts: this.counts };
    const more = grown(known, series);
    if (!more) return;
    this.details.renew(series.filter(({ sampled }) => sampled));
    this.details.renew(this.live.heard(known.blocks, more.blocks));
    this.base = more.blocks;
    this.counted.known = more.counts;
    this.set({});
  }

  private fail(error: unknown): void {
    const known = error instanceof RemoteError ? error : new RemoteError({ message: String(error) });
    const isCancelled = known.kind === 'cancelled' || (error instanceof Error && error.name === 'AbortError');
    this.set({ loading: false, ...(isCancelled ? {} : { error: known }) });
  }

  private set(change: { loading?: boolean; error?: RemoteError; progress?: FullProgress | undefined }): void {
    if (change.loading !== undefined) this.loading = change.loading;
    if ('progress' in change) this.progress = change.progress;
    this.error = change.error;
    this.edition++;
    this.dispatchEvent(new Event('change'));
  }
}
