import type { Interval } from '../viewState';
import { lowerBound, upperBound } from './axis';
import { type Bounds, yBounds } from './bounds';
import { rangeWithoutOutliers } from './outliers';
import type { RunCurve } from './runCurves';

interface RangeSettings {
  readonly logY: boolean;
  readonly clipOutliers: boolean;
  readonly fitY: boolean;
  readonly yMin?: number;
  readonly yMax?: number;
}

export interface YRange {
  /** Undefined when there is nothing to show. */
  readonly bounds: Bounds | undefined;
  /** Points that outlier clipping leaves outside. */
  readonly outside: number;
}

/**
 * What y shows: everything there is, what lies in the interval (`fitY`), or everything but outliers; what a person set
 * comes before all of it. On a log axis an end that is not positive is not used.
 */
export function yRange(curves: readonly RunCurve[], settings: RangeSettings, zoom: Interval | undefined): YRange {
  const { logY, clipOutliers, fitY } = settings;
  const within = fitY ? zoom : undefined;
  const found = clipOutliers ? clipped(curves, logY, within) : whole(curves, logY, within);
  const usable = (value: number | undefined) => (value === undefined || (logY && value <= 0) ? undefined : value);
  const min = usable(settings.yMin) ?? found.bounds?.min;
  const max = usable(settings.yMax) ?? found.bounds?.max;
  if (min === undefined || max === undefined) return found;
  // One end that was set may lie beyond everything there is.
  return { ...found, bounds: min < max ? { min, max } : { min, max: min + (Math.abs(min) || 1) } };
}

function whole(curves: readonly RunCurve[], logY: boolean, within: Interval | undefined): YRange {
  const ends: number[] = [];
  for (const curve of curves)
    for (const values of [curve.y, ...(curve.band ? [curve.band.low, curve.band.high] : [])]) {
      const { min, max, leastPositive } = within ? extremesOf(inside(curve, values, within)) : knownExtremes(values);
      ends.push(logY ? leastPositive : min, max);
    }
  return { bounds: yBounds(ends, logY), outside: 0 };
}

/** One answer for the same curves: sorting a million values takes longer than a frame. */
const clips = new WeakMap<readonly RunCurve[], { readonly of: string; readonly range: YRange }>();

function clipped(curves: readonly RunCurve[], logY: boolean, within: Interval | undefined): YRange {
  const of = `${logY} ${within?.min} ${within?.max}`;
  const known = clips.get(curves);
  if (known?.of === of) return known.range;
  const parts = curves.map((curve) => (within ? inside(curve, curve.y, within) : curve.y));
  const found = rangeWithoutOutliers(allOf(parts, logY), 'fences');
  const range = found
    ? { bounds: yBounds([found.min, found.max], logY), outside: found.below + found.above }
    : { bounds: undefined, outside: 0 };
  clips.set(curves, { of, range });
  return range;
}

function* allOf(parts: readonly Float64Array[], logY: boolean): Iterable<number> {
  for (const part of parts) for (const value of part) if (!logY || value > 0) yield value;
}

function inside({ x }: Pick<RunCurve, 'x'>, values: Float64Array, { min, max }: Interval): Float64Array {
  return values.subarray(lowerBound(x, min), upperBound(x, max));
}

interface Ends {
  readonly min: number;
  readonly max: number;
  readonly leastPositive: number;
}

const known = new WeakMap<Float64Array, Ends>();

function knownExtremes(values: Float64Array): Ends {
  const found = known.get(values) ?? extremesOf(values);
  known.set(values, found);
  return found;
}

/** Of finite values; NaN where there is none. */
function extremesOf(values: Float64Array): Ends {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let leastPositive = Number.POSITIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    if (value > 0 && value < leastPositive) leastPositive = value;
  }
  return { min, max, leastPositive };
}
