import { overflowScale } from './overflowScale';

/** How many sigma a kernel reaches; what lies beyond would weigh 0.3 % in all. */
const reach = 3;
const tableSize = 2048;
/** exp(−u²/2) for u = 0 … reach. Between entries it is interpolated, with an error below 3·10⁻⁷. */
const table = Float64Array.from({ length: tableSize + 2 }, (_, at) => Math.exp(-(((at * reach) / tableSize) ** 2) / 2));

/** Pairs of points that are weighed one by one: for each point so many, or so many in all. */
const pairsPerPoint = 24;
const pairsAtLeast = 500_000;
/** Width of the cells, in sigma, that points are merged in when there are more pairs. */
const cellWidth = 1 / 8;
/** However wide the kernel is, since it is between cells that curves are interpolated. */
const fewestCells = 500;

interface Weighted {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** How many points stand here. */
  readonly weight: Float64Array;
}

/**
 * Nadaraya–Watson mean with a Gaussian kernel cut at 3 sigma: Σ yⱼ·k(xᵢ−xⱼ) / Σ k(xᵢ−xⱼ) over the finite values.
 * Where windows hold more than some 48 points these are first merged in cells of sigma/8, which is as if sigma were
 * 0.2 % larger; so the time stays linear in the number of points, whatever sigma is.
 * @param x never falls and is finite
 * @param sigma above 0, in units of x; Infinity gives the mean
 */
export function gaussianMean(x: Float64Array, y: Float64Array, sigma: number): Float64Array {
  const scale = overflowScale(y);
  const { points, positions } = finitePoints(x, y, scale);
  const { length } = points.x;
  if (length === 0) return y.slice();
  const span = (points.x[length - 1] ?? 0) - (points.x[0] ?? 0);
  const width = Math.max(Math.min(sigma, 1000 * span || 1), 1e-290);
  const merged = pairsWithin(points.x, reach * width) > Math.max(pairsPerPoint * length, pairsAtLeast);
  const kept = merged ? mergedInCells(points, Math.min(cellWidth * width, span / fewestCells)) : points;
  const means = kernelMeans(kept, width);
  const values = merged ? interpolated(kept.x, means, points.x) : means;
  if (!positions) return values;
  const smoothed = y.slice();
  for (let index = 0; index < length; index++) smoothed[positions[index] ?? 0] = (values[index] ?? 0) / scale;
  return smoothed;
}

/** Without positions where every point is finite and nothing had to be copied. */
function finitePoints(
  x: Float64Array,
  y: Float64Array,
  scale: number,
): { readonly points: Weighted; readonly positions?: Uint32Array } {
  let length = 0;
  for (let at = 0; at < y.length; at++) if (Number.isFinite(y[at])) length++;
  const weight = new Float64Array(length).fill(1);
  if (length === y.length && scale === 1) return { points: { x, y, weight } };
  const positions = new Uint32Array(length);
  const points = { x: new Float64Array(length), y: new Float64Array(length), weight };
  let index = 0;
  for (let at = 0; at < y.length; at++) {
    const value = y[at] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    positions[index] = at;
    points.x[index] = x[at] ?? 0;
    points.y[index] = value * scale;
    index++;
  }
  return { points, positions };
}

/** How many pairs of points are at most `distance` apart. */
function pairsWithin(x: Float64Array, distance: number): number {
  let pairs = 0;
  let end = 0;
  for (let at = 0; at < x.length; at++) {
    while (end < x.length && (x[end] ?? 0) - (x[at] ?? 0) <= distance) end++;
    pairs += end - at - 1;
  }
  return pairs;
}

/**
 * Points less than a cell's width after the first of their cell become one, at their mean. The first and the last point
 * stay alone, so that every other one lies between two cells.
 */
function mergedInCells({ x, y }: Weighted, width: number): Weighted {
  const cells = { x: new Float64Array(x.length), y: new Float64Array(x.length), weight: new Float64Array(x.length) };
  let size = 0;
  for (let at = 0; at < x.length; size++) {
    const start = x[at] ?? 0;
    let offset = 0;
    let sum = 0;
    let count = 0;
    const end = at === 0 ? 1 : at < x.length - 1 ? x.length - 1 : x.length;
    do {
      offset += (x[at] ?? 0) - start;
      sum += y[at] ?? 0;
      count++;
      at++;
    } while (at < end && (x[at] ?? 0) - start <= width);
    cells.x[size] = start + offset / count;
    cells.y[size] = sum / count;
    cells.weight[size] = count;
  }
  return {
    x: cells.x.subarray(0, size),
    y: cells.y.subarray(0, size),
    weight: cells.weight.subarray(0, size),
  };
}

/** The kernel is symmetric: each pair is weighed once and counts for both. */
function kernelMeans({ x, y, weight }: Weighted, sigma: number): Float64Array {
  const { length } = x;
  const sums = new Float64Array(length);
  for (let at = 0; at < length; at++) sums[at] = (y[at] ?? 0) * (weight[at] ?? 1);
  const weights = weight.slice();
  const perEntry = tableSize / (reach * sigma);
  for (let at = 0; at < length; at++) {
    const x0 = x[at] ?? 0;
    const count = weight[at] ?? 1;
    const weighted = (y[at] ?? 0) * count;
    let sum = 0;
    let total = 0;
    for (let other = at + 1; other < length; other++) {
      const place = ((x[other] ?? 0) - x0) * perEntry;
      if (!(place <= tableSize)) break;
      const entry = place | 0;
      const before = table[entry] ?? 0;
      const kernel = before + (place - entry) * ((table[entry + 1] ?? 0) - before);
      const away = (weight[other] ?? 1) * kernel;
      sum += (y[other] ?? 0) * away;
      total += away;
      sums[other] = (sums[other] ?? 0) + weighted * kernel;
      weights[other] = (weights[other] ?? 0) + count * kernel;
    }
    sums[at] = (sums[at] ?? 0) + sum;
    weights[at] = (weights[at] ?? 0) + total;
  }
  for (let at = 0; at < length; at++) sums[at] = (sums[at] ?? 0) / (weights[at] ?? 1);
  return sums;
}

/** Values at `wanted`, which rises, on the straight lines between the given points; beyond them the nearest. */
function interpolated(x: Float64Array, y: Float64Array, wanted: Float64Array): Float64Array {
  const last = x.length - 1;
  let after = 0;
  const values = new Float64Array(wanted.length);
  for (let at = 0; at < wanted.length; at++) {
    const place = wanted[at] ?? 0;
    while (after <= last && (x[after] ?? 0) < place) after++;
    const before = Math.max(0, after - 1);
    const next = Math.min(last, after);
    const gap = (x[next] ?? 0) - (x[before] ?? 0);
    const part = gap > 0 ? (place - (x[before] ?? 0)) / gap : 0;
    values[at] = (y[before] ?? 0) * (1 - part) + (y[next] ?? 0) * part;
  }
  return values;
}
