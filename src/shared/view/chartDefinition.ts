import { type ColumnId, parseColumnId } from '../runs/column';
import { isRecord } from './decode';
import { type CardSettings, decodeCard } from './lineSettings';

/** What a chart can be; media/schemas/chart.schema.json says the same for editors. */
export const chartKinds = [
  'line',
  'bar',
  'scatter',
  'bubble',
  'parallel',
  'box',
  'heatmap',
  'difference',
  'histogram',
  'images',
  'text',
] as const;
export type ChartKind = (typeof chartKinds)[number];

export const chartSizes = ['small', 'wide', 'large'] as const;
export type ChartSize = (typeof chartSizes)[number];

const errorBars = ['none', 'std', 'range'] as const;
const cellAggregates = ['mean', 'min', 'max', 'count'] as const;
const lineAxes = ['step', 'relative', 'wall'] as const;

/**
 * One chart that a person made. Flat, so that changing the kind keeps what both kinds have; a kind reads the settings
 * that `settingsOf` names for it. Columns are those of the runs table.
 */
export interface ChartDefinition {
  readonly version: 1;
  readonly id: string;
  readonly kind: ChartKind;
  /** Without one, the chart names itself after its columns. */
  readonly title?: string;
  /** Every run of the table as filtered, or those that are chosen for charts. */
  readonly runs: 'all' | 'chosen';
  readonly size: ChartSize;
  /** px, where a person dragged it. */
  readonly height?: number;
  readonly x?: ColumnId;
  readonly y?: ColumnId;
  readonly value?: ColumnId;
  readonly sizeBy?: ColumnId;
  readonly colorBy?: ColumnId;
  readonly groupBy?: ColumnId;
  readonly columns?: readonly ColumnId[];
  readonly logX?: boolean;
  readonly logY?: boolean;
  /** Axes of parallel coordinates that are logarithmic. */
  readonly logColumns?: readonly ColumnId[];
  readonly errorBars?: (typeof errorBars)[number];
  readonly aggregate?: (typeof cellAggregates)[number];
  /** Lines of equal value over a heat map of numbers. */
  readonly contour?: boolean;
  /** Difference in percent of the baseline. */
  readonly relative?: boolean;
  /** A run; without one the comparison's baseline or the first run. */
  readonly baseline?: string;
  readonly bins?: number;
  /** Of a line: a metric's key, or an expression such as `${val/loss} - ${loss}`. */
  readonly metric?: string;
  readonly expression?: string;
  readonly axis?: (typeof lineAxes)[number];
  /** Of a line: what else was set up of it. */
  readonly line?: CardSettings;
  /** Artifacts: a folder, a file, or a pattern with `*`. */
  readonly path?: string;
}

/** Charts of one board, and columns of one chart. */
export const mostCharts = 100;
export const mostColumns = 24;
export const mostBins = 200;
const longest = 2_000;
const heights = { least: 160, most: 1_600 };

/** Undefined for what is no chart; settings that do not fit are left out. Never throws. */
export function decodeChartDefinition(raw: unknown): ChartDefinition | undefined {
  if (!isRecord(raw)) return undefined;
  const kind = oneOf(raw.kind, chartKinds);
  if (!kind || (raw.version !== undefined && raw.version !== 1)) return undefined;
  const all: { readonly [Name in keyof ChartDefinition]-?: ChartDefinition[Name] | undefined } = {
    version: 1,
    id: shortText(raw.id) ?? '',
    kind,
    title: shortText(raw.title),
    runs: raw.runs === 'chosen' ? 'chosen' : 'all',
    size: oneOf(raw.size, chartSizes) ?? 'small',
    height: whole(raw.height, heights.least, heights.most),
    x: column(raw.x),
    y: column(raw.y),
    value: column(raw.value),
    sizeBy: column(raw.sizeBy),
    colorBy: column(raw.colorBy),
    groupBy: column(raw.groupBy),
    columns: columns(raw.columns),
    logX: flag(raw.logX),
    logY: flag(raw.logY),
    logColumns: columns(raw.logColumns),
    errorBars: oneOf(raw.errorBars, errorBars),
    aggregate: oneOf(raw.aggregate, cellAggregates),
    contour: flag(raw.contour),
    relative: flag(raw.relative),
    baseline: shortText(raw.baseline),
    bins: whole(raw.bins, 1, mostBins),
    metric: shortText(raw.metric),
    expression: shortText(raw.expression),
    axis: oneOf(raw.axis, lineAxes),
    line: isRecord(raw.line) ? decodeCard(raw.line) : undefined,
    path: shortText(raw.path),
  };
  const known = Object.entries(all).filter(([, value]) => value !== undefined);
  // The entries are those of `all`, with what is undefined left out, as exact optional properties want it.
  return Object.fromEntries(known) as unknown as ChartDefinition;
}

/** A board: ids are made unique, what is no chart is left out. */
export function decodeBoard(raw: unknown): readonly ChartDefinition[] {
  if (!Array.isArray(raw)) return [];
  const seen = new Set<string>();
  return raw.slice(0, mostCharts).flatMap((item, at) => {
    const chart = decodeChartDefinition(item);
    if (!chart) return [];
    let id = chart.id || `chart-${at + 1}`;
    while (seen.has(id)) id = `${id}-2`;
    seen.add(id);
    return [{ ...chart, id }];
  });
}

const oneOf = <T extends string>(value: unknown, known: readonly T[]) => known.find((item) => item === value);
const shortText = (value: unknown) =>
  typeof value === 'string' && value !== '' && value.length <= longest ? value : undefined;
const flag = (value: unknown) => (value === true ? true : undefined);
const column = (value: unknown) => {
  const id = shortText(value);
  return id !== undefined && parseColumnId(id) ? id : undefined;
};

function columns(value: unknown): readonly ColumnId[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return [...new Set(value.flatMap((item) => column(item) ?? []))].slice(0, mostColumns);
}

function whole(value: unknown, least: number, most: number): number | undefined {
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
  return Math.min(most, Math.max(least, Math.round(value)));
}
