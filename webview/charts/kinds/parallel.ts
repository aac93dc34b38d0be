import { type Brush, brushesIn } from '../../../src/shared/charts/brush';
import { runs as runsText } from '../../../src/shared/charts/columnData';
import {
  type Parallel,
  type ParallelAxis,
  parallelOf,
  parallelTable,
  placeOn,
} from '../../../src/shared/charts/parallel';
import { runName } from '../../../src/shared/charts/runRows';
import { cellText } from '../../../src/shared/charts/scatter';
import { spanAt } from '../../../src/shared/charts/spanText';
import { count, shortNumber } from '../../../src/shared/series/format';
import { type ChartColors, mixed } from '../../controls/theme';
import { xTick } from '../xText';
import { type ColorScale, colorScale } from './colorScale';
import type { AxisPlace, ParallelPicture } from './parallelPicture';
import { type Drawn, emptyPicture, type KindInput, type Mark, type Picture } from './picture';
import { shortened, ticksOn } from './scales';
import { contextOf, type Surface } from './surface';

/** Room around the axes, CSS pixels. */
const room = { top: 40, bottom: 14, left: 56, right: 40 };

/**
 * A line a run across its params and metrics. Drawn by hand: of chart.js's plugin for it each crossing is an object,
 * which makes 10,000 runs take seconds, and it knows neither texts nor runs without a value.
 */
export function parallelPicture(input: KindInput): Picture | ParallelPicture {
  const { chart, runs, colors, filter } = input;
  const columns = chart.columns ?? [];
  if (columns.length < 2) return emptyPicture('Parallel coordinates', 'Choose at least two axes.');
  const data = parallelOf(runs, { ...chart, columns });
  const title = data.axes.map(({ column }) => column.label).join(' · ');
  if (data.drawn.length === 0)
    return emptyPicture(title, 'No run has values on two axes beside each other.', data.notes);
  const scale = data.color && colorScale(data.color, colors);
  const kept = data.drawn.filter(inBrushes(data.axes, filter));
  const dimmed = data.drawn.length - kept.length;
  return {
    title,
    data,
    summary: `Parallel coordinates of ${runsText(kept.length)} over ${data.axes.map(({ column }) => spanAt(column, kept)).join(', ')}`,
    notes: [
      ...(dimmed > 0 ? [`${count(kept.length)} of ${runsText(data.drawn.length)} in the filter`] : []),
      ...data.notes,
    ],
    table: parallelTable(runs, { ...data, drawn: kept }),
    legend: scale?.legend ?? [],
    axisPlaces: (width, height) => axisPlaces(data.axes, width, height),
    draw: (surface) => draw(surface, data, kept, scale, input),
  };
}

/** Whether a row is within every brush of the filter; a row without a value is in none. */
function inBrushes(axes: readonly ParallelAxis[], filter: string): (at: number) => boolean {
  const tests = brushesIn(filter).flatMap(({ column, brush }) => {
    const axis = axes.find(({ column: { id } }) => id === column);
    return axis ? [(at: number) => isInside(axis, at, brush)] : [];
  });
  return (at) => tests.every((test) => test(at));
}

function isInside({ column }: ParallelAxis, at: number, brush: Brush): boolean {
  const value = column.values[at] ?? Number.NaN;
  if (brush.kind === 'range') return column.kind !== 'category' && value >= brush.min && value <= brush.max;
  const text = column.kind === 'category' ? column.categories[value] : String(value);
  return text !== undefined && brush.texts.includes(text);
}

function axisPlaces(axes: readonly ParallelAxis[], width: number, height: number): AxisPlace[] {
  const stride = (width - room.left - room.right) / Math.max(1, axes.length - 1);
  return axes.map((axis, at) => ({ axis, x: room.left + at * stride, top: room.top, bottom: height - room.bottom }));
}

type Point = readonly [x: number, y: number];

