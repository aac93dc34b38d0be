import type { ColumnId } from '../runs/column';
import { shortNumber } from '../series/format';
import { aggregate } from '../stats/aggregate';
import { histogramOf } from '../stats/histogram';
import type { ChartTable } from './chartTable';
import { type ColumnData, columnData, columnNotes, runs as runsText } from './columnData';
import { valueText } from './groups';
import type { ChartedRuns } from './runRows';

/** One side of a heat map: values themselves while they are few, bins of them when they are many. */
export interface HeatAxis {
  readonly column: ColumnData;
  readonly labels: readonly string[];
  /** Place of each row, -1 where it has none. */
  readonly places: Int32Array;
  /** Middles of numbers or bins; of categories their places. */
  readonly centers: Float64Array;
}

export interface HeatCell {
  readonly x: number;
  readonly y: number;
  /** Mean, least or largest value of its runs, or how many they are. */
  readonly value: number;
  readonly rows: readonly number[];
}

export interface HeatMap {
  readonly x: HeatAxis;
  readonly y: HeatAxis;
  readonly value: ColumnData;
  readonly cells: readonly HeatCell[];
  readonly notes: readonly string[];
}

export interface HeatSettings {
  readonly x: ColumnId;
  readonly y: ColumnId;
  readonly value: ColumnId;
  readonly aggregate?: 'mean' | 'min' | 'max' | 'count' | undefined;
}

const mostLabels = 40;
const mostBins = 24;

/** A value over two columns. Undefined when one of them names no column. */
export function heatMapOf(runs: ChartedRuns, settings: HeatSettings): HeatMap | undefined {
  const [first, second] = [columnData(runs, settings.x), columnData(runs, settings.y)];
  const value = columnData(runs, settings.value);
  if (!first || !second || !value) return undefined;
  const [x, y] = [heatAxis(first), heatAxis(second)];
  const cells = new Map<number, { readonly values: number[]; readonly rows: number[] }>();
  let unplaced = 0;
  for (const [at, row] of runs.rows.entries()) {
    const [px, py, number] = [x.places[at] ?? -1, y.places[at] ?? -1, value.values[at] ?? Number.NaN];
    const present = Number.isNaN(first.values[at]) || Number.isNaN(second.values[at]) ? 0 : 1;
    if (px < 0 || py < 0) unplaced += present;
    if (px < 0 || py < 0 || Number.isNaN(number)) continue;
    const key = py * x.labels.length + px;
    const cell = cells.get(key) ?? { values: [], rows: [] };
    cell.values.push(number);
    cell.rows.push(row);
    cells.set(key, cell);
  }
  const stat = settings.aggregate ?? 'mean';
  const made = [...cells].map(([key, { values, rows: members }]): HeatCell => {
    const width = x.labels.length;
    return { x: key % width, y: Math.floor(key / width), value: aggregate(values)[stat], rows: members };
  });
  const notes = [
    ...(unplaced > 0 ? [`${runsText(unplaced)} with rarer texts not shown`] : []),
    ...columnNotes([first, second, value]),
  ];
  return { x, y, value, cells: made.sort((a, b) => a.y - b.y || a.x - b.x), notes };
}

function heatAxis(column: ColumnData): HeatAxis {
  const distinct = [...new Set(column.values)].filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  if (column.kind === 'category' || distinct.length <= mostLabels) return axisOfValues(column, distinct);
  const { edges } = histogramOf(column.values, mostBins);
  const bins = edges.length - 1;
  const places = Int32Array.from(column.values, (value) => {
    if (Number.isNaN(value)) return -1;
    let bin = 0;
    while (bin < bins - 1 && value >= (edges[bin + 1] ?? 0)) bin++;
    return bin;
  });
  const text = (value: number) => (column.kind === 'time' ? valueText('time', value) : shortNumber(value));
  const labels = Array.from({ length: bins }, (_, at) => `${text(edges[at] ?? 0)} – ${text(edges[at + 1] ?? 0)}`);
  const centers = Float64Array.from({ length: bins }, (_, at) => (edges[at] ?? 0) / 2 + (edges[at + 1] ?? 0) / 2);
  return { column, labels, places, centers };
}

/** The most frequent ones when there are more than a picture can name. */
function axisOfValues(column: ColumnData, distinct: readonly number[]): HeatAxis {
  const counts = new Map<number, number>();
  for (const value of column.values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const kept = [...distinct]
    .sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0) || a - b)
    .slice(0, mostLabels)
    .sort((a, b) => a - b);
  const place = new Map(kept.map((value, at) => [value, at]));
  const label = (value: number) =>
    column.kind === 'category' ? (column.categories[value] ?? '') : valueText(column.kind, value);
  return {
    column,
    labels: kept.map(label),
    places: Int32Array.from(column.values, (value) => place.get(value) ?? -1),
    centers: Float64Array.from(kept, (value, at) => (column.kind === 'category' ? at : value)),
  };
}

export function heatMapTable({ x, y, value, cells }: HeatMap): ChartTable {
  return {
    columns: [x.column.label, y.column.label, value.label, 'runs'],
    rows: cells.map((cell) => [x.labels[cell.x], y.labels[cell.y], cell.value, cell.rows.length]),
  };
}
