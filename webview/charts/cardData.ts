import type { DrawnChart, SeriesBlock } from '../../src/shared/protocol/series';
import type { RemoteError } from '../../src/shared/rpc';
import { extent, stepsWithin, upperBound } from '../../src/shared/series/axis';
import { leftOutNotes } from '../../src/shared/series/chartNotes';
import { evaluateExpression } from '../../src/shared/series/evaluateExpression';
import { metricsOf, type ParsedExpression, parseExpression } from '../../src/shared/series/expression';
import { groupCurves } from '../../src/shared/series/groupCurves';
import {
  badgeText,
  type JoinedSeries,
  joinedText,
  notesOf,
  type Unshown,
  unshownOf,
} from '../../src/shared/series/honesty';
import { curvesOf, type RunCurve } from '../../src/shared/series/runCurves';
import { type YRange, yRange } from '../../src/shared/series/yRange';
import { type ChartSettings, shownInterval } from '../../src/shared/view/chartSettings';
import type { Interval } from '../../src/shared/viewState';
import type { FullProgress } from './fullHistory';
import type { StepInterval } from './intervalDetail';
import type { MetricStore } from './metricStore';
import type { Session } from './session';
import type { Viewer } from './viewer';

/** What a chart draws: a metric, or an expression over metrics. */
export interface ChartSource {
  /** Names the chart and its settings among all: the metric, the id of the expression, or that of a chart on the board. */
  readonly key: string;
  /** Where it is not the key. */
  readonly metric?: string;
  readonly expression?: string;
  /** What the person called it. */
  readonly title?: string;
}

type Blocks = ReadonlyMap<string, SeriesBlock>;

interface Computed {
  readonly of: readonly unknown[];
  /** As drawn: runs, or groups of them. */
  readonly curves: readonly RunCurve[];
  readonly runCurves: readonly RunCurve[];
  readonly unmatched: number;
  readonly unshared: number;
  readonly unshown: Unshown;
}

const nothing: Computed = {
  of: [],
  curves: [],
  runCurves: [],
  unmatched: 0,
  unshared: 0,
  unshown: { nan: 0, infinite: 0, notPositive: 0 },
};

/** The points behind one chart, and what is drawn of them. */
export class CardData {
  readonly parsed: ParsedExpression | undefined;
  private readonly yKeys: readonly string[];
  private stores: readonly MetricStore[] = [];
  private computed = nothing;

  constructor(
    private readonly session: Session,
    readonly source: ChartSource,
    private readonly viewer: Viewer,
    private readonly onChange: () => void,
  ) {
    this.parsed = source.expression === undefined ? undefined : parseExpression(source.expression);
    this.yKeys = !this.parsed ? [source.metric ?? source.key] : this.parsed.ok ? metricsOf(this.parsed.expression) : [];
  }

  get settings(): ChartSettings {
    return this.session.settingsOf(this.source.key);
  }

  /** Points of several metrics are joined by step. */
  get joins(): boolean {
    const { axis, xMetric } = this.settings;
    return this.yKeys.length > 1 || (axis === 'metric' && !this.yKeys.includes(xMetric));
  }

  get title(): string {
    const { title, expression, metric, key } = this.source;
    return title ?? expression ?? metric ?? key;
  }

  /** The one metric that is drawn as it is; undefined for an expression. */
  get metric(): string | undefined {
    return this.parsed ? undefined : this.yKeys[0];
  }

  dispose(): void {
    this.use([]);
  }

  /** Asks for what is missing while the chart is on screen. */
  update(onScreen: boolean): void {
    const { axis, xMetric } = this.settings;
    const keys = onScreen ? new Set([...this.yKeys, ...(axis === 'metric' ? [xMetric] : [])]) : new Set<string>();
    this.use([...keys].map((key) => this.session.metric(key)));
    const runs = this.session.snapshot?.runs ?? [];
    for (const store of this.stores) void store.sync(runs);
    if (onScreen) this.compute();
  }