function draw(
  surface: Surface,
  data: Parallel,
  kept: readonly number[],
  scale: ColorScale | undefined,
  input: KindInput,
): Drawn {
  const { colors, colorOf, runs } = input;
  const ctx = contextOf(surface);
  const places = axisPlaces(data.axes, surface.width, surface.height);
  const rowAt = (at: number) => runs.rows[at] ?? 0;
  if (ctx) {
    ctx.clearRect(0, 0, surface.width, surface.height);
    const keptSet = new Set(kept);
    const dimmed = data.drawn.filter((at) => !keptSet.has(at));
    strokeLines(ctx, places, dimmed, mixed(colors.foreground, dimmed.length > 200 ? 7 : 14), 1);
    const strong = kept.length > 2_000 ? 35 : kept.length > 200 ? 60 : 90;
    for (const [color, members] of byColor(kept, (at) => (scale ? (scale.of(at) ?? colors.muted) : colorOf(rowAt(at)))))
      strokeLines(ctx, places, members, mixed(color, strong), kept.length > 200 ? 1 : 1.5);
    for (const place of places) drawAxis(ctx, place, colors, input.filter);
  }
  return {
    marks: kept.map((at) => markOf(at, rowAt(at), places, data, input)),
    nearest: (x, y) => nearestLine(x, y),
    dispose: () => undefined,
  };

  function nearestLine(x: number, y: number): Mark | undefined {
    const at = nearestTo(places, kept, x, y);
    return at === undefined ? undefined : { ...markOf(at, rowAt(at), places, data, input), x, y };
  }
}

/** px that a pointer may be off a line. */
const reach = 8;

/** The run whose line between the two axes around x is nearest. */
function nearestTo(places: readonly AxisPlace[], kept: readonly number[], x: number, y: number): number | undefined {
  const right = Math.max(
    1,
    places.findIndex((place) => place.x >= x),
  );
  const [a, b] = [places[right - 1], places[right]];
  if (!a || !b || x < a.x - reach || x > b.x + reach) return undefined;
  const [part, height] = [(x - a.x) / (b.x - a.x), a.bottom - a.top];
  let [best, least]: [number | undefined, number] = [undefined, reach];
  for (const at of kept) {
    const [from, to] = [a.axis.places[at] ?? Number.NaN, b.axis.places[at] ?? Number.NaN];
    const above = a.bottom - (from + (to - from) * part) * height - y;
    // Steep lines are nearer than they are high above the pointer.
    const distance = Math.abs(above) / Math.hypot(1, ((to - from) * height) / (b.x - a.x));
    if (distance < least) [best, least] = [at, distance];
  }
  return best;
}

/** Runs of points without a gap. */
function crossings(places: readonly AxisPlace[], at: number): Point[][] {
  const parts: Point[][] = [[]];
  for (const { axis, x, top, bottom } of places) {
    const place = axis.places[at] ?? Number.NaN;
    if (Number.isNaN(place)) parts.push([]);
    else parts.at(-1)?.push([x, bottom - place * (bottom - top)]);
  }
  return parts;
}

/** Lines of one path: one stroke costs as much as one line, but SVG paths are built faster when they are not too long. */
const linesOfPath = 100;

function strokeLines(
  ctx: CanvasRenderingContext2D,
  places: readonly AxisPlace[],
  members: readonly number[],
  color: string,
  width: number,
): void {
  ctx.strokeStyle = color;
  ctx.lineWidth = width;
  ctx.lineJoin = 'round';
  for (let from = 0; from < members.length; from += linesOfPath) {
    ctx.beginPath();
    for (const at of members.slice(from, from + linesOfPath))
      for (const part of crossings(places, at))
        for (const [place, [x, y]] of part.entries()) {
          if (place === 0) ctx.moveTo(x, y);
          else ctx.lineTo(x, y);
        }
    ctx.stroke();
  }
}

function byColor(members: readonly number[], colorOf: (at: number) => string): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const at of members) {
    const color = colorOf(at);
    const list = found.get(color);
    if (list) list.push(at);
    else found.set(color, [at]);
  }
  return found;
}

