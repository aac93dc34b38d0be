import type {
  ChartsRun,
  HostEvents,
  HostMethods,
  PageMethods,
  PointCount,
  SeriesBlock,
} from '../../src/shared/protocol';
import { RemoteError, type Rpc } from '../../src/shared/rpc';
import { appendPoints, replaceInterval } from '../../src/shared/series/merge';

type HostRpc = Rpc<HostMethods, PageMethods, object, HostEvents>;

interface Detail {
  readonly startStep: number;
  readonly endStep: number;
  readonly blocks: ReadonlyMap<string, SeriesBlock>;
}

/** Counting reads the points: no more runs than this are counted without being asked. */
const countedUnasked = 10;

/** The points of one metric: loaded once, then only what is new. Old points survive a failure. */
export class MetricStore extends EventTarget {
  error: RemoteError | undefined;
  loading = false;
  readonly counts = new Map<string, PointCount>();
  private base: ReadonlyMap<string, SeriesBlock> | undefined;
  private detail: Detail | undefined;
  private detailWanted = '';
  private detailAbort: AbortController | undefined;
  private loadAbort: AbortController | undefined;
  private ended = new Set<string>();
  private stale = false;
  private full = false;

  constructor(
    readonly key: string,
    private readonly rpc: HostRpc,
  ) {
    super();
  }

  get loaded(): boolean {
    return this.base !== undefined;
  }

  markStale(): void {
    this.stale = true;
    this.detail = undefined;
    this.detailWanted = '';
  }

  /** Points as finely as they are known; an interval that was fetched in detail stands in its place. */
  blocks(zoomed: boolean): readonly SeriesBlock[] {
    const { base, detail } = this;
    if (!base) return [];
    if (!detail || !zoomed) return [...base.values()];
    return [...base.values()].map((block) => {
      const finer = detail.blocks.get(block.runId);
      if (!finer || !block.sampled) return block;
      return { ...replaceInterval(block, finer, detail.startStep, detail.endStep), sampled: finer.sampled };
    });
  }

  /** Loads what is missing or new, for a chart that is on screen. */
  async sync(runs: readonly ChartsRun[]): Promise<void> {
    // What failed is asked again when a person does, or when the server answers again: not with every redraw.
    if (this.error && !this.base && !this.stale) return;
    const over = runs.filter(({ runId, status }) => !isLive(status) && !this.ended.has(runId));
    if (!this.base || this.stale || over.some(({ runId }) => this.base?.has(runId))) {
      await this.load(runs);
      return;
    }
    await this.loadNew(runs.filter(({ status }) => isLive(status)));
  }

  async load(runs: readonly ChartsRun[], full = this.full): Promise<void> {
    if (this.loading && full === this.full) return;
    this.loadAbort?.abort();
    const abort = new AbortController();
    this.loadAbort = abort;
    this.full = full;
    this.stale = false;
    this.set({ loading: true });
    try {
      const { series } = await this.rpc.call('series', { key: this.key, full }, abort.signal);
      this.base = new Map(series.map((block) => [block.runId, block]));
      this.ended = new Set(runs.filter(({ status }) => !isLive(status)).map(({ runId }) => runId));
      this.set({ loading: false });
      await this.count();
    } catch (error) {
      if (this.loadAbort === abort) this.fail(error);
    }
  }

  /** All points of an interval, once; other intervals asked for meanwhile are forgotten. */
  async loadDetail(startStep: number, endStep: number): Promise<void> {
    const wanted = `${startStep} ${endStep}`;
    if (this.detailWanted === wanted || this.hasDetail(startStep, endStep)) return;
    this.detailWanted = wanted;
    this.detailAbort?.abort();
    const abort = new AbortController();
    this.detailAbort = abort;
    try {
      const { series } = await this.rpc.call('series', { key: this.key, startStep, endStep }, abort.signal);
      this.detail = { startStep, endStep, blocks: new Map(series.map((block) => [block.runId, block])) };
      this.set({});
    } catch (error) {
      if (this.detailAbort === abort) this.fail(error);
    }
  }

  /** Whether asking would bring nothing finer: all points are there, or nearly the same interval was asked. */
  private hasDetail(startStep: number, endStep: number): boolean {
    const { detail } = this;
    if (!detail || startStep < detail.startStep || endStep > detail.endStep) return false;
    if ([...detail.blocks.values()].every(({ sampled }) => !sampled)) return true;
    return endStep - startStep > (detail.endStep - detail.startStep) * 0.8;
  }

  private async loadNew(live: readonly ChartsRun[]): Promise<void> {
    const after = live.map(({ runId }) => {
      const block = this.base?.get(runId);
      const step = block?.steps.reduce((most, value) => Math.max(most, value), -1) ?? -1;
      const timestamp = block?.timestamps.reduce((most, value) => Math.max(most, value), 0) ?? 0;
      return { runId, step, timestamp };
    });
    if (after.length === 0 || this.loading) return;
    try {
      const { series } = await this.rpc.call('newPoints', { key: this.key, after });
      if (series.length === 0) return;
      const merged = new Map(this.base);
      for (const added of series) {
        const known = merged.get(added.runId);
        merged.set(added.runId, known ? appendPoints(known, added) : added);
        const counted = this.counts.get(added.runId);
        if (counted) this.counts.set(added.runId, { ...counted, points: counted.points + added.steps.length });
      }
      this.base = merged;
      this.set({});
    } catch (error) {
      // The banner tells that the server does not answer; what is drawn stays.
      if (!(error instanceof RemoteError)) throw error;
    }
  }

  private async count(): Promise<void> {
    const sampled = [...(this.base?.values() ?? [])].filter(({ sampled }) => sampled).map(({ runId }) => runId);
    if (sampled.length === 0 || sampled.length > countedUnasked) return;
    try {
      const counts = await this.rpc.call('count', { key: this.key, runIds: sampled });
      for (const found of counts) this.counts.set(found.runId, found);
      this.set({});
    } catch (error) {
      // Not knowing how many there are is no failure of the chart: its badge says that it is a sample.
      if (!(error instanceof RemoteError)) throw error;
    }
  }

  private fail(error: unknown): void {
    const known = error instanceof RemoteError ? error : new RemoteError({ message: String(error) });
    if (known.kind === 'cancelled') this.set({ loading: false });
    else this.set({ loading: false, error: known });
  }

  private set(change: { loading?: boolean; error?: RemoteError }): void {
    if (change.loading !== undefined) this.loading = change.loading;
    this.error = change.error;
    this.dispatchEvent(new Event('change'));
  }
}

const isLive = (status: ChartsRun['status']) => status === 'RUNNING' || status === 'SCHEDULED';
