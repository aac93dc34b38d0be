import type { Curve } from './axis';
import { unionOf } from './risingSets';

/**
 * What a band shows: `range` least to greatest value; `deviation` mean ± sample standard deviation (n−1), how far runs
 * differ; `error` mean ± standard error (deviation / √n), how well the mean is known. One run alone has no width.
 */
export type BandKind = 'range' | 'deviation' | 'error';

/** All arrays have the length of `x`. */
export interface GroupBand {
  readonly x: Float64Array;
  /** NaN where no run counts. */
  readonly mean: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** How many runs count here. */
  readonly n: Uint32Array;
}

type Line = Pick<Curve, 'x' | 'y'>;

/**
 * Mean and band of several runs. Each counts inside its own range only, on the straight lines between its points: one
 * that has not begun or is over does not. Beside a NaN or infinite value there is no line, so a run does not count there
 * either. Of several points of the same x the last counts.
 * @param curves x never falls
 * @param grid where; rising. Without it the union of all x, so runs × points; with some 10,000 points and times that no
 * two runs share, give a grid
 */
export function groupBand(
  curves: readonly Line[],
  kind: BandKind,
  grid = unionOf(curves.map(({ x }) => x)),
): GroupBand {
  const sums = new Sums(grid.length);
  for (const curve of curves) addCurve(sums, curve, grid);
  return kind === 'range' ? sums.range(grid) : sums.around(grid, kind);
}

function addCurve(sums: Sums, { x, y }: Line, grid: Float64Array): void {
  let next = 0;
  for (let at = 0; at < grid.length; at++) {
    const place = grid[at] ?? 0;
    // Index of the first point behind the place; the one before it is the last at or before the place.
    while (next < x.length && (x[next] ?? 0) <= place) next++;
    if (next === 0) continue;
    const [x0, y0] = [x[next - 1] ?? 0, y[next - 1] ?? Number.NaN];
    if (x0 === place) sums.add(at, y0);
    else if (next === x.length) return;
    else sums.add(at, between(x0, y0, x[next] ?? 0, y[next] ?? Number.NaN, place));
  }
}

/** Weighted, not by the slope: the difference of two values may be infinite. */
function between(x0: number, y0: number, x1: number, y1: number, place: number): number {
  if (!Number.isFinite(y0) || !Number.isFinite(y1)) return Number.NaN;
  const part = (place - x0) / (x1 - x0);
  return y0 * (1 - part) + y1 * part;
}

/** Welford's sums at each place: exact where values are large and differ little. */
class Sums {
  private readonly n: Uint32Array;
  private readonly mean: Float64Array;
  private readonly squares: Float64Array;
  private readonly low: Float64Array;
  private readonly high: Float64Array;

  constructor(length: number) {
    this.n = new Uint32Array(length);
    this.mean = new Float64Array(length);
    this.squares = new Float64Array(length);
    this.low = new Float64Array(length).fill(Number.POSITIVE_INFINITY);
    this.high = new Float64Array(length).fill(Number.NEGATIVE_INFINITY);
  }

  add(at: number, value: number): void {
    if (!Number.isFinite(value)) return;
    const n = (this.n[at] ?? 0) + 1;
    const before = this.mean[at] ?? 0;
    const mean = before + (value / n - before / n);
    this.n[at] = n;
    this.mean[at] = mean;
    this.squares[at] = (this.squares[at] ?? 0) + (value - before) * (value - mean);
    if (value < (this.low[at] ?? 0)) this.low[at] = value;
    if (value > (this.high[at] ?? 0)) this.high[at] = value;
  }

  range(x: Float64Array): GroupBand {
    const known = (values: Float64Array) => values.map((value, at) => (this.n[at] === 0 ? Number.NaN : value));
    return { x, mean: this.means(), low: known(this.low), high: known(this.high), n: this.n };
  }

  around(x: Float64Array, kind: 'deviation' | 'error'): GroupBand {
    const mean = this.means();
    const width = this.squares.map((sum, at) => {
      const n = this.n[at] ?? 0;
      return n < 2 ? 0 : Math.sqrt(sum / (n - 1)) / (kind === 'error' ? Math.sqrt(n) : 1);
    });
    return {
      x,
      mean,
      low: mean.map((value, at) => value - (width[at] ?? 0)),
      high: mean.map((value, at) => value + (width[at] ?? 0)),
      n: this.n,
    };
  }

  private means(): Float64Array {
    return this.mean.map((value, at) => (this.n[at] === 0 ? Number.NaN : value));
  }
}
