import type { ChartsRun, SeriesBlock } from '../protocol/series';
import type { LineSettings } from '../view/lineSettings';
import { type Curve, toCurve, type XAxis } from './axis';
import { overMetric } from './metricAxis';
import { smooth } from './smoothing';

/** A curve with all that tells it from the others. `runId` of a group begins with `group:`. */
export interface RunCurve extends Curve {
  readonly name: string;
  /** 1 … 12, and which of the dash patterns: together they tell 100 runs apart. */
  readonly color: number;
  readonly dash: number;
  /** Drawn strong, with the raw line faint behind it. Of the length of y. */
  readonly smooth?: Float64Array;
  /** Around the mean of a group; of the length of y. */
  readonly band?: { readonly low: Float64Array; readonly high: Float64Array; readonly n: Uint32Array };
}

export interface Curves {
  readonly curves: readonly RunCurve[];
  /** Points that found no partner on an axis that is another metric. */
  readonly unmatched: number;
}

type CurveSettings = Pick<LineSettings, 'axis' | 'smoothing' | 'smoothingMethod'>;

/**
 * The curves of runs, in the runs' order; points are put on an axis once.
 * @param xBlocks the metric on x, where x is one
 */
export function curvesOf(
  blocks: ReadonlyMap<string, SeriesBlock>,
  runs: readonly ChartsRun[],
  settings: CurveSettings,
  xBlocks: ReadonlyMap<string, SeriesBlock> = new Map(),
): Curves {
  let unmatched = 0;
  const curves = runs.flatMap((run): RunCurve[] => {
    const block = blocks.get(run.runId);
    if (!block || block.values.length === 0) return [];
    const placed =
      settings.axis === 'metric' ? joined(xBlocks.get(run.runId), block) : onAxis(block, settings.axis, run);
    unmatched += placed.unmatched;
    if (placed.curve.y.length === 0) return [];
    return [{ ...placed.curve, ...labelOf(run), ...smoothedOf(placed.curve, settings) }];
  });
  return { curves, unmatched };
}

const labelOf = ({ name, color, dash }: ChartsRun) => ({ name, color, dash });

interface Placed {
  readonly curve: Curve;
  readonly unmatched: number;
}

const placedOn = new WeakMap<SeriesBlock, Map<XAxis, Placed>>();

function onAxis(block: SeriesBlock, axis: XAxis, { startTime }: ChartsRun): Placed {
  const axes = placedOn.get(block) ?? new Map<XAxis, Placed>();
  placedOn.set(block, axes);
  const placed = axes.get(axis) ?? { curve: toCurve(block, axis, startTime), unmatched: 0 };
  axes.set(axis, placed);
  return placed;
}

const joins = new WeakMap<SeriesBlock, { readonly x: SeriesBlock; readonly placed: Placed }>();
const nowhere: Placed = {
  curve: { runId: '', x: new Float64Array(), y: new Float64Array(), steps: new Float64Array(), sampled: false },
  unmatched: 0,
};

function joined(x: SeriesBlock | undefined, block: SeriesBlock): Placed {
  if (!x) return { ...nowhere, unmatched: block.values.length };
  const known = joins.get(block);
  if (known?.x === x) return known.placed;
  const curve = overMetric(x, block, 'x');
  const placed = { curve, unmatched: curve.unmatched.y + curve.withoutX };
  joins.set(block, { x, placed });
  return placed;
}

const averages = new WeakMap<Float64Array, { readonly by: string; readonly y: Float64Array }>();

/** The pointer asks for every move: one average per curve is kept. */
export function smoothedOf(
  { x, y }: Pick<Curve, 'x' | 'y'>,
  { smoothing, smoothingMethod: method }: CurveSettings,
): { readonly smooth?: Float64Array } {
  if (smoothing <= 0) return {};
  const by = `${method} ${smoothing}`;
  const known = averages.get(y);
  if (known?.by === by) return { smooth: known.y };
  const span = (x[x.length - 1] ?? 0) - (x[0] ?? 0);
  const spacing = x.length > 1 ? span / (x.length - 1) : 0;
  const amount = method === 'ema' ? smoothing : method === 'mean' ? windowOf(smoothing) : sigmaOf(smoothing) * spacing;
  const smoothed = smooth(x, y, method, amount);
  averages.set(y, { by, y: smoothed });
  return { smooth: smoothed };
}

/**
 * The window (points, odd) of a running mean that is as smooth as a moving average of weight w: (1+w)/(1−w), where both
 * averages have the same variance of white noise.
 */
export function windowOf(weight: number): number {
  return 2 * Math.round((1 + weight) / (1 - weight) / 2 - 0.5) + 1;
}

/** The sigma (points) of a Gaussian kernel that spreads as far as that window: √((n²−1)/12). */
export function sigmaOf(weight: number): number {
  return Math.sqrt((((1 + weight) / (1 - weight)) ** 2 - 1) / 12);
}

/** What the slider says: `0.90`, `19 points`, `σ 5.5 points`. */
export function smoothingText({ smoothing, smoothingMethod: method }: CurveSettings): string {
  if (smoothing <= 0) return 'off';
  if (method === 'ema') return smoothing.toFixed(2);
  return method === 'mean' ? `${windowOf(smoothing)} points` : `σ ${sigmaOf(smoothing).toFixed(1)} points`;
}
