import assert from 'node:assert/strict';
import { type Mark, runInGroup } from '../../../webview/charts/kinds/picture';

const mark = (title: string, x: number): Mark => ({ x, y: 50, rx: 10, ry: 30, title, lines: () => [['runs', '2']] });
/** 0 … 10 from the bottom at 100 to the top at 0. */
const axis = { top: 0, bottom: 100, getPixelForValue: (value: number) => 100 - value * 10 };

describe('a run that is pointed at elsewhere', () => {
  const groups = [
    { rows: [4, 7], values: [2, 9] },
    { rows: [1, 3], values: [12, 0] },
  ];
  const marks = [mark('a', 30), mark('b', 80)];
  const placeOf = runInGroup(groups, marks, axis);

  it('stands at its own value, in the middle of its group', () => {
    const [four, seven] = [placeOf(4), placeOf(7)];
    assert.deepEqual([four?.x, four?.y, four?.rx, four?.title], [30, 80, undefined, 'a']);
    assert.deepEqual([seven?.x, seven?.y], [30, 10]);
    assert.deepEqual([placeOf(3)?.x, placeOf(3)?.y], [80, 100]);
  });

  it('is its whole group where the axis does not reach that far, and nothing where it is not drawn', () => {
    assert.equal(placeOf(1), marks[1]);
    assert.equal(placeOf(9), undefined);
    assert.equal(runInGroup(groups, marks, undefined)(4), undefined);
  });
});
