import assert from 'node:assert/strict';
import fc from 'fast-check';
import { gaussianMean } from '../../../src/shared/series/gaussian';
import { type SmoothingMethod, smooth } from '../../../src/shared/series/smoothing';
import reference from './smoothing.reference.json';

const methods: readonly SmoothingMethod[] = ['ema', 'timeEma', 'mean', 'gaussian'];
const ofJson = (values: readonly (number | null)[]) => Float64Array.from(values, (value) => value ?? Number.NaN);

function assertNear(found: Float64Array, expected: Float64Array, tolerance: number, what: string): void {
  assert.equal(found.length, expected.length);
  for (const [at, value] of expected.entries()) {
    const near = Number.isNaN(value) ? Number.isNaN(found[at]) : Math.abs((found[at] ?? 0) - value) <= tolerance;
    assert.ok(near, `${what}, point ${at}: ${found[at]} is not ${value}`);
  }
}

describe('smoothing', () => {
  for (const [index, { x, y, cases }] of reference.smoothing.entries())
    for (const { method, amount, values } of cases)
      it(`agrees with NumPy and pandas: ${method} ${amount}, series ${index}`, () => {
        const known = methods.find((name) => name === method);
        assert.ok(known);
        // The kernel is a table of 2,048 entries; the others are exact but for rounding.
        const tolerance = method === 'gaussian' ? 1e-5 : 1e-12;
        assertNear(smooth(ofJson(x), ofJson(y), known, amount), ofJson(values), tolerance, method);
      });

  const value = fc.oneof(
    { weight: 8, arbitrary: fc.double({ noNaN: true }) },
    fc.constantFrom(Number.NaN, Infinity, -Infinity, 1.7e308, -1.7e308, 5e-324),
  );
  const points = fc
    .array(fc.tuple(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), value), { maxLength: 40 })
    .map((list) => [...list].sort(([a], [b]) => a - b));

  it('never leaves the range of the values, and gaps stay gaps', () => {
    const amount = fc.oneof(fc.double(), fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 60 }));
    fc.assert(
      fc.property(points, fc.constantFrom(...methods), amount, (list, method, howMuch) => {
        const x = Float64Array.from(list, ([place]) => place);
        const y = Float64Array.from(list, ([, at]) => at);
        const found = smooth(x, y, method, howMuch);
        const finite = [...y].filter(Number.isFinite);
        const [low, high] = [Math.min(...finite), Math.max(...finite)];
        const rounding = Math.max(Math.abs(low), Math.abs(high)) * 1e-12 + 1e-300;
        for (const [at, before] of y.entries()) {
          const after = found[at] ?? 0;
          if (Number.isFinite(before)) assert.ok(after >= low - rounding && after <= high + rounding, `${after}`);
          else assert.ok(Object.is(after, before));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('gives the values themselves when there is nothing to smooth', () => {
    const y = Float64Array.of(1, Number.NaN, 3);
    const x = Float64Array.of(0, 1, 2);
    for (const method of methods)
      for (const amount of [0, -1, Number.NaN]) assert.deepEqual(smooth(x, y, method, amount), y);
    assert.deepEqual(smooth(x, y, 'mean', 1), y);
    assert.notEqual(smooth(x, y, 'ema', 0), y);
  });

  it('is not carried on by a spike that has left the window', () => {
    const y = Float64Array.of(1e300, 0.1, 0.2, 0.3, 0.4);
    const x = Float64Array.of(0, 1, 2, 3, 4);
    assertNear(smooth(x, y, 'mean', 3).subarray(2), Float64Array.of(0.2, 0.3, 0.35), 1e-15, 'mean');
  });

  it('weighs by distance, so that points logged twice as often smooth no more', () => {
    const coarse = Float64Array.from({ length: 50 }, (_, at) => at);
    const fine = Float64Array.from({ length: 99 }, (_, at) => at / 2);
    const end = (x: Float64Array, method: SmoothingMethod) => smooth(x, x, method, 5).at(-1) ?? 0;
    assert.ok(Math.abs(end(coarse, 'timeEma') - end(fine, 'timeEma')) < 0.3);
    assert.ok(Math.abs(end(coarse, 'gaussian') - end(fine, 'gaussian')) < 0.3);
  });
});

describe('the Gaussian kernel on many points', () => {
  /** Σ yⱼ·k / Σ k at one point, straight from the definition. */
  function exact(x: Float64Array, y: Float64Array, sigma: number, at: number): number {
    let sum = 0;
    let weights = 0;
    for (const [other, place] of x.entries()) {
      const distance = Math.abs(place - (x[at] ?? 0)) / sigma;
      const value = y[other] ?? Number.NaN;
      if (distance > 3 || !Number.isFinite(value)) continue;
      const weight = Math.exp(-(distance ** 2) / 2);
      sum += weight * value;
      weights += weight;
    }
    return sum / weights;
  }

  it('stays what it is when points are merged in cells: within a thousandth', () => {
    // Half of the points stand in one tenth of x, so cells hold from one to hundreds of points.
    const length = 40_000;
    const x = Float64Array.from({ length }, (_, at) => (at < length / 2 ? at / 5 : at - 0.4 * length)).sort();
    const y = x.map((place, at) => Math.sin(place / 900) + Math.sin(at * at) / 5 + (at % 7919 === 0 ? Number.NaN : 0));
    for (const sigma of [20, 100, 1500, 50_000]) {
      const found = gaussianMean(x, y, sigma);
      for (let at = 0; at < length; at += 997)
        if (Number.isFinite(y[at]))
          assert.ok(
            Math.abs((found[at] ?? 0) - exact(x, y, sigma, at)) < 1e-3,
            `sigma ${sigma}, point ${at}: ${found[at]} is not ${exact(x, y, sigma, at)}`,
          );
    }
  });

  it('is the mean where all points stand at one place', () => {
    const y = Float64Array.from({ length: 2000 }, (_, at) => at);
    assertNear(
      gaussianMean(
        y.map(() => 7),
        y,
        1,
      ),
      y.map(() => 999.5),
      1e-9,
      'one place',
    );
    assertNear(
      gaussianMean(y, y, Infinity),
      y.map(() => 999.5),
      1e-2,
      'infinite sigma',
    );
  });

  it('ends for any width: pairs of the widest alone would be 45 billion', () => {
    const x = Float64Array.from({ length: 300_000 }, (_, at) => at);
    for (const sigma of [3, 300, 30_000, Infinity]) assert.equal(gaussianMean(x, x, sigma).length, x.length);
  });
});
