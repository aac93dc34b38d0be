import { lowerBound, upperBound } from './axis';
import { Extremes, type Pyramid, pointsPerBlock } from './pyramid';

/** What a row of `Buckets` is. All but `points` are gaps: a line ends before them. */
export const bucketKind = { points: 0, nan: 1, infinity: 2, minusInfinity: 3 } as const;

/** Rows to be drawn from left to right; all arrays have the same length. */
export interface Buckets {
  /** Of the first point. */
  readonly x: Float64Array;
  /** Of the last point: a line to the next row begins here. */
  readonly lastX: Float64Array;
  /** Values of the first and the last point, least and greatest value; NaN in gaps. */
  readonly first: Float64Array;
  readonly last: Float64Array;
  readonly min: Float64Array;
  readonly max: Float64Array;
  /** How many points the row stands for. 0 is a gap that an earlier row has counted. */
  readonly count: Uint32Array;
  readonly kind: Uint8Array;
}

interface Interval {
  readonly min: number;
  readonly max: number;
}

/**
 * Everything that can be seen of a curve in so many pixels: of each pixel-wide bucket first, last, least and greatest
 * value (M4: Jugel et al., VLDB 2014), so the picture is that of every point, and a spike is never lost.
 *
 * A bucket is one row, or with gaps at most six: what comes before the first gap, one gap of each kind at the x of its
 * first, what comes after the first gap, and where the bucket ends in a gap that one once more, so that no line goes on.
 * A point to either side of the interval is a row of its own, so that lines run out of the picture. When there are no
 * more points than buckets each is a row.
 * @param x never falls and is finite; of the length of y
 * @param buckets usually the width in pixels, ≥ 1
 * @param pyramid of the same y, for many points: then the time hardly depends on how many there are
 */
export function bucketsOf(
  x: Float64Array,
  y: Float64Array,
  interval: Interval,
  buckets: number,
  pyramid?: Pyramid,
): Buckets {
  const from = lowerBound(x, interval.min);
  const to = Math.max(from, upperBound(x, interval.max));
  const isWorthwhile = to - from > buckets * pointsPerBlock;
  const rows = new Rows(x, y, Math.min(to - from, buckets) + 2, isWorthwhile ? pyramid : undefined);
  if (from > 0) rows.addPoint(from - 1);
  if (to - from <= buckets) for (let at = from; at < to; at++) rows.addPoint(at);
  else addBuckets(rows, x, from, to, interval, buckets);
  if (to < x.length) rows.addPoint(to);
  return rows.finish();
}

function addBuckets(rows: Rows, x: Float64Array, from: number, to: number, interval: Interval, buckets: number): void {
  const width = (interval.max - interval.min) / buckets;
  const last = buckets - 1;
  for (let at = from; at < to; ) {
    let bucket = width > 0 ? Math.min(last, Math.floor(((x[at] ?? 0) - interval.min) / width)) : last;
    // The quotient may be rounded to the bucket before.
    while (bucket < last && (x[at] ?? 0) >= interval.min + (bucket + 1) * width) bucket++;
    const end = bucket < last ? firstFrom(x, interval.min + (bucket + 1) * width, at, to) : to;
    rows.addBucket(at, end);
    at = end;
  }
}

/** Index of the first x ≥ `edge` in `from … to`, looked for near `from`: one by one, then in ever longer strides. */
function firstFrom(x: Float64Array, edge: number, from: number, to: number): number {
  let low = from + 1;
  const near = Math.min(to, low + 16);
  while (low < near && (x[low] ?? 0) < edge) low++;
  if (low < near || near === to) return low;
  let stride = 16;
  while (low + stride < to && (x[low + stride] ?? 0) < edge) {
    low += stride + 1;
    stride *= 2;
  }
  let high = Math.min(to, low + stride);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((x[middle] ?? 0) < edge) low = middle + 1;
    else high = middle;
  }
  return low;
}

function kindOf(value: number): number {
  if (Number.isFinite(value)) return bucketKind.points;
  if (Number.isNaN(value)) return bucketKind.nan;
  return value > 0 ? bucketKind.infinity : bucketKind.minusInfinity;
}

