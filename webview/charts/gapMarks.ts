import { bucketKind } from '../../src/shared/series/buckets';
import type { DrawnCurve, Mapping } from './drawnCurve';

/** A value that is no number, at the edge of a chart. */
export interface GapMark {
  readonly runId: string;
  readonly color: string;
  /** The last is that of runs for whose marks there is no room. */
  readonly glyph: '×' | '▲' | '▼' | '⋮';
  /** Pixels of the middle. */
  readonly x: number;
  readonly y: number;
}

interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** px: marks closer than this would lie on each other. */
const slot = 6;
const rowHeight = 9;

/** × where a value is NaN, ▲ and ▼ where it is infinite: those of several runs at one place stand on each other. */
export function gapMarks(curves: readonly DrawnCurve[], { ax, bx }: Mapping, area: Area): readonly GapMark[] {
  const { left, right, top, bottom } = area;
  const most = Math.max(1, Math.floor((bottom - top) / 3 / rowHeight));
  const edges = { above: new Rows(most), below: new Rows(most) };
  for (const { raw, color, runId } of curves) {
    const before = { '×': Number.NEGATIVE_INFINITY, '▲': Number.NEGATIVE_INFINITY, '▼': Number.NEGATIVE_INFINITY };
    for (let row = 0; row < raw.kind.length; row++) {
      const glyph = glyphOf(raw.kind[row]);
      if (!glyph || raw.count[row] === 0) continue;
      const x = Math.round((raw.x[row] ?? 0) * ax + bx);
      if (x < Math.floor(left) || x > Math.ceil(right) || x - before[glyph] < slot) continue;
      before[glyph] = x;
      const offset = (at: number) => 5 + at * rowHeight;
      if (glyph === '▲') edges.above.add({ runId, color, glyph, x }, (at) => top + offset(at));
      else edges.below.add({ runId, color, glyph, x }, (at) => bottom - offset(at));
    }
  }
  return [...edges.above.marks, ...edges.below.marks];
}

/** Marks that do not lie on each other, from an edge inwards. */
class Rows {
  private readonly rows: GapMark[][];

  constructor(most: number) {
    this.rows = Array.from({ length: most }, () => []);
  }

  get marks(): readonly GapMark[] {
    return this.rows.flat();
  }

  /** In the first row that has room; in the last one stands instead that there are more. */
  add(mark: Omit<GapMark, 'y'>, yOf: (row: number) => number): void {
    const near = (row: readonly GapMark[]) => row.findIndex(({ x }) => Math.abs(x - mark.x) < slot);
    const free = this.rows.findIndex((row) => near(row) < 0);
    if (free >= 0) {
      this.rows[free]?.push({ ...mark, y: yOf(free) });
      return;
    }
    const last = this.rows.at(-1) ?? [];
    const at = near(last);
    const there = last[at];
    if (there) last[at] = { ...there, glyph: '⋮' };
  }
}

/** The mark that a pointer is on. */
export function markAt(marks: readonly GapMark[], x: number, y: number): GapMark | undefined {
  return marks.find((mark) => Math.abs(mark.x - x) <= slot && Math.abs(mark.y - y) <= rowHeight / 2);
}

function glyphOf(kind: number | undefined): Exclude<GapMark['glyph'], '⋮'> | undefined {
  switch (kind) {
    case bucketKind.nan:
      return '×';
    case bucketKind.infinity:
      return '▲';
    case bucketKind.minusInfinity:
      return '▼';
    default:
      return undefined;
  }
}
