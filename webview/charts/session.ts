import { boardKey } from '../../src/shared/charts/boardLines';
import type { Contact } from '../../src/shared/protocol/contact';
import type { ChartsRun, DrawnChart } from '../../src/shared/protocol/series';
import { parseColumnId } from '../../src/shared/runs/column';
import { type CellValue, cellValue } from '../../src/shared/runs/runTable';
import { groupsOf, type RunGroup } from '../../src/shared/series/groupCurves';
import { axisIdOf, type ChartSettings, settingsOf } from '../../src/shared/view/chartSettings';
import type { CardSettings } from '../../src/shared/view/lineSettings';
import { type Interval, mostPlaces, type ViewState } from '../../src/shared/viewState';
import type { HostRpc } from '../runs/hostRpc';
import type { Session as RunsSession } from '../runs/session';
import { Crosshair } from './crosshair';
import { LiveZoom } from './liveZoom';
import { MetricStore } from './metricStore';
import { QuestionQueue } from './questionQueue';

/** What the charts draw: the chosen runs and every metric one of them has. */
export interface Charted {
  readonly runs: readonly ChartsRun[];
  /** Ids asked for that the server does not have, and of which server they are where they are another's. */
  readonly missing: readonly string[];
  readonly missingOf?: string;
  readonly metrics: readonly string[];
  readonly contact: Contact;
  readonly refreshSeconds: number;
}

/** What the charts share: the chosen runs, the set-up of the charts, the points. */
export class Session extends EventTarget {
  readonly crosshair = new Crosshair();
  readonly zoom = new LiveZoom(
    () => this.view.zoom,
    (zoom) => this.keepZoom(zoom),
  );
  /** Runs whose curves are looked at; a group's id for a group. */
  highlighted: string | undefined;
  readonly queue = new QuestionQueue();
  private readonly metrics = new Map<string, MetricStore>();
  private charted: { readonly of: readonly unknown[]; readonly what: Charted } | undefined;
  private shown: { readonly of: readonly unknown[]; readonly runs: readonly ChartsRun[] } | undefined;
  private readonly settings = new Map<string, { readonly of: readonly unknown[]; readonly settings: ChartSettings }>();
  private grouped: { readonly of: readonly unknown[]; readonly by: Map<string, readonly RunGroup[]> } | undefined;
  private contactOk = true;
  private readonly follow = () => this.changed();
  private readonly followMark = () => this.takeMark();
  private readonly poll = () => this.readNews();

  constructor(readonly runs: RunsSession) {
    super();
  }

  /** Call when the charts come into sight, and `disconnect` when they leave it. */
  connect(): void {
    this.runs.addEventListener('change', this.follow);
    this.runs.addEventListener('highlight', this.followMark);
    this.runs.pollers.add(this.poll);
    this.changed();
  }

  disconnect(): void {
    this.runs.removeEventListener('change', this.follow);
    this.runs.removeEventListener('highlight', this.followMark);
    this.runs.pollers.delete(this.poll);
    this.zoom.settle();
    this.highlight(undefined);
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
    const order = this.runs.sorted.rows;
    const of = [table.version, loader.edition, order, snapshot, view.chosen, view.hiddenRuns, colors.edition];
    if (this.charted && same(this.charted.of, of)) return this.charted.what;
    const rows = this.runs.chosen;
    const runs = this.chartedRuns(rows);
    const metrics = table.metricKeys.filter((key) => rows.some((row) => table.metric(key)?.last.has(row)));
    const missing = 'runIds' in view.chosen ? view.chosen.runIds.filter((id) => loader.isAbsent(id)) : [];
    const { contact, refreshSeconds, serverUri } = snapshot;
    const server = 'runIds' in view.chosen ? view.chosen.server : undefined;
    const missingOf = server === undefined || server === serverUri ? {} : { missingOf: server };
    const what = { runs, missing, ...missingOf, metrics: metrics.sort(), contact, refreshSeconds };
    this.charted = { of, what };
    void colors.want(runs.map(({ runId }) => runId));
    return what;
  }

