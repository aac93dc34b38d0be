import { isInstant } from '../instant';
import type { ColumnId } from '../runs/column';
import type { ChartTable } from './chartTable';
import { type ColumnData, columnData, columnNotes, notPositive, usableOn } from './columnData';
import { valueText } from './groups';
import { type ChartedRuns, runName } from './runRows';

export interface ScatterPoint {
  /** Of the table. */
  readonly row: number;
  /** Place in the rows, and so in the columns. */
  readonly at: number;
  readonly x: number;
  readonly y: number;
  /** 0 … 1, of the range of `size`; 0.5 where all are equal or none is asked for. */
  readonly size: number;
}

export interface Scatter {
  readonly points: readonly ScatterPoint[];
  readonly x: ColumnData;
  readonly y: ColumnData;
  readonly size?: ColumnData;
  readonly color?: ColumnData;
  readonly notes: readonly string[];
}

export interface ScatterSettings {
  readonly x: ColumnId;
  readonly y: ColumnId;
  readonly sizeBy?: ColumnId | undefined;
  readonly colorBy?: ColumnId | undefined;
  readonly logX?: boolean | undefined;
  readonly logY?: boolean | undefined;
}

/** One point a run that has both values (and a size). Undefined when x or y names no column. */
export function scatterOf(runs: ChartedRuns, settings: ScatterSettings): Scatter | undefined {
  const x = columnData(runs, settings.x);
  const y = columnData(runs, settings.y);
  if (!x || !y) return undefined;
  const optional = (id: ColumnId | undefined) => (id === undefined ? undefined : columnData(runs, id));
  const [size, color] = [optional(settings.sizeBy), optional(settings.colorBy)];
  const [logX, logY] = [settings.logX === true && x.kind === 'number', settings.logY === true && y.kind === 'number'];
  const scale = size && unitScale(size.values);
  const points = runs.rows.flatMap((row, at): ScatterPoint[] => {
    const [px, py, ps] = [x.values[at], y.values[at], size?.values[at]];
    if (!usableOn(px, logX) || !usableOn(py, logY) || (size && Number.isNaN(ps))) return [];
    return [{ row, at, x: px, y: py, size: scale ? scale(ps ?? Number.NaN) : 0.5 }];
  });
  const notes = [...columnNotes([x, y, size, color]), ...(logX ? notPositive(x) : []), ...(logY ? notPositive(y) : [])];
  return { points, x, y, notes, ...(size ? { size } : {}), ...(color ? { color } : {}) };
}

/** Values as 0 … 1 between the least and the largest; 0.5 where there is but one value. */
export function unitScale(values: Float64Array): (value: number) => number {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  // Halved first: the range of two doubles may be infinite.
  const span = max / 2 - min / 2;
  return (value) => (span > 0 ? Math.min(1, Math.max(0, (value / 2 - min / 2) / span)) : 0.5);
}

/** A cell of a column as text, in full; empty where nothing is. */
export function cellOf(column: ColumnData | undefined, at: number): string | number | undefined {
  const value = column?.values[at];
  if (!column || value === undefined || Number.isNaN(value)) return undefined;
  if (column.kind === 'category') return column.categories[value];
  return column.kind === 'time' && isInstant(value) ? new Date(value).toISOString() : value;
}

/** As `cellOf`, for people. */
export function cellText(column: ColumnData, at: number): string {
  const value = column.values[at] ?? Number.NaN;
  if (column.kind === 'category') return column.categories[value] ?? '–';
  return Number.isNaN(value) ? '–' : valueText(column.kind, value);
}

export function scatterTable({ table }: ChartedRuns, { points, x, y, size, color }: Scatter): ChartTable {
  const columns = [x, y, size, color].filter((column) => column !== undefined);
  return {
    columns: ['Run', 'Run ID', ...columns.map(({ label }) => label)],
    rows: points.map(({ row, at }) => [
      runName(table, row),
      table.head(row).runId,
      ...columns.map((column) => cellOf(column, at)),
    ]),
  };
}
