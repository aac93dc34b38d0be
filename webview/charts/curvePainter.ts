import { type Buckets, bucketKind } from '../../src/shared/series/buckets';
import type { DrawnCurve, Mapping } from './drawnCurve';

export interface Look {
  /** px */
  readonly width: number;
  readonly highlight?: string | undefined;
  readonly highContrast: boolean;
}

/** Told apart from each other and from a solid line, in px drawn and left out. */
export const dashPatterns: readonly (readonly number[])[] = [
  [],
  [7, 4],
  [2, 3],
  [10, 3, 2, 3],
  [14, 5],
  [4, 6],
  [10, 3, 2, 3, 2, 3],
  [1, 5],
  [16, 3, 5, 3],
];

/** Few enough to be told apart as dots. */
const dotted = 12;
/** A line of more pieces than these is dashed by its x: following every zigzag takes a canvas too long. */
const mostDashed = 400;
const dotRadius = 2.5;

/** Paints curves onto a canvas: bands first, then faint lines, then strong ones, the highlighted one on top. */
export function paintCurves(
  context: CanvasRenderingContext2D,
  curves: readonly DrawnCurve[],
  mapping: Mapping,
  look: Look,
): void {
  const { highlight, highContrast } = look;
  const strength = (runId: string) => (highlight === undefined || highlight === runId ? 1 : 0.18);
  const ordered = [...curves].sort((a, b) => Number(a.runId === highlight) - Number(b.runId === highlight));
  context.lineJoin = 'round';
  for (const curve of ordered) {
    context.fillStyle = curve.color;
    context.globalAlpha = (curve.band ? 0.2 : highContrast ? 0.5 : 0.32) * strength(curve.runId);
    if (curve.band) fillBetween(context, curve.band.low, curve.band.high, mapping);
    else if (!curve.smooth) fillBuckets(context, curve.raw, mapping);
  }
  for (const curve of ordered) {
    context.strokeStyle = context.fillStyle = curve.color;
    if (curve.smooth) {
      context.globalAlpha = (highContrast ? 0.45 : 0.25) * strength(curve.runId);
      context.lineWidth = 1;
      fillBuckets(context, curve.raw, mapping);
      strokeLine(context, curve.raw, mapping, []);
    }
    context.globalAlpha = strength(curve.runId);
    context.lineWidth = curve.runId === highlight ? look.width + 1 : look.width;
    const line = curve.smooth ?? curve.raw;
    strokeLine(context, line, mapping, dashPatterns[curve.dash % dashPatterns.length] ?? []);
    paintDots(context, line, mapping);
  }
  context.globalAlpha = 1;
}

/** Pixel of a row's value; NaN where the axis cannot show it. */
export function pixelOfValue(value: number, { ay, by, logY }: Mapping): number {
  if (!logY) return value * ay + by;
  return value > 0 ? Math.log10(value) * ay + by : Number.NaN;
}

function strokeLine(context: CanvasRenderingContext2D, rows: Buckets, mapping: Mapping, dash: readonly number[]): void {
  const { x, lastX, first, last, kind } = rows;
  const { ax, bx } = mapping;
  const byX = dash.length > 0 && kind.length > mostDashed;
  context.setLineDash(byX ? [] : [...dash]);
  context.beginPath();
  let open = false;
  for (let row = 0; row < kind.length; row++) {
    const y = kind[row] === bucketKind.points ? pixelOfValue(last[row] ?? Number.NaN, mapping) : Number.NaN;
    if (Number.isNaN(y)) {
      open = false;
      continue;
    }
    const at = (lastX[row] ?? 0) * ax + bx;
    if (byX && open && !drawsAt(dash, at)) context.moveTo(at, y);
    else if (open) context.lineTo(at, y);
    else {
      const from = pixelOfValue(first[row] ?? Number.NaN, mapping);
      context.moveTo((x[row] ?? 0) * ax + bx, Number.isNaN(from) ? y : from);
      context.lineTo(at, y);
    }
    open = true;
  }
  context.stroke();
  context.setLineDash([]);
}

/** Whether a pattern of px, drawn and left out in turn, draws at a pixel. */
export function drawsAt(dash: readonly number[], pixel: number): boolean {
  let length = 0;
  for (const part of dash) length += part;
  let rest = ((pixel % length) + length) % length;
  for (let at = 0; at < dash.length; at++) {
    const part = dash[at] ?? 0;
    if (rest < part) return at % 2 === 0;
    rest -= part;
  }
  return true;
}

/** The area from the least values of some rows to the greatest of others, piece by piece between gaps. */
function fillBetween(context: CanvasRenderingContext2D, low: Buckets, high: Buckets, mapping: Mapping): void {
  context.beginPath();
  for (let from = 0; from < low.kind.length; ) {
    let end = from;
    while (end < low.kind.length && low.kind[end] === bucketKind.points && high.kind[end] === bucketKind.points) end++;
    if (end > from) outline(context, low, high, from, end, mapping);
    from = Math.max(end, from + 1);
  }
  context.fill();
}

