import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Buckets, bucketKind, bucketsOf } from '../../../src/shared/series/buckets';
import { pyramidOf } from '../../../src/shared/series/pyramid';

interface Row {
  readonly x: number;
  readonly lastX: number;
  readonly first: number;
  readonly last: number;
  readonly min: number;
  readonly max: number;
  readonly count: number;
  readonly kind: number;
}

const rowsOf = (found: Buckets): Row[] =>
  Array.from(found.x, (x, at) => ({
    x,
    lastX: found.lastX[at] ?? 0,
    first: found.first[at] ?? 0,
    last: found.last[at] ?? 0,
    min: found.min[at] ?? 0,
    max: found.max[at] ?? 0,
    count: found.count[at] ?? 0,
    kind: found.kind[at] ?? -1,
  }));

const gap = fc.constantFrom(Number.NaN, Infinity, -Infinity);
const value = fc.oneof({ weight: 12, arbitrary: fc.double({ noNaN: true, min: -1e6, max: 1e6 }) }, gap);
/** Finite stretches long enough for blocks of a pyramid, with gaps between. */
const stretch = fc.tuple(fc.array(fc.double({ noNaN: true, min: -9, max: 9 }), { maxLength: 90, size: 'max' }), gap);
const values = fc.oneof(
  fc.array(value, { maxLength: 300, size: 'max' }),
  fc.array(stretch, { maxLength: 8, size: 'max' }).map((parts) => parts.flatMap(([list, end]) => [...list, end])),
  fc.array(fc.double({ noNaN: true, min: -9, max: 9 }), { maxLength: 3000, minLength: 1100, size: 'max' }),
);
const cases = fc.record({
  values,
  steps: fc.array(fc.constantFrom(0, 1, 1, 1, 0.1, 30), { minLength: 1, maxLength: 20 }),
  ends: fc.tuple(fc.double({ min: -0.2, max: 1.2, noNaN: true }), fc.double({ min: -0.2, max: 1.2, noNaN: true })),
  buckets: fc.integer({ min: 1, max: 60 }),
  withPyramid: fc.boolean(),
});

function made({
  values: list,
  steps,
  ends,
  buckets,
  withPyramid,
}: typeof cases extends fc.Arbitrary<infer T> ? T : never) {
  let place = 0;
  const x = Float64Array.from(list, (_, at) => (place += steps[at % steps.length] ?? 1));
  const y = Float64Array.from(list);
  const [a, b] = ends.map((part) => part * place);
  const interval = { min: Math.min(a ?? 0, b ?? 0), max: Math.max(a ?? 0, b ?? 0) };
  const found = bucketsOf(x, y, interval, buckets, withPyramid ? pyramidOf(y) : undefined);
  const inside = [...x.keys()].filter((at) => (x[at] ?? 0) >= interval.min && (x[at] ?? 0) <= interval.max);
  return { x, y, interval, buckets, inside, rows: rowsOf(found) };
}

