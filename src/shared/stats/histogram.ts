import { quantileOfSorted, sortedFinite } from './quantile';

export interface Histogram {
  /** One more than there are bins. A bin contains its lower edge, the last one its upper edge as well. */
  readonly edges: Float64Array;
  readonly counts: Uint32Array;
  /** Values that are in no bin. */
  readonly nan: number;
  readonly infinite: number;
}

/**
 * Bins of the width 2·IQR·n^(−1/3) (Freedman & Diaconis 1981), as NumPy's `bins='fd'`; where half of the values are equal,
 * so that there is no IQR, as many as Sturges says: log₂ n + 1. Equal values are one bin around them. No bins without
 * finite values.
 * @param most bins, for the sake of a picture: one value far away would ask for millions
 */
export function histogramOf(values: Iterable<number>, most = 100): Histogram {
  const all = Float64Array.from(values);
  const sorted = sortedFinite(all);
  const nan = all.reduce((count, value) => count + Number(Number.isNaN(value)), 0);
  const edges = edgesOf(sorted, Math.max(1, most));
  return { edges, counts: countsOf(sorted, edges), nan, infinite: all.length - sorted.length - nan };
}

function edgesOf(sorted: Float64Array, most: number): Float64Array {
  const [min, max] = [sorted[0], sorted[sorted.length - 1]];
  if (min === undefined || max === undefined) return new Float64Array();
  if (min === max) {
    const half = Math.abs(min) / 20 || 0.5;
    return Float64Array.of(Math.max(min - half, -Number.MAX_VALUE), Math.min(max + half, Number.MAX_VALUE));
  }
  const bins = Math.min(Math.max(1, Math.ceil(binsWanted(sorted, min, max))), most);
  const edges = Float64Array.from({ length: bins + 1 }, (_, at) => min * (1 - at / bins) + max * (at / bins));
  // Rounding must not leave the last value out, nor turn edges round where bins are narrower than numbers are.
  edges[0] = min;
  edges[bins] = max;
  return edges.sort();
}

function binsWanted(sorted: Float64Array, min: number, max: number): number {
  const spread = quantileOfSorted(sorted, 0.75) / 2 - quantileOfSorted(sorted, 0.25) / 2;
  const width = 4 * spread * sorted.length ** (-1 / 3);
  return width > 0 ? max / width - min / width : Math.log2(sorted.length) + 1;
}

function countsOf(sorted: Float64Array, edges: Float64Array): Uint32Array {
  const counts = new Uint32Array(Math.max(0, edges.length - 1));
  let bin = 0;
  for (const value of sorted) {
    while (bin < counts.length - 1 && value >= (edges[bin + 1] ?? 0)) bin++;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}
