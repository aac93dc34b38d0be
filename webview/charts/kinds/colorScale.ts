import type { ColumnData } from '../../../src/shared/charts/columnData';
import { valueText } from '../../../src/shared/charts/groups';
import { unitScale } from '../../../src/shared/charts/scatter';
import { runColorCount } from '../../../src/shared/runColor';
import { shortNumber } from '../../../src/shared/series/format';
import type { ChartColors } from '../../controls/theme';
import type { LegendItem } from './picture';
import { shortened } from './scales';

/** Shades of a range: few enough that marks of one shade are drawn together. */
const shades = 12;
const mostInLegend = 12;

/** Colours by a column. */
export interface ColorScale {
  /** Undefined where the row has no value. */
  of(at: number): string | undefined;
  readonly legend: readonly LegendItem[];
}

/** A range of two colours for numbers, from cold to warm; the colours of runs, in turn, for texts. */
export function colorScale(column: ColumnData, colors: ChartColors): ColorScale {
  return column.kind === 'category' ? ofTexts(column, colors) : ofNumbers(column, colors);
}

function ofTexts({ values, categories }: ColumnData, colors: ChartColors): ColorScale {
  const palette = Array.from({ length: runColorCount }, (_, at) => colors.run(at + 1));
  const color = (place: number) => palette[place % runColorCount] ?? colors.foreground;
  const named = categories.slice(0, mostInLegend).map((label, at) => ({ label: shortened(label), color: color(at) }));
  const rest = categories.length - named.length;
  return {
    of: (at) => (Number.isNaN(values[at]) ? undefined : color(values[at] ?? 0)),
    legend: rest > 0 ? [...named, { label: `and ${rest} more`, color: 'transparent' }] : named,
  };
}

function ofNumbers({ values, kind }: ColumnData, colors: ChartColors): ColorScale {
  const palette = Array.from({ length: shades }, (_, at) => warmth(at / (shades - 1), colors));
  const scale = unitScale(values);
  const finite = values.filter((value) => !Number.isNaN(value));
  const text = (value: number) => (kind === 'time' ? valueText(kind, value) : shortNumber(value));
  const end = (value: number, place: number) => ({ label: text(value), color: palette[place] ?? colors.foreground });
  const [min, max] = [
    finite.reduce((a, b) => Math.min(a, b), Infinity),
    finite.reduce((a, b) => Math.max(a, b), -Infinity),
  ];
  return {
    of: (at) => {
      const value = values[at] ?? Number.NaN;
      return Number.isNaN(value) ? undefined : palette[Math.min(shades - 1, Math.floor(scale(value) * shades))];
    },
    legend:
      finite.length === 0
        ? []
        : min === max
          ? [end(min, 6)]
          : [end(min, 0), end(min / 2 + max / 2, 6), end(max, shades - 1)],
  };
}

/** Through other hues rather than through grey. */
const warmth = (part: number, { low, high }: ChartColors) =>
  `color-mix(in oklch, ${high} ${Math.round(part * 100)}%, ${low})`;

/** How strong a value is: from a little of one colour to all of it. */
export function strength(part: number, { low, background }: ChartColors): string {
  return `color-mix(in oklab, ${low} ${Math.round(18 + part * 82)}%, ${background})`;
}
