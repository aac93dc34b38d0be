import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { SeriesBlock } from '../../../src/shared/protocol/series';
import { extent, lowerBound, nearest, stepsWithin, toCurve } from '../../../src/shared/series/axis';
import { yBounds } from '../../../src/shared/series/bounds';
import { ema } from '../../../src/shared/series/ema';
import { duration, numberInDigits, shortNumber, tellingDigits, tickNumber } from '../../../src/shared/series/format';
import { badgeText, joinedText, notesOf, unshownOf } from '../../../src/shared/series/honesty';
import { appendPoints, replaceInterval } from '../../../src/shared/series/merge';
import { openAtFirst, sectionsOf } from '../../../src/shared/series/sections';
import { logTicks } from '../../../src/shared/series/ticks';

const finite = fc.double({ noNaN: true, min: -1e6, max: 1e6 });
const anyValue = fc.oneof({ weight: 8, arbitrary: finite }, fc.constantFrom(Number.NaN, Infinity, -Infinity));

function block(steps: readonly number[], values = steps, sampled = false): SeriesBlock {
  return {
    runId: 'r',
    steps: Float64Array.from(steps),
    timestamps: Float64Array.from(steps, (step) => 1000 + step * 10),
    values: Float64Array.from(values),
    sampled,
  };
}

