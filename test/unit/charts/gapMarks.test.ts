import assert from 'node:assert/strict';
import fc from 'fast-check';
import { bucketKind, bucketsOf } from '../../../src/shared/series/buckets';
import type { DrawnCurve, Mapping } from '../../../webview/charts/drawnCurve';
import { type GapMark, gapMarks, markAt } from '../../../webview/charts/gapMarks';

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

  it('are those of a rule that looks at every mark for each', () => {
    const value = fc.constantFrom(1, nan, inf, -inf);
    const curves = fc.array(fc.array(value, { maxLength: 40 }), { maxLength: 12 });
    const place = fc.record({
      ax: fc.double({ min: 0.5, max: 4, noNaN: true }),
      bottom: fc.integer({ min: 6, max: 140 }),
    });
    fc.assert(
      fc.property(curves, place, (values, { ax, bottom }) => {
        const drawn = values.map((list, at) => curve(`r${at}`, list));
        const close = { ...mapping, ax, bx: 0.3 };
        const inside = { ...area, bottom };
        assert.deepEqual(gapMarks(drawn, close, inside), patientMarks(drawn, close, inside));
      }),
    );
  });

  it('of a hundred runs that broke down half way take no time worth mentioning in a frame', () => {
    const wide = { left: 0, right: 1500, top: 0, bottom: 800 };
    const steps = Float64Array.from({ length: 1500 }, (_, at) => at);
    const values = steps.map((step) => (step < 750 ? 1 : nan));
    const raw = bucketsOf(steps, values, { min: 0, max: 1500 }, 1500);
    const drawn = Array.from({ length: 100 }, (_, at) => ({ runId: `r${at}`, color: '', dash: 0, raw }));
    // The best of several: what else the machine does is not measured.
    const times = Array.from({ length: 9 }, () => {
      const before = performance.now();
      assert.ok(gapMarks(drawn, { ...mapping, ax: 1 }, wide).length > 1_000);
      return performance.now() - before;
    });
    assert.ok(Math.min(...times) < 20, `${times} ms`);
  });
});

/** The same, without anything that makes it quick. */
function patientMarks(curves: readonly DrawnCurve[], { ax, bx }: Mapping, { left, right, top, bottom }: typeof area) {
  const most = Math.max(1, Math.floor((bottom - top) / 3 / 9));
  const glyphs = new Map<number, GapMark['glyph']>([
    [bucketKind.nan, '×'],
    [bucketKind.infinity, '▲'],
    [bucketKind.minusInfinity, '▼'],
  ]);
  const rows = { above: [] as GapMark[][], below: [] as GapMark[][] };
  for (const { raw, color, runId } of curves) {
    const before = new Map<string, number>();
    for (const [at, kind] of raw.kind.entries()) {
      const glyph = glyphs.get(kind);
      const x = Math.round((raw.x[at] ?? 0) * ax + bx);
      if (!glyph || raw.count[at] === 0 || x < left || x > right || x - (before.get(glyph) ?? -100) < 6) continue;
      before.set(glyph, x);
      const edge = glyph === '▲' ? rows.above : rows.below;
      const isNear = (mark: GapMark) => Math.abs(mark.x - x) < 6;
      const free = edge.findIndex((row) => !row.some(isNear));
      const row = free >= 0 ? free : edge.length;
      const y = glyph === '▲' ? top + 5 + row * 9 : bottom - 5 - row * 9;
      if (row < most) edge[row] = [...(edge[row] ?? []), { runId, color, glyph, x, y }];
      else {
        const last = edge.at(-1) ?? [];
        const there = last.find(isNear);
        edge[most - 1] = last.map((mark) => (mark === there ? { ...mark, glyph: '⋮' as const } : mark));
      }
    }
  }
  return [...rows.above.flat(), ...rows.below.flat()];
}
