import type { ColumnId } from '../runs/column';
import type { ChartTable } from './chartTable';
import { type ColumnData, columnData, columnNotes, notPositive } from './columnData';
import { type ChartedRuns, runName } from './runRows';
import { cellOf } from './scatter';

export interface ParallelAxis {
  readonly column: ColumnData;
  readonly log: boolean;
  /** What the axis spans; of categories half a place to either side. */
  readonly min: number;
  readonly max: number;
  /** Where each row crosses it, 0 (bottom) … 1; NaN where it has no value. */
  readonly places: Float64Array;
}

export interface Parallel {
  readonly axes: readonly ParallelAxis[];
  readonly color?: ColumnData;
  /** Places in the rows of those that cross two axes beside each other. */
  readonly drawn: readonly number[];
  readonly notes: readonly string[];
}

export interface ParallelSettings {
  readonly columns: readonly ColumnId[];
  readonly logColumns?: readonly ColumnId[] | undefined;
  readonly colorBy?: ColumnId | undefined;
}

/** One line a run over the axes; a run without a value has a gap there, which is counted. */
export function parallelOf(runs: ChartedRuns, settings: ParallelSettings): Parallel {
  const axes = settings.columns.flatMap((id): ParallelAxis[] => {
    const column = columnData(runs, id);
    return column ? [axisOf(column, settings.logColumns?.includes(id) === true)] : [];
  });
  const color = settings.colorBy === undefined ? undefined : columnData(runs, settings.colorBy);
  const drawn = runs.rows.flatMap((_, at) => (crossesTwo(axes, at) ? [at] : []));
  const notes = [
    ...columnNotes([...axes.map(({ column }) => column), color]),
    ...axes.flatMap(({ column, log }) => (log ? notPositive(column) : [])),
  ];
  return { axes, drawn, notes, ...(color ? { color } : {}) };
}

function crossesTwo(axes: readonly ParallelAxis[], at: number): boolean {
  return axes.some((axis, place) => {
    const next = axes[place + 1];
    return next !== undefined && !Number.isNaN(axis.places[at]) && !Number.isNaN(next.places[at]);
  });
}

function axisOf(column: ColumnData, wantsLog: boolean): ParallelAxis {
  const log = wantsLog && column.kind === 'number' && column.values.some((value) => value > 0);
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of column.values) {
    if (log && value <= 0) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (column.kind === 'category') [min, max] = [-0.5, column.categories.length - 0.5];
  else if (min > max) [min, max] = [0, 1];
  else if (min === max)
    [min, max] = log ? [min / 2, max * 2] : [min - (Math.abs(min) / 10 || 1), max + (Math.abs(max) / 10 || 1)];
  const axis = { column, log, min, max };
  return { ...axis, places: column.values.map((value) => placeOn(axis, value)) };
}

type Span = Pick<ParallelAxis, 'log' | 'min' | 'max'>;

/** Where a value stands, 0 … 1 inside the axis; NaN for what the axis cannot show. */
export function placeOn({ log, min, max }: Span, value: number): number {
  if (Number.isNaN(value) || (log && value <= 0)) return Number.NaN;
  // The quotient of the largest and the least doubles is none.
  if (log) return (Math.log(value) - Math.log(min)) / (Math.log(max) - Math.log(min));
  return (value / 2 - min / 2) / (max / 2 - min / 2);
}

/** The value at a place. */
export function valueOn({ log, min, max }: Span, place: number): number {
  return log ? min ** (1 - place) * max ** place : min * (1 - place) + max * place;
}

export function parallelTable({ table, rows }: ChartedRuns, { axes, drawn }: Parallel): ChartTable {
  return {
    columns: ['Run', 'Run ID', ...axes.map(({ column }) => column.label)],
    rows: drawn.map((at) => {
      const row = rows[at] ?? 0;
      return [runName(table, row), table.head(row).runId, ...axes.map(({ column }) => cellOf(column, at))];
    }),
  };
}
