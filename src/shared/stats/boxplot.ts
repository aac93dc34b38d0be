import { quantileOfSorted, sortedFinite } from './quantile';

export interface Boxplot {
  /** How many finite values there are, and how many others. */
  readonly count: number;
  readonly notFinite: number;
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
  /** The least and the greatest value within 1.5 interquartile ranges of the quartiles. */
  readonly whiskerLow: number;
  readonly whiskerHigh: number;
  /** All other values, rising. */
  readonly outliers: Float64Array;
}

/** Undefined without finite values. Quartiles are interpolated linearly, as NumPy does. */
export function boxplotOf(values: Iterable<number>): Boxplot | undefined {
  const all = Float64Array.from(values);
  const sorted = sortedFinite(all);
  if (sorted.length === 0) return undefined;
  const { min, max } = insideFences(sorted);
  return {
    count: sorted.length,
    notFinite: all.length - sorted.length,
    q1: quantileOfSorted(sorted, 0.25),
    median: quantileOfSorted(sorted, 0.5),
    q3: quantileOfSorted(sorted, 0.75),
    whiskerLow: min,
    whiskerHigh: max,
    outliers: sorted.filter((value) => value < min || value > max),
  };
}

/** The least and the greatest value inside the fences: where the whiskers of a box plot end. */
export function insideFences(sorted: Float64Array): { readonly min: number; readonly max: number } {
  const [low, high] = [quantileOfSorted(sorted, 0.25), quantileOfSorted(sorted, 0.75)];
  const reach = 1.5 * (high - low);
  const min = sorted.find((value) => value >= low - reach) ?? low;
  const max = sorted.findLast((value) => value <= high + reach) ?? high;
  return { min, max };
}
