import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cellText, digitsFor, fullText, localInstant } from '../../../src/shared/runs/cellText';
import type { Attribute, Column } from '../../../src/shared/runs/column';
import { gridMove } from '../../../src/shared/runs/gridMove';
import { RowSelection } from '../../../src/shared/runs/rowSelection';

const metric: Column = { kind: 'metric', key: 'loss', stat: 'last' };
const attribute = (key: Attribute): Column => ({ kind: 'attribute', key });
const now = Date.UTC(2026, 10, 25, 12);

describe('the text of a cell', () => {
  it('is short for numbers, and says NaN and infinity', () => {
    const texts = [
      0.123456789,
      1200,
      1e-7,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      -0.5,
      undefined,
    ];
    assert.deepEqual(
      texts.map((value) => cellText(value, metric, now)),
      ['0.12346', '1,200', '1e-7', 'NaN', '∞', '-∞', '-0.5', ''],
    );
  });

  it('is an age, a duration, a short commit, a status in words, one line', () => {
    assert.equal(cellText(now - 3 * 86_400_000, attribute('start_time'), now), '3 days ago');
    assert.equal(cellText(200_000, attribute('duration'), now), '3 min 20 s');
    assert.equal(cellText('a1b2c3d4'.repeat(5), attribute('commit'), now), 'a1b2c3d');
    assert.equal(cellText('FINISHED', attribute('status'), now), 'Finished');
    assert.equal(cellText('two\nlines\u202e', attribute('description'), now), 'two lines');
  });

  it('tells values apart that all but agree', () => {
    const values = [0.91234501, 0.91234502, 0.91234509];
    const digits = digitsFor(values);
    assert.equal(new Set(values.map((value) => cellText(value, metric, now, digits))).size, 3);
    assert.equal(digitsFor([0.1, 0.5, 0.9]), 5);
    assert.equal(digitsFor([]), 5);
    assert.equal(digitsFor([3, 3, Number.NaN, Number.POSITIVE_INFINITY]), 5);
  });

  it('tells the ends of any range apart', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e12, max: 1e12 });
    fc.assert(
      fc.property(number, number, (a, b) => {
        fc.pre(Math.abs(a - b) > 1e-9 * Math.max(Math.abs(a), Math.abs(b)));
        const digits = digitsFor([a, b]);
        assert.notEqual(cellText(a, metric, now, digits), cellText(b, metric, now, digits));
      }),
    );
  });
});

describe('the full text of a cell', () => {
  it('has every digit: it reads back as the same number', () => {
    fc.assert(fc.property(fc.double(), (value) => Object.is(Number(fullText(value, metric)), value === 0 ? 0 : value)));
  });

  it('is the exact instant with the local clock, and seconds', () => {
    assert.equal(new Date(fullText(now + 123, attribute('start_time'))).getTime(), now + 123);
    assert.match(localInstant(now), /^2026-11-2\dT\d\d:\d\d:00\.000[+-]\d\d:\d\d$/);
    assert.equal(fullText(200_500, attribute('duration')), '200.5');
    assert.equal(fullText('two\nlines', attribute('description')), 'two\nlines');
  });

  it('survives instants that no calendar has', () => {
    assert.equal(fullText(1e20, attribute('start_time')), '100000000000000000000');
  });
});

describe('moving in the grid', () => {
  const extent = { rows: 100, cols: 10, page: 20 };
  const press = (key: string, row: number, col: number, ctrlKey = false) =>
    gridMove({ key, ctrlKey }, { row, col }, extent);

  it('goes to neighbours, ends and pages', () => {
    assert.deepEqual(press('ArrowDown', -1, 3), { row: 0, col: 3 });
    assert.deepEqual(press('ArrowUp', 0, 3), { row: -1, col: 3 });
    assert.deepEqual(press('Home', 5, 3), { row: 5, col: 0 });
    assert.deepEqual(press('End', 5, 3), { row: 5, col: 9 });
    assert.deepEqual(press('Home', 5, 3, true), { row: 0, col: 0 });
    assert.deepEqual(press('End', 5, 3, true), { row: 99, col: 9 });
    assert.deepEqual(press('PageDown', 5, 3), { row: 24, col: 3 });
    assert.deepEqual(press('PageUp', 24, 3), { row: 5, col: 3 });
    assert.deepEqual(press('PageUp', 3, 3), { row: 0, col: 3 });
    assert.equal(press('x', 5, 3), undefined);
  });

  it('stays inside, whatever is pressed', () => {
    const keys = ['ArrowDown', 'ArrowUp', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown'];
    const size = fc.record({ rows: fc.nat(5), cols: fc.integer({ min: 1, max: 4 }), page: fc.nat(4) });
    fc.assert(
      fc.property(size, fc.array(fc.tuple(fc.constantFrom(...keys), fc.boolean())), (given, pressed) => {
        let at = { row: given.rows === 0 ? -1 : 0, col: 0 };
        for (const [key, ctrlKey] of pressed) at = gridMove({ key, ctrlKey }, at, given) ?? at;
        assert.ok(at.row >= -1 && at.row < Math.max(given.rows, 0), JSON.stringify(at));
        assert.ok(at.col >= 0 && at.col < given.cols, JSON.stringify(at));
      }),
    );
  });
});

describe('selecting rows', () => {
  const list = (...keys: (string | undefined)[]) => ({
    at: (index: number) => keys[index],
    find: (key: string) => (keys.includes(key) ? keys.indexOf(key) : undefined),
  });

  it('takes one, more, and from the first to the last', () => {
    const { at, find } = list('a', 'b', undefined, 'c', 'd');
    const selection = new RowSelection();
    selection.select(1, 'only', at, find);
    selection.select(3, 'range', at, find);
    assert.deepEqual([...selection.selected], ['b', 'c']);
    selection.select(0, 'range', at, find);
    assert.deepEqual([...selection.selected], ['a', 'b']);
    selection.select(4, 'toggle', at, find);
    assert.deepEqual([...selection.selected], ['a', 'b', 'd']);
    selection.select(0, 'toggle', at, find);
    assert.deepEqual([...selection.selected], ['b', 'd']);
  });

  it('keeps its runs and its anchor when the rows are sorted anew', () => {
    const before = list('a', 'b', 'c');
    const selection = new RowSelection();
    selection.select(0, 'only', before.at, before.find);
    const after = list('c', 'b', 'a');
    assert.deepEqual([...selection.selected], ['a']);
    selection.select(1, 'range', after.at, after.find);
    assert.deepEqual([...selection.selected], ['b', 'a']);
  });

  it('begins anew where the anchor is gone', () => {
    const selection = new RowSelection();
    const before = list('a');
    selection.select(0, 'only', before.at, before.find);
    const after = list('x', 'y');
    selection.select(1, 'range', after.at, after.find);
    assert.deepEqual([...selection.selected], ['y']);
  });
});
