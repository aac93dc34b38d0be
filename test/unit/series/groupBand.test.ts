import assert from 'node:assert/strict';
import fc from 'fast-check';
import { groupBand } from '../../../src/shared/series/groupBand';
import reference from './smoothing.reference.json';

const line = (points: readonly (readonly [number, number])[]) => ({
  x: Float64Array.from(points, ([x]) => x),
  y: Float64Array.from(points, ([, y]) => y),
});

describe('the band of a group of runs', () => {
  const { band } = reference;
  const runs = band.runs.map(({ x, y }) => ({ x: Float64Array.from(x), y: Float64Array.from(y) }));
  const assertClose = (found: Float64Array, expected: readonly (number | null)[], what: string) => {
    for (const [at, value] of expected.entries())
      assert.ok(Math.abs((found[at] ?? Number.NaN) - (value ?? 0)) < 1e-12, `${what} ${at}`);
  };

  it('agrees with NumPy and pandas', () => {
    const range = groupBand(runs, 'range');
    assert.deepEqual([...range.x], band.x);
    assert.deepEqual([...range.n], band.n);
    assertClose(range.mean, band.mean, 'mean');
    assertClose(range.low, band.min, 'min');
    assertClose(range.high, band.max, 'max');
    for (const kind of ['deviation', 'error'] as const) {
      const { low, mean, high } = groupBand(runs, kind);
      // Of one run pandas has none (null); here the band has no width.
      assertClose(
        high.map((value, at) => value - (mean[at] ?? 0)),
        band[kind],
        kind,
      );
      assertClose(
        mean.map((value, at) => value - (low[at] ?? 0)),
        band[kind],
        kind,
      );
    }
  });

  it('counts a run only where it has begun, is not over and has no gap', () => {
    const broken = line([
      [0, 1],
      [2, Number.NaN],
      [4, 3],
      [6, Infinity],
      [8, 5],
    ]);
    const grid = Float64Array.of(-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    const { n, mean } = groupBand([broken], 'deviation', grid);
    assert.deepEqual([...n], [0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0]);
    const gap = Number.NaN;
    assert.deepEqual([...mean], [gap, 1, gap, gap, gap, 3, gap, gap, gap, 5, gap]);
  });

  it('takes the last of several points of one x', () => {
    const { x, mean } = groupBand(
      [
        line([
          [0, 0],
          [1, 5],
          [1, 2],
          [2, 4],
        ]),
        line([
          [0.5, 9],
          [1.5, 9],
        ]),
      ],
      'range',
    );
    assert.deepEqual([...x], [0, 0.5, 1, 1.5, 2]);
    assert.deepEqual([...mean], [0, (2.5 + 9) / 2, 5.5, 6, 4]);
  });

  it('is nothing for no runs', () => {
    assert.equal(groupBand([], 'error').x.length, 0);
    assert.equal(groupBand([line([])], 'range').n.length, 0);
  });

  it('contains its mean, and its range every point of every run', () => {
    const point = fc.tuple(fc.integer({ min: 0, max: 20 }), fc.double({ noNaN: true, noDefaultInfinity: true }));
    const curve = fc.array(point, { maxLength: 12 }).map((points) => line([...points].sort(([a], [b]) => a - b)));
    fc.assert(
      fc.property(fc.array(curve, { maxLength: 5 }), (curves) => {
        const { x, low, high, mean, n } = groupBand(curves, 'range');
        for (const [at, count] of n.entries()) {
          const [from = 0, middle = 0, to = 0] = [low[at], mean[at], high[at]];
          assert.ok(count >= 1 && count <= curves.length);
          const rounding = Math.max(Math.abs(from), Math.abs(to)) * 1e-12 + 1e-300;
          assert.ok(from - rounding <= middle && middle <= to + rounding);
        }
        for (const { x: places, y } of curves)
          for (const [at, place] of places.entries()) {
            if (places[at + 1] === place) continue;
            const here = x.indexOf(place);
            assert.ok((low[here] ?? Infinity) <= (y[at] ?? 0) && (y[at] ?? 0) <= (high[here] ?? -Infinity));
          }
      }),
    );
  });
});
