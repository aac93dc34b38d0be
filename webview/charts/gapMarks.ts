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
  const stacks = new Map<string, GapMark[]>();
  for (const { raw, color, runId } of curves)
    for (let row = 0; row < raw.kind.length; row++) {
      const glyph = glyphOf(raw.kind[row]);
      if (!glyph || raw.count[row] === 0) continue;
      const x = Math.round((raw.x[row] ?? 0) * ax + bx);
      if (x < Math.floor(left) || x > Math.ceil(right)) continue;
      const place = `${glyph === '▲'} ${Math.round(x / slot)}`;
      const stack = stacks.get(place) ?? [];
      if (stack.length === 0) stacks.set(place, stack);
      if (stack.length >= most) {
        const last = stack[most - 1];
        if (last && last.runId !== runId) stack[most - 1] = { ...last, glyph: '⋮' };
      } else if (!stack.some((mark) => mark.runId === runId && mark.glyph === glyph)) {
        const offset = 5 + stack.length * rowHeight;
        stack.push({ runId, color, glyph, x: stack[0]?.x ?? x, y: glyph === '▲' ? top + offset : bottom - offset });
      }
    }
  return [...stacks.values()].flat();
}

/** The mark that a pointer is on. */
export function markAt(marks: readonly GapMark[], x: number, y: number): GapMark | undefined {
  return marks.find((mark) => Math.abs(mark.x - x) <= slot && Math.abs(mark.y - y) <= rowHeight / 2);
}

function glyphOf(kind: number | undefined): GapMark['glyph'] | undefined {
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