describe('buckets of pixels', () => {
  it('contain every point of the interval and one to either side, each once', () => {
    fc.assert(
      fc.property(cases, (input) => {
        const { x, y, interval, inside, rows } = made(input);
        const before = [...x.keys()].filter((at) => (x[at] ?? 0) < interval.min).at(-1);
        const after = [...x.keys()].find((at) => (x[at] ?? 0) > interval.max);
        const expected = [before, ...inside, after].filter((at) => at !== undefined);
        assert.equal(
          rows.reduce((sum, { count }) => sum + count, 0),
          expected.length,
        );
        const gaps = (kind: number) =>
          rows.filter((row) => row.kind === kind).reduce((sum, { count }) => sum + count, 0);
        const here = expected.map((at) => y[at] ?? 0);
        assert.equal(gaps(bucketKind.nan), here.filter(Number.isNaN).length);
        assert.equal(gaps(bucketKind.infinity), here.filter((at) => at === Infinity).length);
        assert.equal(gaps(bucketKind.minusInfinity), here.filter((at) => at === -Infinity).length);
        if (before !== undefined) assert.equal(rows[0]?.x, x[before]);
        if (after !== undefined) assert.equal(rows.at(-1)?.lastX, x[after]);
      }),
      { numRuns: 400 },
    );
  });

  it('span exactly the values of their points: none lies outside, and the extremes are there', () => {
    fc.assert(
      fc.property(cases, (input) => {
        const { x, y, rows } = made(input);
        for (const row of rows) {
          if (row.kind !== bucketKind.points) {
            assert.ok([row.first, row.last, row.min, row.max].every(Number.isNaN));
            continue;
          }
          const points = [...x.keys()].filter((at) => (x[at] ?? 0) >= row.x && (x[at] ?? 0) <= row.lastX);
          const finite = points.map((at) => y[at] ?? 0).filter(Number.isFinite);
          assert.ok(row.min <= row.first && row.first <= row.max && row.min <= row.last && row.last <= row.max);
          assert.ok(finite.includes(row.min) && finite.includes(row.max));
          // Rows of the same x share points only where x stands still.
          if (finite.length === row.count) {
            assert.equal(row.min, Math.min(...finite));
            assert.equal(row.max, Math.max(...finite));
          }
        }
        const shown = rows.filter((row) => row.kind === bucketKind.points);
        for (const at of x.keys()) {
          const place = x[at] ?? 0;
          const here = y[at] ?? 0;
          if (place < (rows[0]?.x ?? Infinity) || place > (rows.at(-1)?.lastX ?? -Infinity)) continue;
          if (!Number.isFinite(here) || place === rows[0]?.x || place === rows.at(-1)?.lastX) continue;
          assert.ok(shown.some((row) => row.x <= place && place <= row.lastX && row.min <= here && here <= row.max));
        }
      }),
      { numRuns: 400 },
    );
  });

  it('are no wider than a pixel, and few', () => {
    fc.assert(
      fc.property(cases, (input) => {
        const { interval, buckets, rows } = made(input);
        const width = (interval.max - interval.min) / buckets;
        for (const row of rows) assert.ok(row.lastX - row.x <= width * (1 + 1e-9));
        assert.ok(rows.length <= 6 * buckets + 2);
      }),
      { numRuns: 400 },
    );
  });

  it('are the points themselves when there are few', () => {
    const list = fc.array(value, { maxLength: 30 });
    fc.assert(
      fc.property(list, fc.boolean(), (points, withPyramid) => {
        const x = Float64Array.from(points, (_, at) => at);
        const y = Float64Array.from(points);
        const pyramid = withPyramid ? pyramidOf(y) : undefined;
        const rows = rowsOf(bucketsOf(x, y, { min: 0, max: 29 }, 30, pyramid));
        assert.deepEqual(
          rows.map((row) => [row.x, row.count]),
          points.map((_, at) => [at, 1]),
        );
        for (const [at, row] of rows.entries())
          if (row.kind === bucketKind.points) assert.ok(row.first === points[at] && row.last === points[at]);
      }),
    );
  });

  it('let a line go on behind a gap, and end where a bucket ends in one', () => {
    const bucket = (list: readonly number[]) => {
      const x = Float64Array.from(list, (_, at) => at);
      const rows = rowsOf(bucketsOf(x, Float64Array.from(list), { min: 0, max: 9 }, 1));
      return rows.map(({ kind, first, last, min, max, count }) =>
        kind === bucketKind.points ? [first, last, min, max, count] : [kind, count],
      );
    };
    assert.deepEqual(bucket([1, 3, 2]), [[1, 2, 1, 3, 3]]);
    assert.deepEqual(bucket([1, 3, Number.NaN, 5, 4]), [
      [1, 3, 1, 3, 2],
      [bucketKind.nan, 1],
      [5, 4, 4, 5, 2],
    ]);
    assert.deepEqual(bucket([Number.NaN, 5, Number.NaN, Infinity, 4, -Infinity]), [
      [bucketKind.nan, 2],
      [bucketKind.infinity, 1],
      [bucketKind.minusInfinity, 1],
      [5, 4, 4, 5, 2],
      [bucketKind.minusInfinity, 0],
    ]);
  });

  it('are the same with a pyramid and without', () => {
    const length = 100_000;
    const x = Float64Array.from({ length }, (_, at) => at + (at % 3) / 4);
    const y = Float64Array.from({ length }, (_, at) =>
      at % 30_011 === 30_010 ? Number.NaN : Math.sin(at) * (at % 977),
    );
    const pyramid = pyramidOf(y);
    for (const interval of [
      { min: -5, max: 2e5 },
      { min: 1234.5, max: 77_777 },
      { min: 50_000, max: 50_100 },
    ])
      for (const buckets of [1, 7, 640])
        assert.deepEqual(bucketsOf(x, y, interval, buckets, pyramid), bucketsOf(x, y, interval, buckets));
  });
});