function drawAxis(
  ctx: CanvasRenderingContext2D,
  { axis, x, top, bottom }: AxisPlace,
  colors: ChartColors,
  filter: string,
): void {
  ctx.strokeStyle = colors.border;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(x, top);
  ctx.lineTo(x, bottom);
  ctx.stroke();
  ctx.font = `${colors.fontSize}px ${colors.font}`;
  ctx.textAlign = 'right';
  ctx.textBaseline = 'middle';
  for (const { text, place } of axisTicks(axis, bottom - top)) {
    const y = bottom - place * (bottom - top);
    ctx.fillStyle = mixed(colors.background, 75);
    const { width } = ctx.measureText(text);
    ctx.fillRect(x - 8 - width, y - 7, width + 3, 14);
    ctx.fillStyle = colors.muted;
    ctx.fillText(text, x - 6, y);
    ctx.fillRect(x - 3, y - 0.5, 3, 1);
  }
  ctx.fillStyle = colors.foreground;
  ctx.textAlign = 'center';
  ctx.fillText(shortened(axis.column.label, 18), x, top - 24);
  drawBrush(ctx, { axis, x, top, bottom }, colors, filter);
}

function axisTicks(axis: ParallelAxis, height: number): { readonly text: string; readonly place: number }[] {
  const { column } = axis;
  if (column.kind === 'category') {
    const stride = Math.ceil(column.categories.length / Math.max(1, height / 16));
    return column.categories
      .map((text, at) => ({ text: shortened(text, 12), place: placeOn(axis, at) }))
      .filter((_, at) => at % stride === 0);
  }
  const span = axis.max - axis.min;
  return ticksOn(axis, 5).map(({ value, place }) => ({
    text: column.kind === 'time' ? xTick(value, 'wall', span) : shortNumber(value),
    place,
  }));
}

/** What the filter keeps of the axis, as a box on it. */
function drawBrush(
  ctx: CanvasRenderingContext2D,
  { axis, x, top, bottom }: AxisPlace,
  colors: ChartColors,
  filter: string,
): void {
  const found = brushesIn(filter).find(({ column }) => column === axis.column.id);
  if (!found) return;
  const y = (place: number) => bottom - Math.min(1, Math.max(0, place)) * (bottom - top);
  ctx.fillStyle = mixed(colors.foreground, 22);
  ctx.strokeStyle = colors.foreground;
  for (const [low, high] of brushSpans(axis, found.brush)) {
    ctx.fillRect(x - 6, y(high), 12, y(low) - y(high));
    ctx.strokeRect(x - 6, y(high), 12, y(low) - y(high));
  }
}

/** From where to where a brush reaches on an axis, 0 … 1. */
function brushSpans(axis: ParallelAxis, brush: Brush): (readonly [low: number, high: number])[] {
  if (brush.kind === 'range') {
    const [low, high] = [Math.max(axis.min, brush.min), Math.min(axis.max, brush.max)];
    return low <= high ? [[placeOn(axis, low), placeOn(axis, high)]] : [];
  }
  return brush.texts.flatMap((text) => {
    const at = axis.column.categories.indexOf(text);
    return at < 0 ? [] : [[placeOn(axis, at - 0.4), placeOn(axis, at + 0.4)] as const];
  });
}

const pathOf = (part: readonly Point[]) =>
  part.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');

function markOf(
  at: number,
  row: number,
  places: readonly AxisPlace[],
  { axes, color }: Parallel,
  { runs }: KindInput,
): Mark {
  const columns = [
    ...axes.map(({ column }) => column),
    ...(color && !axes.some(({ column }) => column.id === color.id) ? [color] : []),
  ];
  const last = crossings(places, at).flat().at(-1) ?? [0, 0];
  return {
    x: last[0],
    y: last[1],
    path: () => crossings(places, at).map(pathOf).join(''),
    row,
    title: runName(runs.table, row),
    lines: () => columns.map((column) => [column.label, cellText(column, at)]),
  };
}