function outline(
  context: CanvasRenderingContext2D,
  low: Buckets,
  high: Buckets,
  from: number,
  end: number,
  mapping: Mapping,
): void {
  const { ax, bx } = mapping;
  for (let row = from; row < end; row++) {
    const at = (high.lastX[row] ?? 0) * ax + bx;
    if (row === from) context.moveTo(at, orFloor(high.max[row], mapping));
    else context.lineTo(at, orFloor(high.max[row], mapping));
  }
  for (let row = end - 1; row >= from; row--)
    context.lineTo((low.lastX[row] ?? 0) * ax + bx, orFloor(low.min[row], mapping));
  context.closePath();
}

function orFloor(value: number | undefined, mapping: Mapping): number {
  const y = pixelOfValue(value ?? Number.NaN, mapping);
  return Number.isNaN(y) ? mapping.floor : y;
}

/** From the least value of each bucket to the greatest: columns, lest the tip of a spike is too thin to be seen. */
function fillBuckets(context: CanvasRenderingContext2D, rows: Buckets, mapping: Mapping): void {
  const { kind, count, lastX, min, max } = rows;
  const { ax, bx } = mapping;
  context.beginPath();
  let before = Number.NaN;
  for (let row = 0; row < kind.length; row++) {
    const at = (lastX[row] ?? 0) * ax + bx;
    const isPoints = kind[row] === bucketKind.points;
    if (isPoints && (count[row] ?? 0) > 1) {
      const left = Number.isNaN(before) ? at - 0.5 : Math.min(before + 0.5, at - 0.5);
      const top = pixelOfValue(max[row] ?? Number.NaN, mapping);
      if (!Number.isNaN(top)) context.rect(left, top, at + 0.5 - left, orFloor(min[row], mapping) - top);
    }
    before = isPoints ? at : Number.NaN;
  }
  context.fill();
}

/** Dots for points that no line would show, and for all points when there are few. */
function paintDots(context: CanvasRenderingContext2D, rows: Buckets, mapping: Mapping): void {
  const { kind, lastX, last } = rows;
  const few = kind.length <= dotted;
  const isDrawn = (row: number) =>
    row >= 0 &&
    row < kind.length &&
    kind[row] === bucketKind.points &&
    !Number.isNaN(pixelOfValue(last[row] ?? 0, mapping));
  context.beginPath();
  for (let row = 0; row < kind.length; row++) {
    if (!isDrawn(row) || !(few || (!isDrawn(row - 1) && !isDrawn(row + 1)))) continue;
    const x = (lastX[row] ?? 0) * mapping.ax + mapping.bx;
    const y = pixelOfValue(last[row] ?? 0, mapping);
    context.moveTo(x + dotRadius, y);
    context.arc(x, y, dotRadius, 0, 2 * Math.PI);
  }
  context.fill();
}

/** The curve nearest to a pixel, and how far off it is, straight up or down. */
export function nearestCurve(
  curves: readonly DrawnCurve[],
  mapping: Mapping,
  at: { readonly x: number; readonly y: number },
): { readonly runId: string; readonly distance: number } | undefined {
  const plotX = (at.x - mapping.bx) / mapping.ax;
  let best: { runId: string; distance: number } | undefined;
  for (const { runId, smooth, raw } of curves) {
    const distance = Math.abs(pixelAt(smooth ?? raw, plotX, mapping) - at.y);
    if (!Number.isNaN(distance) && (!best || distance < best.distance)) best = { runId, distance };
  }
  return best;
}

/** The pixel of a line at an x, on the way from the row before it to the row after it; NaN in gaps and outside. */
function pixelAt({ x, lastX, first, last }: Buckets, plotX: number, mapping: Mapping): number {
  let low = 0;
  let high = x.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((x[middle] ?? 0) <= plotX) low = middle + 1;
    else high = middle;
  }
  const [before, after] = [low - 1, low];
  const from = pixelOfValue(last[before] ?? Number.NaN, mapping);
  if (before >= 0 && plotX <= (lastX[before] ?? 0)) return from;
  const to = pixelOfValue(first[after] ?? Number.NaN, mapping);
  const part = (plotX - (lastX[before] ?? plotX)) / ((x[after] ?? plotX) - (lastX[before] ?? plotX) || 1);
  if (Number.isNaN(from) || Number.isNaN(to)) return nearEnd(x, lastX, plotX, mapping) ? orElse(from, to) : Number.NaN;
  return from + (to - from) * part;
}

/** A single point, and the ends of a line, are hit a few pixels beside them too. */
function nearEnd(x: Float64Array, lastX: Float64Array, plotX: number, { ax }: Mapping): boolean {
  const distance = Math.min(Math.abs((x[0] ?? 0) - plotX), Math.abs((lastX[lastX.length - 1] ?? 0) - plotX));
  return distance * Math.abs(ax) <= 8;
}

const orElse = (a: number, b: number) => (Number.isNaN(a) ? b : a);
