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
  const edges = { above: new Rows(most, area), below: new Rows(most, area) };
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

interface Row {
  readonly marks: GapMark[];
  /** For each pixel the number, from one, of the mark that is too close for another there; zero where there is room. */
  readonly near: Uint32Array;
}

/** Marks that do not lie on each other, from an edge inwards. Every frame asks for all of them anew. */
class Rows {
  private readonly rows: Row[] = [];
  private readonly width: number;
  /** For each pixel in how many rows there is no room. */
  private readonly taken: Uint16Array;

  constructor(
    private readonly most: number,
    private readonly area: Area,
  ) {
    this.width = Math.ceil(area.right) - Math.floor(area.left) + 1;
    this.taken = new Uint16Array(this.width);
  }

  get marks(): readonly GapMark[] {
    return this.rows.flatMap(({ marks }) => marks);
  }

  /** In the first row that has room; in the last one stands instead that there are more. */
  add(mark: Omit<GapMark, 'y'>, yOf: (row: number) => number): void {
    const pixel = mark.x - Math.floor(this.area.left);
    if ((this.taken[pixel] ?? 0) < this.most) {
      const free = this.rows.findIndex(({ near }) => near[pixel] === 0);
      const at = free >= 0 ? free : this.rows.length;
      this.put(this.rows[at] ?? this.newRow(), pixel, { ...mark, y: yOf(at) });
      return;
    }
    const last = this.rows.at(-1);
    const at = (last?.near[pixel] ?? 0) - 1;
    const there = last?.marks[at];
    if (last && there && there.glyph !== '⋮') last.marks[at] = { ...there, glyph: '⋮' };
  }

  private newRow(): Row {
    const row = { marks: [], near: new Uint32Array(this.width) };
    this.rows.push(row);
    return row;
  }

  /** Where two marks are too close, the earlier one is the near one. */
  private put({ marks, near }: Row, pixel: number, mark: GapMark): void {
    const number = marks.push(mark);
    const end = Math.min(this.width, pixel + slot);
    for (let at = Math.max(0, pixel - slot + 1); at < end; at++) {
      if (near[at] !== 0) continue;
      near[at] = number;
      this.taken[at] = (this.taken[at] ?? 0) + 1;
    }
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