  private use(stores: readonly MetricStore[]): void {
    for (const store of this.stores) {
      if (stores.includes(store)) continue;
      store.removeEventListener('change', this.onChange);
      store.release(this.viewer);
    }
    for (const store of stores) {
      if (this.stores.includes(store)) continue;
      store.addEventListener('change', this.onChange);
      store.viewers.add(this.viewer);
    }
    this.stores = stores;
  }

  get loaded(): boolean {
    return this.stores.every(({ loaded }) => loaded);
  }

  get loading(): boolean {
    return this.stores.some(({ loading }) => loading);
  }

  get error(): RemoteError | undefined {
    return this.stores.find(({ error }) => error)?.error;
  }

  get progress(): FullProgress | undefined {
    return this.stores.find(({ progress }) => progress)?.progress;
  }

  get curves(): readonly RunCurve[] {
    return this.computed.curves;
  }

  get unshown(): Unshown {
    return this.computed.unshown;
  }

  private compute(): void {
    const { session, settings } = this;
    const zoomed = this.interval && this.viewer;
    const groups = session.groups(settings.groupBy);
    const of = [session.shownRuns, settings, groups, zoomed, ...this.stores.map(({ edition }) => edition)];
    if (of.length === this.computed.of.length && of.every((part, at) => part === this.computed.of[at])) return;
    const { blocks, unshared } = this.blocks(zoomed);
    const xBlocks = settings.axis === 'metric' ? session.metric(settings.xMetric).blocks(zoomed) : undefined;
    const { curves: runCurves, unmatched } = curvesOf(blocks, session.shownRuns, settings, xBlocks);
    const curves = groups.length > 0 ? groupCurves(runCurves, groups, settings) : runCurves;
    const unshown = unshownOf(
      runCurves.map(({ y }) => y),
      settings.logY,
    );
    this.computed = { of, curves, runCurves, unmatched, unshared, unshown };
  }

  private blocks(zoomed: Viewer | undefined): { readonly blocks: Blocks; readonly unshared: number } {
    const { parsed } = this;
    if (!parsed) return { blocks: this.session.metric(this.metric ?? '').blocks(zoomed), unshared: 0 };
    if (!parsed.ok) return { blocks: new Map(), unshared: 0 };
    const byKey = this.yKeys.map((key) => [key, this.session.metric(key).blocks(zoomed)] as const);
    let unshared = 0;
    const blocks = new Map<string, SeriesBlock>();
    for (const { runId } of this.session.shownRuns) {
      const own = byKey.flatMap(([key, of]) => {
        const block = of.get(runId);
        return block ? [[key, block] as const] : [];
      });
      const { series, leftOut, missing } = evaluateExpression(parsed.expression, new Map(own));
      if (missing.length > 0) continue;
      unshared += leftOut;
      blocks.set(runId, { ...series, runId });
    }
    return { blocks, unshared };
  }

  /** What x was zoomed to, by all charts of its axis or by this one. */
  get zoom(): Interval | undefined {
    const { view, zoom } = this.session;
    const { axisId, own } = this.settings;
    return axisId === this.session.axisIdOf(view) ? zoom.interval : own.zoom;
  }

  /** The interval that was chosen; undefined while everything is shown. */
  private get interval(): Interval | undefined {
    const { xMin, xMax } = this.settings;
    if (this.zoom) return this.zoom;
    return xMin === undefined && xMax === undefined ? undefined : this.shown;
  }

  get shown(): Interval | undefined {
    return this.within(this.zoom);
  }

  /** Everything there is, or the chart's own limits. */
  get whole(): Interval | undefined {
    return this.within(undefined);
  }

  private within(zoom: Interval | undefined): Interval | undefined {
    const { curves } = this.computed;
    const leastPositive = this.settings.logX ? leastPositiveX(curves) : undefined;
    return shownInterval(extent(curves), zoom, this.settings, leastPositive);
  }

  get range(): YRange {
    return yRange(this.computed.curves, this.settings, this.interval);
  }

