/** The finite values, sorted. */
export function sortedFinite(values: Iterable<number>): Float64Array {
  return Float64Array.from(values).filter(Number.isFinite).sort();
}

/**
 * Linear interpolation between order statistics, NumPy's default (type 7 of Hyndman & Fan 1996). NaN when empty.
 * @param sorted finite and rising
 * @param part 0 … 1
 */
export function quantileOfSorted(sorted: Float64Array, part: number): number {
  if (sorted.length === 0) return Number.NaN;
  const place = Math.min(Math.max(part, 0), 1) * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[Math.ceil(place)] ?? Number.NaN;
  const weight = place - below;
  // Also -0 and 0.
  if (low === high) return low;
  const distance = high - low;
  if (!Number.isFinite(distance)) return low * (1 - weight) + high * weight;
  // From the nearer value, as NumPy does: rounding takes no quantile beyond the next one.
  return weight < 0.5 ? low + distance * weight : high - distance * (1 - weight);
}

/** Of values in any order; NaN and ±Infinity are left out. For several quantiles sort once. */
export const quantile = (values: Iterable<number>, part: number): number =>
  quantileOfSorted(sortedFinite(values), part);
