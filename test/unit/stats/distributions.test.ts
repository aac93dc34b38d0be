import assert from 'node:assert/strict';
import fc from 'fast-check';
import { rangeWithoutOutliers } from '../../../src/shared/series/outliers';
import { aggregate } from '../../../src/shared/stats/aggregate';
import { boxplotOf } from '../../../src/shared/stats/boxplot';
import { histogramOf } from '../../../src/shared/stats/histogram';
import { quantile } from '../../../src/shared/stats/quantile';
import reference from './stats.reference.json';

const anyNumbers = fc.array(
  fc.oneof({ weight: 3, arbitrary: fc.double() }, fc.integer({ min: -3, max: 3 }), fc.constantFrom(1.7e308, -1.7e308)),
);
const close = (found: number, expected: number) =>
  Math.abs(found - expected) <= 1e-12 * Math.max(1, Math.abs(expected));
const assertClose = (found: Iterable<number>, expected: readonly number[]) => {
  const list = [...found];
  assert.equal(list.length, expected.length);
  for (const [at, value] of expected.entries())
    assert.ok(close(list[at] ?? Number.NaN, value), `${list[at]} is not ${value}`);
};

describe('distributions', () => {
  for (const [index, expected] of reference.distributions.entries())
    it(`agree with NumPy and pandas, sample ${index}`, () => {
      const { values } = expected;
      assertClose(
        [0, 0.05, 0.1, 0.333, 0.5, 0.95, 1].map((part) => quantile(values, part)),
        expected.quantiles,
      );
      const box = boxplotOf(values);
      assert.ok(box);
      assertClose([box.q1, box.median, box.q3, box.whiskerLow, box.whiskerHigh], expected.box);
      assertClose(box.outliers, expected.outliers);
      const { edges, counts } = histogramOf(values);
      assertClose(edges, expected.edges);
      assert.deepEqual([...counts], expected.counts);
      const { nan, ...numbers } = aggregate(values);
      assert.equal(nan, 0);
      for (const [name, value] of Object.entries(expected.aggregate))
        assert.ok(close(numbers[name as keyof typeof numbers], value), name);
    });
});

describe('quantiles', () => {
  it('of equal values are that value exactly', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (value, part) => assert.equal(quantile([value, value, value], part), value),
      ),
    );
    assert.ok(Number.isNaN(quantile([Number.NaN], 0.5)));
  });
});

