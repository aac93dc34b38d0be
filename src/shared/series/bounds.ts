export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/**
 * What the y axis shows: all values and a little air. Air never crosses zero: a loss that is never negative gets no
 * negative axis. On a log axis only positive values count. Undefined when there is nothing to show.
 */
export function yBounds(values: Iterable<number>, logY: boolean): Bounds | undefined {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value) || (logY && value <= 0)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (min > max) return undefined;
  if (logY) return logBounds(min, max);
  const air = min === max ? Math.abs(min) / 10 || 1 : (max - min) * 0.05;
  return {
    min: Math.max(min - air, min >= 0 ? 0 : -Number.MAX_VALUE),
    max: Math.min(max + air, max <= 0 && min < 0 ? 0 : Number.MAX_VALUE),
  };
}

function logBounds(min: number, max: number): Bounds {
  // The quotient of the largest and the least doubles is none.
  const factor = min === max ? 2 : 10 ** ((Math.log10(max) - Math.log10(min)) * 0.05);
  return { min: Math.max(min / factor, Number.MIN_VALUE), max: Math.min(max * factor, Number.MAX_VALUE) };
}