describe('exponential moving average', () => {
  it('starts at the first value and follows the formula', () => {
    // pandas: Series([1, 2, 4]).ewm(alpha=0.4, adjust=True).mean()
    const [a, b, c] = ema(Float64Array.of(1, 2, 4), 0.6);
    assert.ok(Math.abs((a ?? 0) - 1) < 1e-12);
    assert.ok(Math.abs((b ?? 0) - 1.625) < 1e-12);
    assert.ok(Math.abs((c ?? 0) - 2.836734693877551) < 1e-12);
  });

  it('stays between the least and the greatest value, and keeps what is not finite', () => {
    fc.assert(
      fc.property(
        fc.array(anyValue, { minLength: 1 }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        (list, weight) => {
          const smooth = ema(Float64Array.from(list), weight);
          const known = list.filter(Number.isFinite);
          const [low, high] = [Math.min(...known) - 1e-3, Math.max(...known) + 1e-3];
          list.forEach((value, at) => {
            const result = smooth[at] ?? 0;
            if (Number.isFinite(value)) assert.ok(result >= low && result <= high);
            else assert.ok(Object.is(result, value));
          });
        },
      ),
    );
  });
});

describe('axes', () => {
  it('sorts a resumed run by step, points of one step as they were logged', () => {
    const curve = toCurve(block([5, 6, 2, 6], [50, 60, 20, 61]), 'step', 0);
    assert.deepEqual([...curve.x], [2, 5, 6, 6]);
    assert.deepEqual([...curve.y], [20, 50, 60, 61]);
  });

  it('counts relative time in seconds from the start of the run', () => {
    assert.deepEqual([...toCurve(block([0, 100]), 'relative', 1000).x], [0, 1]);
    assert.deepEqual([...toCurve(block([0, 100]), 'wall', 1000).x], [1000, 2000]);
  });

  it('finds the nearest point, of equal ones the last', () => {
    const sorted = fc.array(finite, { minLength: 1 }).map((list) => Float64Array.from(list).sort());
    fc.assert(
      fc.property(sorted, finite, (x, wanted) => {
        const at = nearest(x, wanted);
        const best = Math.min(...[...x].map((value) => Math.abs(value - wanted)));
        assert.equal(Math.abs((x[at] ?? 0) - wanted), best);
        assert.notEqual(x[at + 1], x[at]);
        const bound = lowerBound(x, wanted);
        assert.ok([...x].every((value, index) => value < wanted === index < bound));
      }),
    );
    assert.equal(nearest(new Float64Array(), 1), -1);
  });

  it('knows the steps that an interval covers', () => {
    const curve = toCurve(block([0, 10, 20, 30, 40]), 'step', 0);
    assert.deepEqual(stepsWithin([curve], 12, 18), { startStep: 10, endStep: 20 });
    assert.equal(stepsWithin([], 0, 1), undefined);
    assert.deepEqual(extent([curve]), { min: 0, max: 40 });
  });
});

describe('bounds of y', () => {
  it('contain every finite value, and cross zero only when a value does', () => {
    fc.assert(
      fc.property(fc.array(anyValue), fc.boolean(), (list, logY) => {
        const shown = list.filter((value) => Number.isFinite(value) && (!logY || value > 0));
        const bounds = yBounds(list, logY);
        if (shown.length === 0) assert.equal(bounds, undefined);
        for (const value of shown) assert.ok(bounds && bounds.min <= value && value <= bounds.max);
        if (bounds && shown.every((value) => value >= 0)) assert.ok(bounds.min >= 0);
        if (bounds && shown.some((value) => value < 0) && shown.every((value) => value <= 0))
          assert.ok(bounds.max <= 0);
      }),
    );
  });

  it('have little air on a log axis too, however far the values are apart', () => {
    const bounds = yBounds([1e-200, 1e200], true);
    assert.deepEqual([Math.log10(bounds?.min ?? 0), Math.log10(bounds?.max ?? 0)].map(Math.round), [-220, 220]);
  });
});

describe('ticks of a log axis', () => {
  it('are decades, then 1-2-5, then even', () => {
    assert.deepEqual(logTicks(0.5, 50_000), [1, 10, 100, 1000, 10_000]);
    assert.deepEqual(logTicks(0.09, 3), [0.1, 0.2, 0.5, 1, 2]);
    assert.deepEqual(logTicks(9.9, 13.2), [10, 11, 12, 13]);
    assert.deepEqual(logTicks(0.012, 0.019), [0.012, 0.014, 0.016, 0.018]);
    assert.deepEqual(logTicks(1e-17, 2e13), [1e-15, 1e-10, 1e-5, 1, 1e5, 1e10]);
    assert.deepEqual(logTicks(1e-300, 1e300), [1e-300, 1e-200, 1e-100, 1, 1e100, 1e200, 1e300]);
  });

  it('are inside the axis and few, whatever it is', () => {
    const bound = fc.double({ min: 1e-300, max: 1e300, noNaN: true });
    fc.assert(
      fc.property(bound, bound, (a, b) => {
        const ticks = logTicks(Math.min(a, b), Math.max(a, b));
        assert.ok(
          ticks.length <= 20 &&
            ticks.every((tick) => tick >= Math.min(a, b) * (1 - 1e-9) && tick <= Math.max(a, b) * (1 + 1e-9)),
        );
      }),
    );
  });
});

describe('numbers that stand together', () => {
  it('have the digits that tell them apart, and no more than nine', () => {
    const texts = (...values: number[]) => values.map((value) => numberInDigits(value, tellingDigits(values)));
    assert.deepEqual(texts(0.25, 0.5, Number.NaN, Number.NaN), ['0.25', '0.5', 'NaN', 'NaN']);
    assert.deepEqual(texts(0.999_912, 0.999_914, 0.5), ['0.999912', '0.999914', '0.5']);
    assert.deepEqual(texts(1 / 3, 1 / 3 + 1e-15), ['0.333333333', '0.333333333']);
  });

  it('are told apart as ticks of an axis', () => {
    const ticks = (span: number, ...values: number[]) => values.map((value) => tickNumber(value, span));
    assert.deepEqual(ticks(1, 0, 0.1 + 0.2, 1), ['0', '0.3', '1']);
    assert.deepEqual(ticks(0.000_01, 0.999_912, 0.999_914), ['0.999912', '0.999914']);
    assert.deepEqual(ticks(0.8, 123_456.2, 123_456.4), ['123,456.2', '123,456.4']);
    assert.deepEqual(ticks(0, 7), ['7']);
  });
});

describe('new points', () => {
  it('are added once', () => {
    const known = block([0, 1, 2]);
    const merged = appendPoints(known, block([2, 3, 4]));
    assert.deepEqual([...merged.steps], [0, 1, 2, 3, 4]);
    assert.equal(appendPoints(merged, block([3, 4])), merged);
  });

  it('of a step that has some already are added too, once, wherever these stand', () => {
    const all = (steps: number[], values: number[]) => ({
      ...block(steps, values),
      timestamps: Float64Array.from(values),
    });
    const known = all([0, 0, 0], [1, 2, 3]);
    assert.deepEqual([...appendPoints(known, all([0, 0, 0, 0], [1, 2, 3, 4])).values], [1, 2, 3, 4]);
    assert.equal(appendPoints(known, known), known);
    // Stores of files keep what is the same in all as often as it was logged.
    assert.deepEqual([...appendPoints(known, all([0, 0, 0, 0], [1, 2, 3, 3])).values], [1, 2, 3, 3]);
    const resumed = all([0, 9, 3, 4], [1, 2, 3, 4]);
    assert.deepEqual([...appendPoints(resumed, all([9, 9], [2, 5])).values], [1, 2, 3, 4, 5]);
  });

  it('of an interval take the place of coarser ones', () => {
    const fine = replaceInterval(block([0, 10, 20, 30], [0, 1, 2, 3], true), block([10, 12, 14, 20]), 10, 20);
    assert.deepEqual([...fine.steps], [0, 10, 12, 14, 20, 30]);
    assert.deepEqual([...fine.values], [0, 10, 12, 14, 20, 3]);
    const since = replaceInterval(block([0, 10, 20, 30], [0, 1, 2, 3], true), block([10, 12, 14]), 10, 25);
    assert.deepEqual([...since.steps], [0, 10, 12, 14, 20, 30]);
    const none = replaceInterval(block([0, 10, 20, 30]), block([]), 10, 25);
    assert.deepEqual([...none.steps], [0, 10, 20, 30]);
  });
});

describe('what a chart says of itself', () => {
  const sampled = { runId: 'a', points: 1001, sampled: true };
  const whole = { runId: 'b', points: 50, sampled: false };
  const unknown = () => 0;

  it('says nothing when every point is there', () => {
    assert.equal(badgeText([whole], new Map(), unknown), '');
    assert.equal(badgeText([sampled], new Map([['a', { runId: 'a', points: 1001, exact: true }]]), unknown), '');
  });

  it('says how many of how many, as far as that is known', () => {
    assert.equal(badgeText([sampled, whole], new Map(), unknown), 'sampled: 1,051 points');
    const counts = (exact: boolean) => new Map([['a', { runId: 'a', points: 12_000, exact }]]);
    assert.equal(badgeText([sampled, whole], counts(true), unknown), '1,051 of 12,050 points');
    assert.equal(badgeText([sampled], counts(false), unknown), '1,001 of over 12,000 points');
    assert.equal(
      badgeText([sampled, whole], new Map(), () => 90_000),
      '1,051 of about 90,050 points',
    );
  });

  it('say of joined samples how many steps are left of how many', () => {
    const one = { joined: 40, steps: 120, exact: true, sampled: true };
    assert.equal(joinedText([one]), 'joined 40 of 120 steps');
    assert.equal(
      joinedText([{ ...one, joined: 320, steps: 12_000, exact: false }, one]),
      'joined 360 of about 12,120 steps',
    );
    assert.equal(
      joinedText([
        { ...one, joined: 120 },
        { ...one, sampled: false },
      ]),
      '',
    );
    assert.equal(joinedText([{ ...one, joined: 300, exact: false }]), 'joined 300 steps of samples');
    assert.equal(joinedText([]), '');
  });

  it('counts what is not drawn', () => {
    const values = [Float64Array.of(1, Number.NaN, -Infinity, 0, -2)];
    assert.deepEqual(notesOf(unshownOf(values, false)), ['1 NaN', '1 infinite']);
    assert.deepEqual(notesOf(unshownOf(values, true)), ['1 NaN', '1 infinite', '2 values ≤ 0 not shown']);
  });
});

describe('names and numbers', () => {
  it('groups metrics by prefix: none first, system metrics last', () => {
    const names = (search: string) =>
      sectionsOf(['acc', 'system/cpu', 'val/acc', 'loss', '/x'], search).map(({ name, keys }) => [name, ...keys]);
    assert.deepEqual(names(''), [
      ['', '/x', 'acc', 'loss'],
      ['val', 'val/acc'],
      ['system', 'system/cpu'],
    ]);
    assert.deepEqual(names(' ACC '), [
      ['', 'acc'],
      ['val', 'val/acc'],
    ]);
  });

  it('counts in the names of sections and in those inside them', () => {
    const keys = ['flat_10/b', 'flat_2/w_10', 'flat_2/w_9', 'flat_10/a', 'z10', 'z9', 'flat_2/w_9/x'];
    assert.deepEqual(
      sectionsOf(keys, '').map((section) => section.keys),
      [
        ['z9', 'z10'],
        ['flat_2/w_9', 'flat_2/w_9/x', 'flat_2/w_10'],
        ['flat_10/a', 'flat_10/b'],
      ],
    );
  });

  it('opens as many sections at first as a page can carry, the first always', () => {
    const named = (name: string, size: number) => Array.from({ length: size }, (_, at) => `${name}/${at}`);
    const open = (keys: string[], systemToo = false) => [...openAtFirst(sectionsOf(keys, ''), systemToo)];
    const few = [...named('a', 20), ...named('b', 20), ...named('system', 5)];
    assert.deepEqual(open(few), ['a', 'b']);
    assert.deepEqual(open(few, true), ['a', 'b', 'system']);
    assert.deepEqual(open([...named('a', 6000), ...named('b', 100), ...named('c', 2), ...named('d', 1)]), ['a', 'b']);
    const layers = Array.from({ length: 100 }, (_, at) => named(`layer_${at}`, 100)).flat();
    assert.equal(open(layers).length, 2);
    assert.deepEqual(open(named('system', 9)), []);
  });

  it('writes numbers short', () => {
    const written = [0.1 + 0.2, 1234567, 1e-7, 12.5, Number.NaN, -Infinity, 0, 1.5e9 + 0.25].map((value) =>
      shortNumber(value),
    );
    assert.deepEqual(
      written,
      ['0.3', '1,234,567', '1e-7', '12.5', 'NaN', '-∞', '0', '1.5e9'].map((text) => text.replace('e9', 'e+9')),
    );
  });

  it('writes durations as people say them', () => {
    assert.deepEqual([0, 12.34, 59.94, 59.97, 200, 7500, 100_000, -5].map(duration), [
      '0 s',
      '12.3 s',
      '59.9 s',
      '1 min',
      '3 min 20 s',
      '2 h 5 min',
      '1 d 3 h',
      '-5 s',
    ]);
  });
});
