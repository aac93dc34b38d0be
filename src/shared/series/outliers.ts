import { insideFences } from '../stats/boxplot';
import { quantileOfSorted, sortedFinite } from '../stats/quantile';
import type { Bounds } from './bounds';

/**
 * - `fences` (the one to begin with): what is within 1.5 interquartile ranges of the quartiles (Tukey 1977). It clips
 *   nothing unless something stands apart, so a well-behaved curve is shown whole.
 * - `quantiles`: the 5th to the 95th percentile, as TensorBoard's "ignore outliers". It always clips a tenth: for curves
 *   with so long a tail that the fences are too wide.
 */
export type OutlierRule = 'fences' | 'quantiles';

export interface ClippedRange extends Bounds {
  /** The rule that made the range: another than the one asked for when that would leave no range; `all` clips nothing. */
  readonly rule: OutlierRule | 'all';
  /** Finite values that lie outside. */
  readonly below: number;
  readonly above: number;
}

/**
 * The range of y without outliers, made of values that are there or lie between them; undefined without finite values.
 * NaN and ±Infinity do not count. Where most values are equal, fences would clip all others; then quantiles are taken,
 * and when these are equal too, everything. Sorts a copy: some 100 ms for a million values.
 */
export function rangeWithoutOutliers(values: Iterable<number>, rule: OutlierRule): ClippedRange | undefined {
  const sorted = sortedFinite(values);
  const [least, greatest] = [sorted[0], sorted[sorted.length - 1]];
  if (least === undefined || greatest === undefined) return undefined;
  const tried = rule === 'fences' ? (['fences', 'quantiles'] as const) : (['quantiles'] as const);
  for (const name of tried) {
    const { min, max } =
      name === 'fences'
        ? insideFences(sorted)
        : { min: quantileOfSorted(sorted, 0.05), max: quantileOfSorted(sorted, 0.95) };
    if (min < max) return { rule: name, min, max, ...clipped(sorted, min, max) };
  }
  return { rule: 'all', min: least, max: greatest, below: 0, above: 0 };
}

function clipped(sorted: Float64Array, min: number, max: number): { readonly below: number; readonly above: number } {
  const from = sorted.findIndex((value) => value >= min);
  const to = sorted.findLastIndex((value) => value <= max);
  return { below: Math.max(0, from), above: sorted.length - 1 - to };
}