  /** Runs of the same colour differ by their dashes. */
  private chartedRuns(rows: readonly number[]): ChartsRun[] {
    const { table, colors } = this.runs;
    const used = new Map<number, number>();
    return rows.map((row) => {
      const { runId, name, status } = table.head(row);
      const color = colors.of(runId);
      const dash = used.get(color) ?? 0;
      used.set(color, dash + 1);
      return { runId, name, status, startTime: table.startTime(row) ?? 0, color, dash };
    });
  }

  get shownRuns(): readonly ChartsRun[] {
    const of = [this.snapshot?.runs, this.view.hiddenRuns];
    if (this.shown && same(this.shown.of, of)) return this.shown.runs;
    const hidden = new Set(this.view.hiddenRuns);
    const runs = (this.snapshot?.runs ?? []).filter(({ runId }) => !hidden.has(runId));
    this.shown = { of, runs };
    return runs;
  }

  /** Groups of the runs that are shown; none while every run is drawn for itself. The same until they change. */
  groups(columns: readonly string[]): readonly RunGroup[] {
    if (columns.length === 0) return ungrouped;
    const { table } = this.runs;
    const of = [table.version, this.shownRuns, this.view.groupPlaces];
    if (!this.grouped || !same(this.grouped.of, of)) this.grouped = { of, by: new Map() };
    const { by } = this.grouped;
    const known = by.get(columns.join('\n'));
    if (known) return known;
    const cellOf = (runId: string, column: string): CellValue => {
      const row = table.rowOf(runId);
      const parsed = parseColumnId(column);
      return row === undefined || !parsed ? undefined : cellValue(table, parsed, row);
    };
    const runIds = this.shownRuns.map(({ runId }) => runId);
    const name = columns.join('\n');
    const placed = ownPlaces(this.view, name);
    const groups = groupsOf(runIds, columns, cellOf, placed);
    by.set(name, groups);
    const ids = groups.toSorted((a, b) => a.place - b.place).map(({ id }) => id);
    const added = ids.filter((id) => !placed.includes(id));
    if (added.length === 0) return groups;
    this.keepPlaces(name, [...placed, ...added]);
    this.grouped = { of: [table.version, this.shownRuns, this.view.groupPlaces], by };
    return groups;
  }

  private keepPlaces(columns: string, ids: readonly string[]): void {
    const groupPlaces = { ...this.view.groupPlaces, [columns]: ids.slice(0, mostPlaces) };
    this.runs.keepQuietly({ charts: { ...this.view, groupPlaces } });
  }

  /** What holds for one chart; the same object until it changes. */
  settingsOf(key: string): ChartSettings {
    const { scroll: _, search: __, hiddenRuns: ___, groupPlaces: ____, ...rest } = this.view;
    const of = Object.values(rest);
    const known = this.settings.get(key);
    if (known && same(known.of, of)) return known.settings;
    const settings = settingsOf(this.view, key);
    this.settings.set(key, { of, settings });
    return settings;
  }

  /** Of the axis that holds for all charts: zoom and crosshair are in its units. */
  axisIdOf({ axis, xMetric }: ViewState): string {
    return axisIdOf(axis, xMetric);
  }

  update(change: Partial<ViewState>): void {
    this.runs.update({ charts: { ...this.view, ...change } });
  }

  /** Something one chart has of its own; `undefined` gives it back what holds for all. */
  updateCard(key: string, change: { readonly [Name in keyof CardSettings]?: CardSettings[Name] | undefined }): void {
    const { perChart } = this.view;
    const own = Object.hasOwn(perChart, key) ? perChart[key] : {};
    this.replaceCard(
      key,
      Object.fromEntries(Object.entries({ ...own, ...change }).filter(([, value]) => value !== undefined)),
    );
  }

