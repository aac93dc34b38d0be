import assert from 'node:assert/strict';
import { bucketsOf } from '../../../src/shared/series/buckets';
import type { DrawnCurve } from '../../../webview/charts/drawnCurve';
import { gapMarks, markAt } from '../../../webview/charts/gapMarks';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const mapping = { ax: 10, bx: 0, ay: -10, by: 100, logY: false, floor: 104 };
const area = { left: 0, right: 100, top: 0, bottom: 100 };

const curve = (runId: string, values: readonly number[]): DrawnCurve => ({
  runId,
  color: `of ${runId}`,
  dash: 0,
  raw: bucketsOf(
    Float64Array.from(values, (_, at) => at),
    Float64Array.from(values),
    { min: 0, max: 10 },
    100,
  ),
});

describe('marks of values that are no numbers', () => {
  it('of several runs at one step stand on each other, each in its color, and name their run', () => {
    const marks = gapMarks(
      [curve('a', [1, nan, inf]), curve('b', [1, nan, -inf]), curve('c', [1, nan, inf])],
      mapping,
      area,
    );
    assert.deepEqual(
      marks.map(({ runId, color, glyph, x, y }) => [runId, color, glyph, x, y]),
      [
        ['a', 'of a', '▲', 20, 5],
        ['c', 'of c', '▲', 20, 14],
        ['a', 'of a', '×', 10, 95],
        ['b', 'of b', '▼', 20, 95],
        ['b', 'of b', '×', 10, 86],
        ['c', 'of c', '×', 10, 77],
      ],
    );
    assert.equal(markAt(marks, 12, 88)?.runId, 'b');
    assert.equal(markAt(marks, 12, 60), undefined);
  });

  it('of more runs than there is room for end with one that says so', () => {
    const marks = gapMarks(
      Array.from({ length: 9 }, (_, at) => curve(`r${at}`, [nan])),
      mapping,
      area,
    );
    assert.deepEqual(
      marks.map(({ glyph }) => glyph),
      ['×', '×', '⋮'],
    );
    assert.equal(gapMarks([curve('a', [nan])], mapping, { ...area, bottom: 6 }).length, 1);
    const three = gapMarks(
      ['a', 'b', 'c'].map((runId) => curve(runId, [nan])),
      mapping,
      area,
    );
    assert.ok(three.every(({ glyph }) => glyph === '×'));
  });

  it('of steps beside each other do not lie on each other either', () => {
    const close = { ...mapping, ax: 1 };
    const marks = gapMarks(
      [curve('a', [1, nan]), curve('b', [1, 1, nan]), curve('c', [1, 1, 1, 1, 1, 1, 1, 1, nan])],
      close,
      area,
    );
    assert.deepEqual(
      marks.map(({ x, y }) => [x, y]),
      [
        [1, 95],
        [8, 95],
        [2, 86],
      ],
    );
  });

  it('of one run are drawn once where they would lie on each other, and not outside of the chart', () => {
    const close = { ...mapping, ax: 1 };
    assert.equal(gapMarks([curve('a', [nan, nan])], close, area).length, 1);
    assert.deepEqual(gapMarks([curve('a', [nan])], { ...mapping, bx: -20 }, area), []);
  });
});
