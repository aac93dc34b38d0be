import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ChartsRun, SeriesBlock } from '../../../src/shared/protocol/series';
import { inOrder, moved } from '../../../src/shared/series/cardOrder';
import { leftOutNotes } from '../../../src/shared/series/chartNotes';
import { groupCurves, groupsOf } from '../../../src/shared/series/groupCurves';
import { appendPoints } from '../../../src/shared/series/merge';
import { metricSearch } from '../../../src/shared/series/metricSearch';
import { readingsAt, summaryOf } from '../../../src/shared/series/readings';
import { curvesOf, sigmaOf, smoothingText, windowOf } from '../../../src/shared/series/runCurves';
import { yRange } from '../../../src/shared/series/yRange';
import { initialLines } from '../../../src/shared/view/lineSettings';

const run = (runId: string, color = 1): ChartsRun => ({
  runId,
  name: `run ${runId}`,
  status: 'FINISHED',
  startTime: 0,
  color,
  dash: 0,
});
const block = (runId: string, values: readonly number[], steps = values.map((_, at) => at)): SeriesBlock => ({
  runId,
  steps: Float64Array.from(steps),
  timestamps: Float64Array.from(steps, (step) => step * 1_000),
  values: Float64Array.from(values),
  sampled: false,
});
const blocks = (...all: readonly SeriesBlock[]) => new Map(all.map((one) => [one.runId, one]));
const curvesFrom = (all: ReadonlyMap<string, SeriesBlock>, settings = {}) =>
  curvesOf(
    all,
    [...all.keys()].map((id) => run(id)),
    { ...initialLines, ...settings },
  ).curves;
const range = (values: readonly number[], settings = {}, zoom?: { min: number; max: number }) =>
  yRange(curvesFrom(blocks(block('a', values))), { ...initialLines, ...settings }, zoom);

describe('the curves of a chart', () => {
  it('stand in the order of the runs, those without points left out', () => {
    const all = blocks(block('b', [1]), block('a', [2]), block('c', []));
    const { curves } = curvesOf(all, [run('a'), run('b'), run('c'), run('d')], initialLines);
    assert.deepEqual(
      curves.map(({ runId }) => runId),
      ['a', 'b'],
    );
  });

  it('are drawn over another metric of the run, and say what found no partner', () => {
    const y = blocks(block('a', [10, 11, 12, 13], [0, 1, 2, 3]), block('b', [1], [0]));
    const x = blocks(block('a', [0.3, 0.1, Number.NaN], [1, 2, 3]));
    const { curves, unmatched } = curvesOf(y, [run('a'), run('b')], { ...initialLines, axis: 'metric' }, x);
    assert.deepEqual(
      curves.map(({ x: xs, y: ys }) => [[...xs], [...ys]]),
      [
        [
          [0.1, 0.3],
          [12, 11],
        ],
      ],
    );
    assert.equal(unmatched, 3);
  });

  it('are smoothed alike by every method that one slider drives', () => {
    assert.deepEqual([windowOf(0), windowOf(0.5), windowOf(0.9)], [1, 3, 19]);
    assert.equal(sigmaOf(0), 0);
    assert.ok(Math.abs(sigmaOf(0.9) - 5.48) < 0.01);
    assert.deepEqual(
      (['ema', 'mean', 'gaussian'] as const).map((smoothingMethod) =>
        smoothingText({ ...initialLines, smoothing: 0.9, smoothingMethod }),
      ),
      ['0.90', '19 points', 'σ 5.5 points'],
    );
    // White noise: what is left of its variance is the same, a tenth of a tenth off at most.
    let seed = 1;
    const noise = Array.from({ length: 20_000 }, () => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed / 2_147_483_647 - 0.5;
    });
    const left = (['ema', 'mean'] as const).map((smoothingMethod) => {
      const [curve] = curvesFrom(blocks(block('a', noise)), { smoothing: 0.9, smoothingMethod });
      return [...(curve?.smooth ?? [])].reduce((sum, value) => sum + value * value, 0);
    });
    const [ema = 0, mean = 1] = left;
    assert.ok(Math.abs(ema / mean - 1) < 0.1, String(left));
  });

  it('keep a NaN, one point, equal values and strange names', () => {
    const odd = 'a "b" `c` ✓/ö';
    const all = blocks(block(odd, [1, Number.NaN, 1]), block('one', [7]));
    const curves = curvesFrom(all, { smoothing: 0.5 });
    assert.deepEqual(
      curves.map(({ smooth }) => [...(smooth ?? [])]),
      [[1, Number.NaN, 1], [7]],
    );
    assert.equal(summaryOf(odd, curves, 'step', ''), `${odd}: 2 runs, steps 0 to 2, values from 1 to 7`);
    assert.equal(summaryOf('none', [], 'step', ''), 'none: no points');
    assert.match(summaryOf('nan', curvesFrom(blocks(block('a', [Number.NaN]))), 'step', ''), /no finite values$/);
  });

  it('are read at an x, largest first, NaN last', () => {
    const curves = curvesFrom(blocks(block('low', [1, 2]), block('nan', [1, Number.NaN]), block('high', [5, 6])));
    assert.deepEqual(
      readingsAt(curves, 1).map(({ runId, value }) => [runId, value]),
      [
        ['high', 6],
        ['low', 2],
        ['nan', Number.NaN],
      ],
    );
  });
});