/** Collects rows in arrays that grow: only curves with many gaps have more rows than buckets. */
class Rows {
  private size = 0;
  private rows: Buckets;
  private readonly extremes = new Extremes();

  constructor(
    private readonly x: Float64Array,
    private readonly y: Float64Array,
    capacity: number,
    private readonly pyramid: Pyramid | undefined,
  ) {
    this.rows = emptyRows(capacity);
  }

  finish(): Buckets {
    const { rows, size } = this;
    return {
      x: rows.x.subarray(0, size),
      lastX: rows.lastX.subarray(0, size),
      first: rows.first.subarray(0, size),
      last: rows.last.subarray(0, size),
      min: rows.min.subarray(0, size),
      max: rows.max.subarray(0, size),
      count: rows.count.subarray(0, size),
      kind: rows.kind.subarray(0, size),
    };
  }

  addPoint(at: number): void {
    const value = this.y[at] ?? Number.NaN;
    if (Number.isFinite(value)) this.add(at, at, value, value, 1);
    else this.addGap(at, 1);
  }

  addBucket(from: number, end: number): void {
    this.extremes.clear();
    const gap = this.extremes.take(this.y, from, end, this.pyramid);
    if (gap > from) this.add(from, gap - 1, this.extremes.min, this.extremes.max, gap - from);
    if (gap < end) this.addBroken(gap, end);
  }

  /** What is left of a bucket from its first gap on. */
  private addBroken(from: number, end: number): void {
    const gaps = new Map<number, { readonly at: number; count: number }>();
    let [first, last, points] = [-1, -1, 0];
    this.extremes.clear();
    for (let at = from; at < end; ) {
      const kind = kindOf(this.y[at] ?? Number.NaN);
      if (kind === bucketKind.points) {
        const next = this.extremes.take(this.y, at, end, this.pyramid);
        if (first < 0) first = at;
        last = next - 1;
        points += next - at;
        at = next;
        continue;
      }
      const known = gaps.get(kind);
      if (known) known.count++;
      else gaps.set(kind, { at, count: 1 });
      at++;
    }
    for (const { at, count } of gaps.values()) this.addGap(at, count);
    if (points === 0) return;
    this.add(first, last, this.extremes.min, this.extremes.max, points);
    if (last < end - 1) this.addGap(end - 1, 0);
  }

  private addGap(at: number, count: number): void {
    this.add(at, at, Number.NaN, Number.NaN, count, kindOf(this.y[at] ?? Number.NaN));
  }

  private add(
    from: number,
    to: number,
    min: number,
    max: number,
    count: number,
    kind: number = bucketKind.points,
  ): void {
    const { size } = this;
    if (size === this.rows.kind.length) this.grow();
    const { rows, x, y } = this;
    const isGap = kind !== bucketKind.points;
    rows.x[size] = x[from] ?? 0;
    rows.lastX[size] = x[to] ?? 0;
    rows.first[size] = isGap ? Number.NaN : (y[from] ?? 0);
    rows.last[size] = isGap ? Number.NaN : (y[to] ?? 0);
    rows.min[size] = min;
    rows.max[size] = max;
    rows.count[size] = count;
    rows.kind[size] = kind;
    this.size = size + 1;
  }

  private grow(): void {
    const larger = emptyRows(this.size * 2 + 8);
    for (const name of Object.keys(larger) as (keyof Buckets)[]) larger[name].set(this.rows[name]);
    this.rows = larger;
  }
}

/** All in one buffer: a frame makes rows of hundreds of curves. */
function emptyRows(capacity: number): Buckets {
  const wide = capacity * Float64Array.BYTES_PER_ELEMENT;
  const buffer = new ArrayBuffer(6 * wide + capacity * (Uint32Array.BYTES_PER_ELEMENT + 1));
  const column = (at: number) => new Float64Array(buffer, at * wide, capacity);
  return {
    x: column(0),
    lastX: column(1),
    first: column(2),
    last: column(3),
    min: column(4),
    max: column(5),
    count: new Uint32Array(buffer, 6 * wide, capacity),
    kind: new Uint8Array(buffer, 6 * wide + capacity * Uint32Array.BYTES_PER_ELEMENT, capacity),
  };
}
