import type { ChartsRun, SeriesBlock } from '../../src/shared/protocol/series';
import { type Curve, extent, lowerBound, nearest, toCurve, type XAxis } from '../../src/shared/series/axis';
import { ema } from '../../src/shared/series/ema';
import { duration, shortNumber } from '../../src/shared/series/format';
import type { ViewState } from '../../src/shared/viewState';
import type { PlotCurve } from './lineChart';

export type RunCurve = PlotCurve & Curve & { readonly name: string };

const onAxis = new WeakMap<SeriesBlock, Map<XAxis, Curve>>();

const averages = new WeakMap<Curve, { readonly weight: number; readonly y: Float64Array }>();

/** The pointer asks for every move: one average per curve is kept. */
function smoothed(curve: Curve, weight: number): Float64Array {
  const known = averages.get(curve);
  if (known?.weight === weight) return known.y;
  const y = ema(curve.y, weight);
  averages.set(curve, { weight, y });
  return y;
}

/** The curves of the runs that are shown, in the runs' order; points are put on an axis once. */
export function curvesOf(
  blocks: readonly SeriesBlock[],
  runs: readonly ChartsRun[],
  view: Pick<ViewState, 'axis' | 'smoothing'>,
): RunCurve[] {
  return runs.flatMap((run) => {
    const block = blocks.find(({ runId }) => runId === run.runId);
    if (!block || block.values.length === 0) return [];
    const axes = onAxis.get(block) ?? new Map<XAxis, Curve>();
    onAxis.set(block, axes);
    const curve = axes.get(view.axis) ?? toCurve(block, view.axis, run.startTime);
    axes.set(view.axis, curve);
    const smooth = view.smoothing > 0 ? { smooth: smoothed(curve, view.smoothing) } : {};
    return [{ ...curve, color: run.color, name: run.name, ...smooth }];
  });
}

export interface Reading {
  readonly runId: string;
  readonly name: string;
  readonly color: number;
  readonly value: number;
  readonly smooth?: number;
  /** Where the point really is. */
  readonly x: number;
}

/** The value of every run nearest to x, largest first, NaN last. A run that had not begun or was over has none. */
export function readingsAt(curves: readonly RunCurve[], x: number): Reading[] {
  const whole = extent(curves);
  const slack = whole ? (whole.max - whole.min) / 50 : 0;
  const readings = curves.flatMap((curve): Reading[] => {
    const at = nearest(curve.x, x);
    const found = curve.x[at];
    const [first = 0, last = 0] = [curve.x[0], curve.x[curve.x.length - 1]];
    if (found === undefined || x < first - slack || x > last + slack) return [];
    const smooth = curve.smooth?.[at];
    const { runId, name, color } = curve;
    return [
      { runId, name, color, x: found, value: curve.y[at] ?? Number.NaN, ...(smooth === undefined ? {} : { smooth }) },
    ];
  });
  const rank = (value: number) => (Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value);
  return readings.sort((a, b) => rank(b.value) - rank(a.value));
}

/** The next x with a point, in a direction; the first or last point when there is none yet. */
export function nextX(curves: readonly Curve[], from: number | undefined, direction: 1 | -1): number | undefined {
  const whole = extent(curves);
  if (!whole) return undefined;
  if (from === undefined) return direction > 0 ? whole.min : whole.max;
  let best: number | undefined;
  for (const { x } of curves) {
    let at = lowerBound(x, from);
    if (direction < 0) at--;
    else while (x[at] === from) at++;
    const candidate = x[at];
    if (candidate !== undefined && (best === undefined || (candidate - best) * direction < 0)) best = candidate;
  }
  return best ?? from;
}

/** One sentence for people who do not see the chart. */
export function summaryOf(key: string, curves: readonly Curve[], axis: XAxis): string {
  const whole = extent(curves);
  if (!whole) return `${key}: no points`;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const { y } of curves) {
    for (const value of y) {
      if (!Number.isFinite(value)) continue;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  const span =
    axis === 'step'
      ? `steps ${shortNumber(whole.min)} to ${shortNumber(whole.max)}`
      : `${duration(axis === 'wall' ? (whole.max - whole.min) / 1000 : whole.max - whole.min)}`;
  const values = min <= max ? `values from ${shortNumber(min)} to ${shortNumber(max)}` : 'no finite values';
  return `${key}: ${curves.length} ${curves.length === 1 ? 'run' : 'runs'}, ${span}, ${values}`;
}
