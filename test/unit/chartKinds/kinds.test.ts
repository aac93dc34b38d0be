import assert from 'node:assert/strict';
import fc from 'fast-check';
import { barsOf, barsTable, mostBars } from '../../../src/shared/charts/bars';
import { boxesOf } from '../../../src/shared/charts/boxes';
import { differencesOf, differencesTable } from '../../../src/shared/charts/difference';
import { distributionOf } from '../../../src/shared/charts/distribution';
import { filledGrid } from '../../../src/shared/charts/filledGrid';
import { heatMapOf } from '../../../src/shared/charts/heatmap';
import { parallelOf, parallelTable, placeOn, valueOn } from '../../../src/shared/charts/parallel';
import { scatterOf, scatterTable, unitScale } from '../../../src/shared/charts/scatter';
import { type GivenRun, tableOf } from './tableOf';

const sweep: readonly GivenRun[] = [
  { params: { lr: '0.1', opt: 'adam' }, metrics: { loss: 1 }, name: 'a' },
  { params: { lr: '0.01', opt: 'adam' }, metrics: { loss: 3 }, name: 'b' },
  { params: { lr: '0.01', opt: 'sgd' }, metrics: { loss: 5 } },
  { params: { opt: 'sgd' }, metrics: { loss: 7 } },
  { params: { lr: '0.001', opt: 'sgd' }, metrics: { loss: Number.NaN } },
];
const numbers = fc.array(fc.double({ min: -1e300, max: 1e300 }), { maxLength: 60 });
const runsWith = (values: readonly number[]) => tableOf(values.map((value) => ({ metrics: { m: value } })));

