import { quantileOfSorted } from './quantile';

/** All but the counts are NaN when there is no value; `sum` is 0 then. */
export interface Aggregate {
  /** Values that count, ±Infinity among them. */
  readonly count: number;
  /** Values left out. */
  readonly nan: number;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  readonly mean: number;
  readonly median: number;
  /** Of a sample (n−1), as pandas; NaN for one value. */
  readonly std: number;
}

/**
 * What a row of a grouped table says of a column. NaN is left out and counted; ±Infinity counts as IEEE 754 has it, so
 * that a diverged run is not hidden: it makes mean and sum infinite or NaN.
 */
export function aggregate(values: Iterable<number>): Aggregate {
  const all = Float64Array.from(values);
  const sorted = all.filter((value) => !Number.isNaN(value)).sort();
  const count = sorted.length;
  const sum = exactSum(sorted);
  const mean = Number.isFinite(sum) ? sum / count : meanOfLarge(sorted);
  return {
    count,
    nan: all.length - count,
    min: sorted[0] ?? Number.NaN,
    max: sorted[count - 1] ?? Number.NaN,
    sum,
    mean: count === 0 ? Number.NaN : mean,
    median: quantileOfSorted(sorted, 0.5),
    std: count < 2 ? Number.NaN : Math.sqrt(exactSum(sorted.map((value) => (value - mean) ** 2)) / (count - 1)),
  };
}

/** The sum may overflow where the mean does not. */
const meanOfLarge = (values: Float64Array) => exactSum(values.map((value) => value / values.length));

/** Neumaier's compensated sum: 1e16 + 1 − 1e16 is 1. */
function exactSum(values: Float64Array): number {
  let sum = 0;
  let lost = 0;
  for (const value of values) {
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return Number.isFinite(sum) ? sum + lost : sum;
}
