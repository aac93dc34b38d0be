import { lowerBound } from './axis';

/**
 * Chooses what has to be drawn so that the picture is the same as with every point: of each pixel-wide bucket the
 * first, lowest, highest and last value, in their order. No spike is ever lost. A NaN or infinite value is kept as
 * one gap per bucket. A point to either side of the interval is kept, so that lines run out of the picture.
 * @param buckets usually the width in pixels
 * @returns indices into `x`, rising
 */
export function decimate(
  x: Float64Array,
  y: Float64Array,
  interval: { readonly min: number; readonly max: number },
  buckets: number,
): Uint32Array {
  const from = Math.max(0, lowerBound(x, interval.min) - 1);
  const to = Math.min(x.length, lowerBound(x, nextAfter(interval.max)) + 1);
  const count = to - from;
  if (count <= buckets * 4) return Uint32Array.from({ length: Math.max(0, count) }, (_, at) => from + at);
  const width = (interval.max - interval.min) / buckets || 1;
  const kept = new Uint32Array(count);
  let size = 0;
  let at = from;
  while (at < to) {
    const bucket = Math.floor(((x[at] ?? 0) - interval.min) / width);
    let end = at + 1;
    while (end < to && Math.floor(((x[end] ?? 0) - interval.min) / width) === bucket) end++;
    size = keep(y, at, end, kept, size);
    at = end;
  }
  return kept.slice(0, size);
}

/** Writes the indices of first, lowest, highest, last and first gap of `at … end-1`, rising, each once. */
function keep(y: Float64Array, at: number, end: number, kept: Uint32Array, size: number): number {
  let lowest = -1;
  let highest = -1;
  let gap = -1;
  for (let index = at; index < end; index++) {
    const value = y[index] ?? Number.NaN;
    if (!Number.isFinite(value)) {
      if (gap < 0) gap = index;
      continue;
    }
    if (lowest < 0 || value < (y[lowest] ?? 0)) lowest = index;
    if (highest < 0 || value > (y[highest] ?? 0)) highest = index;
  }
  const wanted = [at, lowest, highest, gap, end - 1].filter((index) => index >= 0).sort((a, b) => a - b);
  let next = size;
  for (const [position, index] of wanted.entries()) if (wanted[position - 1] !== index) kept[next++] = index;
  return next;
}

function nextAfter(value: number): number {
  return value + Math.max(Math.abs(value) * Number.EPSILON, Number.MIN_VALUE);
}