describe('groups of runs', () => {
  const params: Readonly<Record<string, string>> = { a: '0.1', b: '0.1', c: '0.01' };
  const groups = groupsOf(['c', 'a', 'b', 'd'], ['params.lr'], (runId) => params[runId]);

  it('have equal values, in the order the first run of each comes; a missing value is one', () => {
    assert.deepEqual(
      groups.map(({ name, runIds }) => [name, runIds]),
      [
        ['lr 0.01', ['c']],
        ['lr 0.1', ['a', 'b']],
        ['no lr', ['d']],
      ],
    );
  });

  it('tell a text from the lack of one and from a longer list of columns', () => {
    const values: Readonly<Record<string, readonly (string | undefined)[]>> = { a: ['null', 'x'], b: [undefined, 'x'] };
    const two = groupsOf(
      ['a', 'b'],
      ['params.p', 'params.q'],
      (runId, column) => values[runId]?.[column === 'params.p' ? 0 : 1],
    );
    assert.equal(two.length, 2);
  });

  it('are one line each: the mean with a band from least to greatest', () => {
    const curves = curvesFrom(blocks(block('a', [1, 2]), block('b', [3, 6]), block('c', [9, 9])));
    const drawn = groupCurves(curves, groups, initialLines);
    assert.deepEqual(
      drawn.map(({ name, y, band }) => [name, [...y], [...(band?.low ?? [])], [...(band?.high ?? [])]]),
      [
        ['lr 0.01 (1)', [9, 9], [9, 9], [9, 9]],
        ['lr 0.1 (2)', [2, 4], [1, 2], [3, 6]],
      ],
    );
    assert.deepEqual(
      drawn.map(({ color }) => color),
      [1, 2],
    );
  });

  it('keep their colours when others come, go or are put in another order', () => {
    const lr = (runId: string) => params[runId];
    const placed = groups.map(({ id }) => id);
    const later = groupsOf(['e', 'b', 'c'], ['params.lr'], (runId) => (runId === 'e' ? '1' : lr(runId)), placed);
    assert.deepEqual(
      later.map(({ name, place }) => [name, place]),
      [
        ['lr 1', 3],
        ['lr 0.1', 1],
        ['lr 0.01', 0],
      ],
    );
    const curves = curvesFrom(blocks(block('b', [1]), block('c', [9])));
    assert.deepEqual(
      groupCurves(curves, later, initialLines).map(({ color }) => color),
      [2, 1],
    );
  });

  it('of runs whose times no two share are taken at so many places that they can be drawn', () => {
    const late = (id: string, by: number) =>
      block(
        id,
        Array.from({ length: 3_000 }, () => 1),
        Array.from({ length: 3_000 }, (_, at) => at + by),
      );
    const curves = curvesFrom(blocks(late('a', 0), late('b', 0.5)), { axis: 'wall' });
    const [drawn] = groupCurves(curves, [{ id: 'group:', name: 'all', runIds: ['a', 'b'], place: 0 }], {
      ...initialLines,
      axis: 'wall',
    });
    assert.equal(drawn?.x.length, 2_000);
    assert.deepEqual([drawn?.x[0], drawn?.x[1_999]], [0, 2_999_500]);
  });
});

