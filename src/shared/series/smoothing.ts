import { ema } from './ema';
import { gaussianMean } from './gaussian';
import { overflowScale } from './overflowScale';

/**
 * - `ema`: exponential moving average by point; amount is its weight, 0 (nothing) … below 1.
 * - `timeEma`: the same by distance in x; amount is the half-life in units of x.
 * - `mean`: centred running mean; amount is the number of points in the window.
 * - `gaussian`: Gaussian kernel by distance in x; amount is sigma in units of x. For sigma in points give their indices as x.
 */
export type SmoothingMethod = 'ema' | 'timeEma' | 'mean' | 'gaussian';

const greatestWeight = 0.9999;

/**
 * A smoothed copy of y. NaN and ±Infinity stay where they are, as gaps, and enter no average. An amount that smooths
 * nothing (0, negative, NaN; for `mean` below 2) gives y again.
 * @param x never falls and is finite; of the length of y
 */
export function smooth(x: Float64Array, y: Float64Array, method: SmoothingMethod, amount: number): Float64Array {
  if (!(amount > 0)) return y.slice();
  switch (method) {
    case 'ema':
      return ema(y, Math.min(amount, greatestWeight));
    case 'timeEma':
      return timeEma(x, y, amount);
    case 'mean':
      return runningMean(y, amount);
    case 'gaussian':
      return gaussianMean(x, y, amount);
  }
}

/**
 * A value weighs half of what it weighed `halfLife` of x before: Σ vᵢ·2^(−(x−xᵢ)/halfLife) / Σ 2^(…), as pandas'
 * `ewm(halflife, times)`. Points logged twice as often count half each, where `ema` would smooth less.
 */
function timeEma(x: Float64Array, y: Float64Array, halfLife: number): Float64Array {
  const smoothed = new Float64Array(y.length);
  const scale = overflowScale(y);
  let mean = 0;
  let weight = 0;
  let last = 0;
  let distance = 0;
  let decay = 1;
  for (let at = 0; at < y.length; at++) {
    const value = y[at] ?? Number.NaN;
    smoothed[at] = value;
    if (!Number.isFinite(value)) continue;
    const now = x[at] ?? last;
    if (now - last !== distance) {
      distance = now - last;
      decay = 2 ** (-distance / halfLife);
    }
    weight = weight > 0 ? weight * decay + 1 : 1;
    last = now;
    mean += (value * scale - mean) / weight;
    smoothed[at] = mean / scale;
  }
  return smoothed;
}

/**
 * Mean of the finite values among the `points` points around each; a window of an even number has its extra point
 * before, as in pandas' `rolling(points, center=True, min_periods=1)`. Windows are cut at the ends.
 *
 * A sliding sum would carry the rounding of a spike on for ever. So values are summed from the start and to the end of
 * blocks as long as the window, which always is an end of one block and a start of the next (van Herk's scheme).
 */
function runningMean(y: Float64Array, points: number): Float64Array {
  const size = Math.min(Math.round(points), 2 * y.length + 1);
  if (size < 2) return y.slice();
  const { length } = y;
  const scale = overflowScale(y);
  const fromStart = new Float64Array(length);
  const toEnd = new Float64Array(length);
  const counts = new Uint32Array(length + 1);
  const valueAt = (at: number) => {
    const value = y[at] ?? 0;
    return Number.isFinite(value) ? value * scale : 0;
  };
  for (let at = 0; at < length; at++) {
    fromStart[at] = valueAt(at) + (at % size === 0 ? 0 : (fromStart[at - 1] ?? 0));
    counts[at + 1] = (counts[at] ?? 0) + (Number.isFinite(y[at]) ? 1 : 0);
  }
  for (let at = length - 1; at >= 0; at--) toEnd[at] = valueAt(at) + ((at + 1) % size === 0 ? 0 : (toEnd[at + 1] ?? 0));
  const before = size >> 1;
  return y.map((value, at) => {
    if (!Number.isFinite(value)) return value;
    const from = Math.max(0, at - before);
    const to = Math.min(length - 1, at - before + size - 1);
    const sum = blockSum(fromStart, toEnd, from, to, size);
    return sum / ((counts[to + 1] ?? 0) - (counts[from] ?? 0)) / scale;
  });
}

/** Of `from … to`: in two blocks, or in one and then from its start or to its end. */
function blockSum(fromStart: Float64Array, toEnd: Float64Array, from: number, to: number, size: number): number {
  if (Math.floor(from / size) !== Math.floor(to / size)) return (toEnd[from] ?? 0) + (fromStart[to] ?? 0);
  return from % size === 0 ? (fromStart[to] ?? 0) : (toEnd[from] ?? 0);
}
