import type { SeriesBlock } from '../protocol/series';

/** What the x axis shows: steps, seconds since the run's first point or start, or instants in ms. */
export type XAxis = 'step' | 'relative' | 'wall';

/** A curve ready to be drawn: x never falls. */
export interface Curve {
  readonly runId: string;
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** In the order of `x`. */
  readonly steps: Float64Array;
  readonly sampled: boolean;
}

/**
 * Puts a series on an axis. The server orders by time: a resumed run goes back in steps, so the points are sorted,
 * those of the same x staying in the order they were logged.
 * @param startTime ms; where relative time begins
 */
export function toCurve(series: SeriesBlock, axis: XAxis, startTime: number): Curve {
  const count = series.values.length;
  const raw = axis === 'step' ? series.steps : series.timestamps;
  const order = ascending(raw) ? undefined : orderOf(raw);
  const x = new Float64Array(count);
  const y = new Float64Array(count);
  const steps = new Float64Array(count);
  for (let at = 0; at < count; at++) {
    const from = order ? (order[at] ?? 0) : at;
    const value = raw[from] ?? 0;
    x[at] = axis === 'relative' ? (value - startTime) / 1000 : value;
    y[at] = series.values[from] ?? Number.NaN;
    steps[at] = series.steps[from] ?? 0;
  }
  return { runId: series.runId, x, y, steps, sampled: series.sampled };
}

export function ascending(values: Float64Array): boolean {
  for (let at = 1; at < values.length; at++) if ((values[at - 1] ?? 0) > (values[at] ?? 0)) return false;
  return true;
}

/** Indices in the order of their values, equal ones as they stand. */
export function orderOf(values: Float64Array): Uint32Array {
  const order = Uint32Array.from(values, (_, at) => at);
  return order.sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b);
}

/** The values at the given indices, in their order. */
export function gather(values: Float64Array, indices: Uint32Array): Float64Array {
  const gathered = new Float64Array(indices.length);
  for (let at = 0; at < gathered.length; at++) gathered[at] = values[indices[at] ?? 0] ?? Number.NaN;
  return gathered;
}

/** Index of the first x that is ≥ `wanted`; the length when there is none. */
export function lowerBound(x: Float64Array, wanted: number): number {
  let low = 0;
  let high = x.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((x[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first x that is > `wanted`; the length when there is none. */
export function upperBound(x: Float64Array, wanted: number): number {
  let low = 0;
  let high = x.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((x[middle] ?? 0) <= wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the x nearest to `wanted`; of several equal ones the last, which is the one logged last. -1 when empty. */
export function nearest(x: Float64Array, wanted: number): number {
  if (x.length === 0) return -1;
  const after = lowerBound(x, wanted);
  const before = after - 1;
  let best = after;
  if (after >= x.length) best = before;
  else if (before >= 0 && wanted - (x[before] ?? 0) < (x[after] ?? 0) - wanted) best = before;
  while (best + 1 < x.length && x[best + 1] === x[best]) best++;
  return best;
}

/** Smallest and largest x of all curves; undefined when there is no point. */
export function extent(curves: readonly Curve[]): { readonly min: number; readonly max: number } | undefined {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const { x } of curves) {
    if (x.length === 0) continue;
    min = Math.min(min, x[0] ?? min);
    max = Math.max(max, x[x.length - 1] ?? max);
  }
  return min <= max ? { min, max } : undefined;
}

/** The steps that an interval of the axis covers, one point to either side included; undefined without points. */
export function stepsWithin(
  curves: readonly Curve[],
  min: number,
  max: number,
): { readonly startStep: number; readonly endStep: number } | undefined {
  let startStep = Number.POSITIVE_INFINITY;
  let endStep = Number.NEGATIVE_INFINITY;
  for (const { x, steps } of curves) {
    if (x.length === 0) continue;
    const from = Math.max(0, lowerBound(x, min) - 1);
    const to = Math.min(x.length - 1, lowerBound(x, max));
    for (let at = from; at <= to; at++) {
      startStep = Math.min(startStep, steps[at] ?? startStep);
      endStep = Math.max(endStep, steps[at] ?? endStep);
    }
  }
  return startStep <= endStep ? { startStep, endStep } : undefined;
}