describe('the range of y', () => {
  it('is that of all points, and stays while x is zoomed unless it is to fit', () => {
    const zoom = { min: 2, max: 3 };
    const values = [100, 50, 2, 1];
    assert.deepEqual(range(values, {}, zoom), range(values));
    assert.ok((range(values, { fitY: true }, zoom).bounds?.max ?? 99) < 3);
  });

  it('leaves out outliers, and counts them', () => {
    const values = Array.from({ length: 99 }, (_, at) => Math.sin(at));
    const { bounds, outside } = range([...values, 1e6], { clipOutliers: true });
    assert.ok((bounds?.max ?? 1e6) < 2);
    assert.equal(outside, 1);
    assert.equal(range(values, { clipOutliers: true }).outside, 0);
  });

  it('is what a person set, as far as the axis has it', () => {
    assert.deepEqual(range([1, 5], { yMin: -3, yMax: 9 }).bounds, { min: -3, max: 9 });
    assert.equal(range([1, 5], { yMin: 2 }).bounds?.min, 2);
    assert.ok((range([1, 5], { yMin: -3, logY: true }).bounds?.min ?? -1) > 0);
    const beyond = range([1, 5], { yMin: 70 }).bounds;
    assert.ok(beyond && beyond.min === 70 && beyond.max > 70);
  });

  it('of negative values on a log axis is that of the positive ones, or none', () => {
    assert.equal(range([-1, -2], { logY: true }).bounds, undefined);
    const some = range([-5, 1, 100], { logY: true }).bounds;
    assert.ok(some && some.min > 0.5 && some.min <= 1);
  });

  it('of equal values and of one point has some height; of NaN alone there is none', () => {
    for (const values of [[3, 3, 3], [0], [-2]]) {
      const { bounds } = range(values);
      assert.ok(bounds && bounds.min < bounds.max);
    }
    assert.equal(range([Number.NaN, Number.POSITIVE_INFINITY]).bounds, undefined);
  });
});

describe('searching metrics', () => {
  const found = (search: string, key: string) => {
    const result = metricSearch(search);
    return result.ok ? result.matches(key) : result.message;
  };

  it('finds a text anywhere, capitals or not, and everything without one', () => {
    assert.deepEqual([found('LOSS', 'val/loss'), found(' ', 'x'), found('a/b', 'a b')], [true, true, false]);
  });

  it('takes what stands between slashes for a regular expression, the same at every question', () => {
    assert.deepEqual(
      [found('/^val.*loss$/', 'val/loss'), found('/LOSS/', 'loss'), found('/LOSS/i', 'loss')],
      [true, false, true],
    );
    const result = metricSearch('/loss/g');
    assert.ok(result.ok && result.matches('loss') && result.matches('loss'));
  });

  it('says what is wrong with an expression, and throws on no text', () => {
    assert.match(String(found('/(/', 'a')), /group/i);
    fc.assert(fc.property(fc.string(), fc.string(), (search, key) => void found(search, key)));
  });
});

describe('the order of charts', () => {
  it('is as it comes until some were moved; new ones follow', () => {
    const names = ['a', 'b', 'c'];
    const order = moved(names, 'c', 0, []);
    assert.deepEqual(
      inOrder(['a', 'b', 'c', 'd'], order, (name) => name),
      ['c', 'a', 'b', 'd'],
    );
    assert.deepEqual(
      inOrder(names, [], (name) => name),
      names,
    );
  });

  it('keeps what is known of other sections', () => {
    assert.deepEqual(moved(['a', 'b'], 'a', 9, ['x', 'b', 'a']), ['x', 'b', 'a']);
  });

  it('holds every chart once, wherever one is moved to', () => {
    const names = fc.uniqueArray(fc.string(), { minLength: 1 });
    fc.assert(
      fc.property(names, fc.nat(), fc.integer(), (all, which, to) => {
        const name = all[which % all.length] ?? '';
        const order = moved(all, name, to, []);
        assert.deepEqual([...order].sort(), [...all].sort());
        assert.equal(order.indexOf(name), Math.min(all.length - 1, Math.max(0, to)));
      }),
    );
  });
});

describe('notes of a chart', () => {
  it('say what is left out, in singular and plural', () => {
    const none = { unmatched: 0, unshared: 0, outside: 0, notPositiveX: 0, xName: 'epoch' };
    assert.deepEqual(leftOutNotes(none), []);
    assert.deepEqual(leftOutNotes({ ...none, unmatched: 1, unshared: 2, outside: 3, notPositiveX: 1 }), [
      '1 point without epoch',
      '2 steps lack a metric',
      '3 outliers outside',
      '1 point at x ≤ 0 not shown',
    ]);
  });

  it('call a curve sampled when points that came later are', () => {
    const later = { ...block('a', [3], [2]), sampled: true };
    assert.equal(appendPoints(block('a', [1, 2]), later).sampled, true);
  });
});
