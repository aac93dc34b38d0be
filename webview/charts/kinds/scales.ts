import type { Scale } from 'chart.js';
import type { ColumnData } from '../../../src/shared/charts/columnData';
import { placeOn } from '../../../src/shared/charts/parallel';
import { yBounds } from '../../../src/shared/series/bounds';
import { shortNumber, tickNumber } from '../../../src/shared/series/format';
import { logTicks } from '../../../src/shared/series/ticks';
import type { ChartColors } from '../../controls/theme';
import { xTick } from '../xText';

/** Options of one scale: chart.js's own type asks for every option, and differs for each type. */
export type AnyScale = Readonly<Record<string, unknown>>;

/** Letters of a text beside an axis. */
const longestTick = 22;

export const shortened = (text: string, most = longestTick) =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`;

export const fontOf = (colors: ChartColors) => ({ family: colors.font, size: colors.fontSize });

function titleOf(text: string, colors: ChartColors) {
  return {
    display: text !== '',
    text: shortened(text, 48),
    color: colors.foreground,
    font: fontOf(colors),
    padding: 2,
  };
}

/** An axis of a column: a log or even one for numbers, instants for times, texts at whole places. */
export function columnScale(column: ColumnData, log: boolean, colors: ChartColors, side: 'x' | 'y'): AnyScale {
  if (column.kind === 'category') return categoryScale(column.categories, column.label, colors, side);
  const bounds = yBounds(column.values, log);
  const span = bounds ? bounds.max - bounds.min : 0;
  const text = (value: number) => (column.kind === 'time' ? xTick(value, 'wall', span) : tickNumber(value, span));
  return numberScale({ title: column.label, log, colors, side, text, ...(bounds ? { bounds } : {}) });
}

const rounded = (value: number) => Number(value.toPrecision(10));

export function numberScale(options: {
  readonly title: string;
  readonly log: boolean;
  readonly colors: ChartColors;
  readonly side: 'x' | 'y';
  readonly bounds?: { readonly min: number; readonly max: number };
  readonly text?: (value: number) => string;
}): AnyScale {
  const { title, log, colors, side, bounds } = options;
  const text = options.text ?? ((value: number) => shortNumber(rounded(value)));
  return {
    type: log ? 'logarithmic' : 'linear',
    ...bounds,
    ...(log ? { afterBuildTicks: useLogTicks } : {}),
    title: titleOf(title, colors),
    border: { display: side === 'x', color: colors.border },
    grid: { color: colors.grid, drawTicks: false },
    ticks: {
      color: colors.muted,
      font: fontOf(colors),
      padding: 6,
      maxRotation: 0,
      autoSkipPadding: 14,
      maxTicksLimit: side === 'x' ? 9 : 6,
      includeBounds: false,
      callback: (value: string | number) => text(Number(value)),
    },
  };
}

/** Texts at whole places, half a place of air to either side: dots and cells stand on them as on numbers. */
export function categoryScale(
  labels: readonly string[],
  title: string,
  colors: ChartColors,
  side: 'x' | 'y',
): AnyScale {
  return {
    type: 'linear',
    // The matrix plug-in would turn its y axis round and push both inwards.
    offset: false,
    reverse: false,
    min: -0.5,
    max: Math.max(0.5, labels.length - 0.5),
    title: titleOf(title, colors),
    border: { display: side === 'x', color: colors.border },
    grid: { display: false },
    afterBuildTicks: (scale: Scale) => {
      scale.ticks = labels.map((_, value) => ({ value }));
    },
    ticks: {
      color: colors.muted,
      font: fontOf(colors),
      padding: 6,
      maxRotation: side === 'x' ? 40 : 0,
      autoSkip: true,
      autoSkipPadding: side === 'x' ? 8 : 4,
      callback: (value: string | number) => shortened(labels[Number(value)] ?? ''),
    },
  };
}

/** Those of chart.js begin at the axis' odd bounds. */
function useLogTicks(scale: Scale): void {
  scale.ticks = logTicks(scale.min, scale.max).map((value) => ({ value }));
}

/** Round values for an axis that is drawn by hand, with where each stands (0 … 1). */
export function ticksOn(axis: { readonly log: boolean; readonly min: number; readonly max: number }, most: number) {
  const values = axis.log ? logTicks(axis.min, axis.max) : evenTicks(axis.min, axis.max, most);
  return values.map((value) => ({ value, place: placeOn(axis, value) }));
}

function evenTicks(min: number, max: number, most: number): number[] {
  const rough = (max - min) / most;
  if (!(rough > 0) || !Number.isFinite(rough)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power;
  const ticks: number[] = [];
  for (let at = Math.ceil(min / step); at * step <= max && ticks.length <= most * 2; at++)
    ticks.push(Number((at * step).toPrecision(12)));
  return ticks;
}