describe('data of kinds of charts', () => {
  const runs = tableOf(sweep);

  it('bars: one a run, in the rows’ order, named', () => {
    const bars = barsOf(runs, { value: 'metrics.loss' });
    assert.deepEqual(
      bars?.bars.map(({ label, value }) => [label, value]),
      [
        ['a', 1],
        ['b', 3],
        ['r2', 5],
        ['r3', 7],
      ],
    );
    assert.deepEqual(bars?.notes, ['1 run with NaN or infinite loss']);
  });

  it('bars: means of groups with the deviation of a sample, or least to largest', () => {
    const std = barsOf(runs, { value: 'metrics.loss', groupBy: 'params.opt', errorBars: 'std' });
    const [adam, sgd] = std?.bars ?? [];
    assert.deepEqual([adam?.label, adam?.value, adam?.high], ['adam', 2, 2 + Math.SQRT2]);
    assert.deepEqual([sgd?.value, sgd?.rows], [6, [2, 3]]);
    const range = barsOf(runs, { value: 'metrics.loss', groupBy: 'params.opt', errorBars: 'range' });
    assert.deepEqual(range && barsTable(range).rows, [
      ['adam', 2, 1, 3, 2],
      ['sgd', 6, 5, 7, 2],
    ]);
    const one = barsOf(runs, { value: 'metrics.loss', groupBy: 'params.lr', errorBars: 'std' });
    assert.deepEqual(
      one?.bars.map(({ label, low }) => [label, low === undefined]),
      [
        ['0.01', false],
        ['0.1', true],
      ],
    );
  });

  it('bars: no more than can be told apart, and it is said', () => {
    const many = runsWith(Array.from({ length: 500 }, (_, at) => at));
    const bars = barsOf(many, { value: 'metrics.m' });
    assert.equal(bars?.bars.length, mostBars);
    assert.match(bars?.notes[0] ?? '', /first 200 of 500 runs/);
    assert.equal(barsOf(many, { value: 'metrics.m', logY: true })?.notes[1], '1 run with m ≤ 0 not on the log axis');
  });

  it('boxes: quartiles of groups; every value is in one box', () => {
    const boxes = boxesOf(runs, { value: 'metrics.loss', groupBy: 'params.opt' });
    assert.deepEqual(
      boxes?.boxes.map(({ label, q1, median, q3 }) => [label, q1, median, q3]),
      [
        ['adam', 1.5, 2, 2.5],
        ['sgd', 5.5, 6, 6.5],
      ],
    );
    fc.assert(
      fc.property(numbers, (values) => {
        const [box] = boxesOf(runsWith(values), { value: 'metrics.m' })?.boxes ?? [];
        const finite = values.filter(Number.isFinite);
        assert.equal(box?.count ?? 0, finite.length);
        if (box) assert.ok(box.whiskerLow <= box.median && box.median <= box.whiskerHigh);
      }),
    );
  });

  it('scatter: only runs that have both, the rest counted', () => {
    const scatter = scatterOf(runs, { x: 'params.lr', y: 'metrics.loss', logX: true });
    assert.deepEqual(
      scatter?.points.map(({ row, x, y }) => [row, x, y]),
      [
        [0, 0.1, 1],
        [1, 0.01, 3],
        [2, 0.01, 5],
      ],
    );
    assert.deepEqual(scatter?.notes, ['1 run without lr', '1 run with NaN or infinite loss']);
    assert.deepEqual(scatter && scatterTable(runs, scatter).rows[0], ['a', 'r0', 0.1, 1]);
    const texts = scatterOf(runs, { x: 'params.opt', y: 'metrics.loss', sizeBy: 'metrics.loss' });
    assert.deepEqual(
      texts?.points.map(({ x, size }) => [x, size]),
      [
        [0, 0],
        [0, 1 / 3],
        [1, 2 / 3],
        [1, 1],
      ],
    );
    assert.equal(scatterOf(runs, { x: 'nonsense', y: 'metrics.loss' }), undefined);
  });

  it('shades and sizes stay within 0 and 1, at the ends of the range too', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 }), (values) => {
        const scale = unitScale(Float64Array.from(values));
        for (const value of values) assert.ok(scale(value) >= 0 && scale(value) <= 1);
      }),
    );
  });

  it('differences: to the baseline, which may be a run that is not drawn', () => {
    const found = differencesOf(runs, { value: 'metrics.loss' });
    assert.deepEqual(
      found?.differences.map(({ row, difference }) => [row, difference]),
      [
        [1, 2],
        [2, 4],
        [3, 6],
      ],
    );
    const percent = differencesOf(
      { table: runs.table, rows: [0, 2] },
      { value: 'metrics.loss', relative: true, baseline: 'r1' },
    );
    assert.deepEqual(
      percent?.differences.map(({ difference }) => Math.round(difference)),
      [-67, 67],
    );
    assert.ok(percent && found);
    assert.deepEqual(differencesTable(percent).columns, ['Run', 'loss', 'loss − b', '% of b']);
    const [base, ...others] = differencesTable(found).rows;
    assert.deepEqual([base?.[2], base?.[3]], [0, 0]);
    assert.deepEqual(
      others.map((row) => row[2]),
      found.differences.map(({ difference }) => difference),
    );
    assert.equal(differencesOf(runs, { value: 'metrics.loss', baseline: 'r4' })?.baseline, undefined);
    assert.equal(differencesOf(runs, { value: 'params.opt' }), undefined);
    const zero = differencesOf(runsWith([0, 1]), { value: 'metrics.m', relative: true });
    assert.deepEqual([zero?.differences.length, zero?.notes.length], [0, 1]);
  });

  it('histograms: every finite value is in the one bin that holds it', () => {
    fc.assert(
      fc.property(
        numbers,
        fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
        fc.boolean(),
        (values, bins, logX) => {
          const made = runsWith(values);
          const found = distributionOf(made, { value: 'metrics.m', bins, logX });
          const usable = values.filter((value) => Number.isFinite(value) && (!logX || value > 0));
          assert.equal(
            found?.bins.reduce((sum, { rows }) => sum + rows.length, 0),
            usable.length,
          );
          if (logX) return;
          for (const [at, { from, to, rows }] of (found?.bins ?? []).entries()) {
            const isLast = at === (found?.bins.length ?? 0) - 1;
            for (const row of rows) {
              const value = values[row] ?? Number.NaN;
              assert.ok(
                value >= from && (isLast ? value <= to : value < to || from === to),
                `${value} in ${from} ${to}`,
              );
            }
          }
        },
      ),
    );
    assert.equal(distributionOf(runs, { value: 'params.opt' }), undefined);
  });

  it('heat maps: a cell is what its runs have in common', () => {
    const map = heatMapOf(runs, { x: 'params.lr', y: 'params.opt', value: 'metrics.loss' });
    assert.deepEqual(
      [map?.x.labels, map?.y.labels],
      [
        ['0.001', '0.01', '0.1'],
        ['adam', 'sgd'],
      ],
    );
    assert.deepEqual(
      map?.cells.map(({ x, y, value }) => [x, y, value]),
      [
        [1, 0, 3],
        [2, 0, 1],
        [1, 1, 5],
      ],
    );
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            x: fc.double({ noNaN: true, min: -1e6, max: 1e6 }),
            y: fc.constantFrom('a', 'b'),
            z: fc.double({ min: -9, max: 9 }),
          }),
          { maxLength: 120 },
        ),
        (points) => {
          const made = tableOf(points.map(({ x, y, z }) => ({ metrics: { x, z }, params: { y } })));
          const found = heatMapOf(made, { x: 'metrics.x', y: 'params.y', value: 'metrics.z', aggregate: 'count' });
          const usable = points.filter(({ z }) => !Number.isNaN(z)).length;
          assert.equal(found?.cells.reduce((sum, { value }) => sum + value, 0) ?? 0, usable);
          assert.ok((found?.x.labels.length ?? 0) <= 40);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('contours: known cells are kept, others lie between the least and the largest', () => {
    const cells = [0, 1, 2, 4, 6, 8].map((at) => ({ x: at % 3, y: Math.floor(at / 3), value: at, rows: [] }));
    const side = { labels: ['a', 'b', 'c'] } as never;
    const grid = filledGrid({ x: side, y: side, cells });
    for (const { x, y, value } of cells) assert.equal(grid?.[y * 3 + x], value);
    for (const value of grid ?? []) assert.ok(value >= 0 && value <= 8);
    assert.equal(filledGrid({ x: side, y: side, cells: cells.slice(0, 3) }), undefined);
  });

  it('parallel coordinates: runs keep their gaps; places and values are each other’s opposite', () => {
    const data = parallelOf(runs, { columns: ['params.lr', 'params.opt', 'metrics.loss'], logColumns: ['params.lr'] });
    assert.deepEqual(
      data.axes.map(({ log, min, max }) => [log, min, max]),
      [
        [true, 0.001, 0.1],
        [false, -0.5, 1.5],
        [false, 1, 7],
      ],
    );
    assert.deepEqual(data.drawn, [0, 1, 2, 3, 4]);
    assert.deepEqual(parallelTable(runs, data).rows[3], ['r3', 'r3', undefined, 'sgd', 7]);
    const near = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-9, `${a} ${b}`);
    for (const log of [true, false])
      for (const part of [0, 0.3, 1])
        near(placeOn({ log, min: 0.5, max: 8 }, valueOn({ log, min: 0.5, max: 8 }, part)), part);
    assert.deepEqual(parallelOf(runs, { columns: ['params.lr', 'params.nothing'] }).drawn, []);
  });

  it('parallel coordinates: a log axis of the largest and the least numbers there are', () => {
    const axis = { log: true, min: 1e-300, max: 1e300 };
    for (const [value, place] of [
      [1e-300, 0],
      [1, 0.5],
      [1e300, 1],
    ] as const) {
      assert.ok(Math.abs(placeOn(axis, value) - place) < 1e-9, `${value}: ${placeOn(axis, value)}`);
      assert.ok(Math.abs(Math.log10(valueOn(axis, place)) - Math.log10(value)) < 1e-9, `${valueOn(axis, place)}`);
    }
  });

  it('parallel coordinates: all of 10,000 runs over 8 axes are drawn', () => {
    const many = tableOf(
      Array.from({ length: 10_000 }, (_, at) => ({
        metrics: Object.fromEntries(Array.from({ length: 8 }, (_, key) => [`m${key}`, (at * (key + 7)) % 101])),
      })),
    );
    const data = parallelOf(many, { columns: Array.from({ length: 8 }, (_, key) => `metrics.m${key}`) });
    assert.equal(data.drawn.length, 10_000);
  });
});
