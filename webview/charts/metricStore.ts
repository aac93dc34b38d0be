import type { ChartsRun, PointCount, SeriesBlock } from '../../src/shared/protocol/series';
import { RemoteError } from '../../src/shared/rpc';
import { isLive, type RunTable } from '../../src/shared/runs/runTable';
import { appendPoints, replaceInterval } from '../../src/shared/series/merge';
import type { HostRpc } from '../runs/session';

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
    private readonly table: RunTable,
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
    const wanted = runs.filter(({ runId }) => this.hasMetric(runId));
    const over = wanted.filter(({ runId, status }) => !isLive(status) && !this.ended.has(runId));
    if (!this.base || this.stale || over.some(({ runId }) => this.base?.has(runId))) {
      await this.load(wanted);
      return;
    }
    const unknown = wanted.filter(({ runId }) => !this.base?.has(runId));
    if (unknown.length > 0) await this.load(unknown, this.full, this.base);
    else await this.loadNew(wanted.filter(({ status }) => isLive(status)));
  }

  private hasMetric(runId: string): boolean {
    const row = this.table.rowOf(runId);
    return row !== undefined && this.table.metric(this.key)?.last.has(row) === true;
  }

  /** @param kept what is known of other runs and stays */
  async load(
    runs: readonly ChartsRun[],
    full = this.full,
    kept: ReadonlyMap<string, SeriesBlock> = new Map(),
  ): Promise<void> {
    if (this.loading && full === this.full) return;
    this.loadAbort?.abort();
    const abort = new AbortController();
    this.loadAbort = abort;
    this.full = full;
    this.stale = false;
    this.set({ loading: true });
    try {
      const runIds = runs.map(({ runId }) => runId);
      const { series } = await this.rpc.call('series', { key: this.key, runIds, full }, abort.signal);
      this.base = new Map([...kept, ...series.map((block) => [block.runId, block] as const)]);
      if (kept.size === 0) this.ended = new Set();
      for (const { runId, status } of runs) if (!isLive(status)) this.ended.add(runId);
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
      const runIds = [...(this.base?.keys() ?? [])];
      const { series } = await this.rpc.call('series', { key: this.key, runIds, startStep, endStep }, abort.signal);
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
    const after = live.flatMap(({ runId }) => {
      const block = this.base?.get(runId);
      const step = block?.steps.reduce((most, value) => Math.max(most, value), -1) ?? -1;
      return this.hasNewer(runId, step, block?.values.at(-1)) ? [{ runId, step }] : [];
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

  /** The list of runs carries the latest value of each metric: where it is known already, nobody is asked. */
  private hasNewer(runId: string, step: number, value: number | undefined): boolean {
    const row = this.table.rowOf(runId);
    const column = this.table.metric(this.key);
    const latest = row === undefined ? undefined : column?.steps.get(row);
    if (row === undefined || latest === undefined) return false;
    return latest > step || !Object.is(column?.last.get(row), value);
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
