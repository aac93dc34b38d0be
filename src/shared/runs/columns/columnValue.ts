import type { RunsView } from '../../view/runsView';
import { cellReader } from '../cellReader';
import type { Column } from '../column';
import type { CellValue, RunTable } from '../runTable';

/** The value of any column in one row; for many rows see `cellReader`. */
export const columnValue = (table: RunTable, column: Column, row: number, better: RunsView['better']): CellValue =>
  cellReader(table, column, better)(row);

/** Whether a column comes from the histories of its metric, which are read when it is looked at. */
export const isComputed = (column: Column): boolean =>
  column.kind === 'metric' && column.stat !== 'last' && column.stat !== 'step';

export const isNumeric = (column: Column): boolean =>
  column.kind === 'metric' || (column.kind === 'attribute' && column.key === 'duration');