  /** Why there is nothing to see, though there are points. */
  get blank(): 'notFinite' | 'notPositive' | 'beside' | undefined {
    const { curves, unshown } = this.computed;
    const everything = { ...this.settings, fitY: false, clipOutliers: false };
    if (!yRange(curves, everything, undefined).bounds) return unshown.notPositive > 0 ? 'notPositive' : 'notFinite';
    return this.range.bounds && !isBeside(curves, this.shown) ? undefined : 'beside';
  }

  /** What is shown, in steps, where an interval is. */
  private get steps(): StepInterval | undefined {
    const { interval } = this;
    return interval && stepsWithin(this.computed.runCurves, interval.min, interval.max);
  }

  /** A sampled curve that is looked at closely is fetched point by point. */
  async askForDetail(): Promise<void> {
    const { steps } = this;
    if (!steps || !this.computed.runCurves.some(({ sampled }) => sampled)) return;
    await Promise.all(this.stores.map((store) => store.loadDetail(this.viewer, steps)));
  }

  /** The curves of runs, sampled where points are missing of what is shown of them. */
  private get shownCurves(): readonly RunCurve[] {
    const { steps, stores, viewer } = this;
    const { runCurves } = this.computed;
    if (!steps) return runCurves;
    const isWhole = (runId: string) => stores.every((store) => store.isWhole(viewer, runId, steps));
    return runCurves.map((curve) => (curve.sampled && isWhole(curve.runId) ? { ...curve, sampled: false } : curve));
  }

  /** Every point of every run. */
  loadAll(): void {
    for (const store of this.stores) void store.loadAll(this.session.snapshot?.runs ?? []);
  }

  cancelAll(): void {
    for (const store of this.stores) store.cancelAll();
  }

  retry(): void {
    for (const store of this.stores) {
      store.markStale();
      void store.sync(this.session.snapshot?.runs ?? []);
    }
  }

  get badge(): string {
    const [store] = this.stores;
    if (!store) return '';
    if (this.joins) return joinedText(this.shownCurves.map((curve) => this.joinedOf(curve)));
    const shown = this.shownCurves.map(({ runId, y, sampled }) => ({ runId, points: y.length, sampled }));
    return badgeText(shown, store.counts, (runId) => store.estimate(runId));
  }

  /** No more steps can be joined than the metric that has the fewest. */
  private joinedOf({ runId, y, sampled }: RunCurve): JoinedSeries {
    const stored = this.stores.map((store) => store.stored(runId));
    const least = stored.reduce((a, b) => (b.points < a.points ? b : a), {
      points: Number.POSITIVE_INFINITY,
      exact: true,
    });
    return { joined: y.length, sampled, steps: least.points, exact: least.exact };
  }

  get notes(): string[] {
    const { curves, runCurves, unshown } = this.computed;
    // Of samples it is the sample that leaves out; the badge says how much.
    const isSample = this.joins && runCurves.some(({ sampled }) => sampled);
    const { unmatched, unshared } = isSample ? { unmatched: 0, unshared: 0 } : this.computed;
    const { settings } = this;
    const notPositiveX = settings.logX ? curves.reduce((sum, { x }) => sum + upperBound(x, 0), 0) : 0;
    const left = { unmatched, unshared, outside: this.range.outside, xName: settings.xMetric, notPositiveX };
    return [...notesOf(unshown), ...leftOutNotes(left)];
  }

  drawn(): DrawnChart {
    return {
      key: this.title,
      badge: this.badge,
      notes: this.notes,
      series: this.computed.curves.map(({ runId, x, y }) => ({
        runId,
        points: y.length,
        lastValue: String(y[y.length - 1]),
        lastX: x[x.length - 1] ?? 0,
      })),
    };
  }
}

/** All of the curves end before what is shown, or begin behind it. */
const isBeside = (curves: readonly RunCurve[], shown: Interval | undefined) =>
  shown !== undefined &&
  curves.every(({ x }) => (x[0] ?? Number.NaN) > shown.max || (x.at(-1) ?? Number.NaN) < shown.min);

function leastPositiveX(curves: readonly RunCurve[]): number | undefined {
  const least = Math.min(...curves.map(({ x }) => x[upperBound(x, 0)] ?? Number.POSITIVE_INFINITY));
  return Number.isFinite(least) ? least : Number.NaN;
}