  /** All that one chart has of its own. */
  replaceCard(key: string, own: CardSettings): void {
    const others = Object.entries(this.view.perChart).filter(([name]) => name !== key);
    const entries = Object.keys(own).length > 0 ? [...others, [key, own] as const] : others;
    this.update({ perChart: Object.fromEntries(entries) });
  }

  /** The chart that fills the page; one that did may be gone since. */
  get full(): string | undefined {
    const { full, expressions, board } = this.view;
    if (full === undefined) return undefined;
    const isThere =
      this.snapshot?.metrics.includes(full) ||
      expressions.some(({ id }) => id === full) ||
      board.some(({ id, kind }) => kind === 'line' && boardKey(id) === full);
    return isThere ? full : undefined;
  }

  showFull(key: string | undefined): void {
    const { full: _, ...rest } = this.view;
    this.runs.update({ charts: key === undefined ? rest : { ...rest, full: key } });
  }

  metric(key: string): MetricStore {
    const { rpc, queue } = this;
    const { table } = this.runs;
    const mostPoints = () => this.runs.snapshot?.pointBudget ?? 1_000;
    const known = this.metrics.get(key) ?? new MetricStore(key, { rpc, queue, table, mostPoints });
    this.metrics.set(key, known);
    return known;
  }

  /** Metrics of which charts are on screen. */
  get viewed(): readonly MetricStore[] {
    return [...this.metrics.values()].filter(({ viewers }) => viewers.size > 0);
  }

  /** Everything anew. @throws RemoteError */
  async refresh(): Promise<void> {
    for (const metric of this.metrics.values()) metric.markStale();
    await this.runs.refresh();
    this.changed();
  }

  highlight(runId: string | undefined): void {
    if (runId === this.highlighted) return;
    this.look(runId);
    // Table and tree know runs, not groups.
    this.runs.highlight(isGroup(runId) ? undefined : runId);
  }

  private look(runId: string | undefined): void {
    if (runId === this.highlighted) return;
    this.highlighted = runId;
    this.dispatchEvent(new Event('highlight'));
  }

  /** A run that is pointed at in a table beside the charts. Values that are held stay those of their run. */
  private takeMark(): void {
    if (!isGroup(this.highlighted) && !this.crosshair.pinned) this.look(this.runs.highlighted);
  }

  reveal(runId: string): void {
    if (isGroup(runId)) return;
    // The host shows a notification when the run cannot be revealed; there is nothing to add here.
    this.rpc.call('reveal', { runId }).catch(() => undefined);
  }

  keepScroll(scroll: number): void {
    this.runs.keepQuietly({ charts: { ...this.view, scroll } });
  }

  private keepZoom(zoom: Interval | undefined): void {
    const { zoom: _, ...rest } = this.view;
    this.runs.update({ charts: zoom ? { ...rest, zoom } : rest });
  }

  /** New points of what is on screen; other charts catch up when they are seen. @throws RemoteError */
  private async readNews(): Promise<void> {
    const runs = this.snapshot?.runs ?? [];
    for (const store of this.viewed) await store.loadNew(runs);
  }

  private changed(): void {
    const ok = this.runs.snapshot?.contact.ok !== false;
    if (ok && !this.contactOk) for (const metric of this.metrics.values()) if (metric.error) metric.markStale();
    this.contactOk = ok;
    this.dispatchEvent(new Event('change'));
  }
}

/** Columns may be called like a property of all objects. */
const ownPlaces = ({ groupPlaces }: ViewState, columns: string): readonly string[] =>
  (Object.hasOwn(groupPlaces, columns) ? groupPlaces[columns] : undefined) ?? [];

const ungrouped: readonly RunGroup[] = [];
const isGroup = (id: string | undefined) => id?.startsWith('group:') === true;
const same = (a: readonly unknown[], b: readonly unknown[]) =>
  a.length === b.length && a.every((part, at) => part === b[at]);
