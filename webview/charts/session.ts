import type { Contact } from '../../src/shared/protocol/contact';
import type { ChartsRun, DrawnChart } from '../../src/shared/protocol/series';
import type { ViewState } from '../../src/shared/viewState';
import type { HostRpc, Session as RunsSession } from '../runs/session';
import { Crosshair } from './crosshair';
import { MetricStore } from './metricStore';

/** What the charts draw: the chosen runs and every metric one of them has. */
export interface Charted {
  readonly runs: readonly ChartsRun[];
  /** Ids asked for that the server does not have. */
  readonly missing: readonly string[];
  readonly metrics: readonly string[];
  readonly contact: Contact;
  readonly refreshSeconds: number;
}

/** What the charts share: the chosen runs, the set-up of the charts, the points. */
export class Session extends EventTarget {
  readonly crosshair = new Crosshair();
  private readonly metrics = new Map<string, MetricStore>();
  private charted: { readonly of: readonly unknown[]; readonly what: Charted } | undefined;
  private contactOk = true;
  private readonly follow = () => this.changed();

  constructor(readonly runs: RunsSession) {
    super();
  }

  /** Call when the charts come into sight, and `disconnect` when they leave it. */
  connect(): void {
    this.runs.addEventListener('change', this.follow);
    this.changed();
  }

  disconnect(): void {
    this.runs.removeEventListener('change', this.follow);
  }

  get rpc(): HostRpc {
    return this.runs.rpc;
  }

  get drawn(): Set<() => DrawnChart> {
    return this.runs.drawn;
  }

  get view(): ViewState {
    return this.runs.view.charts;
  }

  get snapshot(): Charted | undefined {
    const { table, loader, snapshot, view, colors } = this.runs;
    if (!snapshot || loader.edition === 0) return undefined;
    const of = [table.version, loader.edition, snapshot, view.chosen, view.hiddenRuns, colors.edition];
    if (this.charted?.of.every((part, at) => part === of[at])) return this.charted.what;
    const rows = this.runs.chosen;
    const runs = rows.map((row): ChartsRun => {
      const { runId, name, status } = table.head(row);
      return { runId, name, status, startTime: table.startTime(row) ?? 0, color: colors.of(runId) };
    });
    const metrics = table.metricKeys.filter((key) => rows.some((row) => table.metric(key)?.last.has(row)));
    const missing = 'runIds' in view.chosen ? view.chosen.runIds.filter((id) => table.rowOf(id) === undefined) : [];
    const { contact, refreshSeconds } = snapshot;
    const what = { runs, missing, metrics: metrics.sort(), contact, refreshSeconds };
    this.charted = { of, what };
    void colors.want(runs.map(({ runId }) => runId));
    return what;
  }

  update(change: Partial<ViewState>): void {
    this.runs.update({ charts: { ...this.view, ...change } });
  }

  /** Without an interval all charts show everything. */
  zoomTo(zoom: ViewState['zoom']): void {
    const { zoom: _, ...rest } = this.view;
    this.runs.update({ charts: zoom ? { ...rest, zoom } : rest });
  }

  metric(key: string): MetricStore {
    const known = this.metrics.get(key) ?? new MetricStore(key, this.rpc, this.runs.table);
    this.metrics.set(key, known);
    return known;
  }

  get shownRuns(): readonly ChartsRun[] {
    const hidden = new Set(this.view.hiddenRuns);
    return (this.snapshot?.runs ?? []).filter(({ runId }) => !hidden.has(runId));
  }

  /** Everything anew. @throws RemoteError */
  async refresh(): Promise<void> {
    await this.runs.refresh();
    for (const metric of this.metrics.values()) metric.markStale();
    this.changed();
  }

  keepScroll(scroll: number): void {
    this.runs.keepQuietly({ charts: { ...this.view, scroll } });
  }

  private changed(): void {
    const ok = this.runs.snapshot?.contact.ok !== false;
    if (ok && !this.contactOk) for (const metric of this.metrics.values()) if (metric.error) metric.markStale();
    this.contactOk = ok;
    this.dispatchEvent(new Event('change'));
  }
}