describe('a column in one row', () => {
  it('leaves NaN out and counts it, and does not hide infinity', () => {
    assert.deepEqual(aggregate([1, Number.NaN, 3]), {
      count: 2,
      nan: 1,
      min: 1,
      max: 3,
      sum: 4,
      mean: 2,
      median: 2,
      std: Math.SQRT2,
    });
    const diverged = aggregate([1, 2, 3, Infinity]);
    assert.deepEqual([diverged.count, diverged.mean, diverged.max, diverged.median], [4, Infinity, Infinity, 2.5]);
    assert.ok(Number.isNaN(diverged.std));
    const none = aggregate([Number.NaN]);
    assert.deepEqual([none.count, none.nan, none.sum], [0, 1, 0]);
    assert.ok([none.mean, none.min, none.max, none.median, none.std].every(Number.isNaN));
    assert.ok(Number.isNaN(aggregate([5]).std));
  });

  it('loses nothing between large numbers, and has a mean where the sum overflows', () => {
    assert.equal(aggregate([1e16, 1, -1e16]).sum, 1);
    assert.ok(close(aggregate([1.5e308, 1.5e308]).mean / 1e308, 1.5));
  });

  it('has mean and median between the least and the greatest value', () => {
    fc.assert(
      fc.property(anyNumbers, (values) => {
        const { count, nan, min, max, mean, median } = aggregate(values);
        assert.equal(count + nan, values.length);
        if (count === 0 || !values.every(Number.isFinite)) return;
        const rounding = Math.max(Math.abs(min), Math.abs(max)) * 1e-15;
        assert.ok(mean >= min - rounding && mean <= max + rounding, `${mean}`);
        assert.ok(median >= min && median <= max);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a histogram', () => {
  it('has every finite value in the bin where it belongs, and counts the others', () => {
    fc.assert(
      fc.property(anyNumbers, fc.integer({ min: 1, max: 50 }), (values, most) => {
        const { edges, counts, nan, infinite } = histogramOf(values, most);
        const finite = values.filter(Number.isFinite);
        assert.equal(
          counts.reduce((sum, count) => sum + count, 0),
          finite.length,
        );
        assert.equal(nan + infinite + finite.length, values.length);
        assert.ok(counts.length <= most);
        assert.equal(edges.length, finite.length === 0 ? 0 : counts.length + 1);
        for (const [bin, count] of counts.entries()) {
          const [from, to] = [edges[bin] ?? Number.NaN, edges[bin + 1] ?? Number.NaN];
          assert.ok(from <= to);
          const isLast = bin === counts.length - 1;
          // Edges coincide only where bins are narrower than numbers are; then the last such bin has them all.
          if (edges.slice(1).every((edge, at) => edge > (edges[at] ?? 0)))
            assert.equal(count, finite.filter((value) => value >= from && (isLast ? value <= to : value < to)).length);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is one bin around equal values, and never more bins than asked for', () => {
    assert.deepEqual(histogramOf([2, 2, 2]), {
      edges: Float64Array.of(1.9, 2.1),
      counts: Uint32Array.of(3),
      nan: 0,
      infinite: 0,
    });
    assert.deepEqual([...histogramOf([0, 0]).edges], [-0.5, 0.5]);
    const faraway = histogramOf([...Array.from({ length: 99 }, (_, at) => at / 1e6), 1e9], 30);
    assert.equal(faraway.counts.length, 30);
    const mostlyEqual = histogramOf([...Array<number>(90).fill(1), 2, 3, 4]);
    assert.equal(mostlyEqual.counts.length, 8);
    assert.deepEqual(histogramOf([Number.NaN, -Infinity]).counts.length, 0);
  });
});

describe('a box plot', () => {
  it('draws the line 1.5 interquartile ranges from the quartiles', () => {
    // Quartiles 2 and 4, so fences at -1 and 7.
    const box = boxplotOf([-1.01, 2, 2, 3, 4, 4, 7]);
    assert.deepEqual(
      [box?.q1, box?.q3, box?.whiskerLow, box?.whiskerHigh, ...(box?.outliers ?? [])],
      [2, 4, 2, 7, -1.01],
    );
  });

  it('has quartiles in order where rounding could swap them', () => {
    const [low, high] = [-1.7976931348623133e308, -1.797693134862313e308];
    const box = boxplotOf([low, high]);
    assert.ok(box && low <= box.q1 && box.q1 <= box.median && box.median <= box.q3 && box.q3 <= high);
  });

  it('has whiskers at values, and every value in it or among the outliers', () => {
    fc.assert(
      fc.property(anyNumbers, (values) => {
        const finite = values.filter(Number.isFinite);
        const box = boxplotOf(values);
        assert.equal(box === undefined, finite.length === 0);
        if (!box) return;
        assert.ok(finite.includes(box.whiskerLow) && finite.includes(box.whiskerHigh));
        assert.ok(box.q1 <= box.median && box.median <= box.q3 && box.whiskerLow <= box.whiskerHigh);
        const inside = finite.filter((value) => value >= box.whiskerLow && value <= box.whiskerHigh);
        assert.equal(inside.length + box.outliers.length, box.count);
        assert.equal(box.count + box.notFinite, values.length);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the range without outliers', () => {
  it('is everything when nothing stands apart', () => {
    assert.deepEqual(rangeWithoutOutliers([1, 2, 3, 4, 5, Number.NaN, Infinity], 'fences'), {
      rule: 'fences',
      min: 1,
      max: 5,
      below: 0,
      above: 0,
    });
  });

  it('leaves out a spike, and says how many values it leaves out', () => {
    const curve = [...Array.from({ length: 100 }, (_, at) => at / 100), 1e6, -1e6, 2e6];
    const fences = rangeWithoutOutliers(curve, 'fences');
    assert.deepEqual(fences, { rule: 'fences', min: 0, max: 0.99, below: 1, above: 2 });
    const quantiles = rangeWithoutOutliers(
      Array.from({ length: 101 }, (_, at) => at),
      'quantiles',
    );
    assert.deepEqual(quantiles, { rule: 'quantiles', min: 5, max: 95, below: 5, above: 5 });
  });

  it('never shrinks to a point while values differ', () => {
    const zeros = Array<number>(80).fill(0);
    const few = Array.from({ length: 20 }, (_, at) => at);
    assert.equal(rangeWithoutOutliers([...zeros, ...few], 'fences')?.rule, 'quantiles');
    assert.deepEqual(rangeWithoutOutliers([...zeros, 7], 'fences'), {
      rule: 'all',
      min: 0,
      max: 7,
      below: 0,
      above: 0,
    });
    assert.equal(rangeWithoutOutliers([Number.NaN], 'fences'), undefined);
    fc.assert(
      fc.property(anyNumbers, fc.constantFrom('fences' as const, 'quantiles' as const), (values, rule) => {
        const finite = values.filter(Number.isFinite);
        const range = rangeWithoutOutliers(values, rule);
        if (!range) return assert.equal(finite.length, 0);
        assert.ok(range.min < range.max || new Set(finite.map((value) => value + 0)).size === 1);
        assert.equal(range.below, finite.filter((value) => value < range.min).length);
        assert.equal(range.above, finite.filter((value) => value > range.max).length);
      }),
      { numRuns: 500 },
    );
  });
});
