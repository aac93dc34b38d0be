import type { Column } from '../column';
import { type CellValue, cellValue, type RunTable } from '../runTable';

type Better = Readonly<Record<string, 'lower' | 'higher'>>;
export type MetricColumnId = Extract<Column, { kind: 'metric' }>;

/** The cells of the table that `best` and `bestStep` read, once it is known which is better. */
export function bestStat(better: 'lower' | 'higher', stat: 'best' | 'bestStep'): 'min' | 'max' | 'minStep' | 'maxStep' {
  if (stat === 'best') return better === 'lower' ? 'min' : 'max';
  return better === 'lower' ? 'minStep' : 'maxStep';
}

/** The value of any column; `best` is undefined as long as nobody said which is better. */
export function columnValue(table: RunTable, column: Column, row: number, better: Better): CellValue {
  if (column.kind !== 'metric' || (column.stat !== 'best' && column.stat !== 'bestStep'))
    return cellValue(table, column, row);
  const known = better[column.key];
  return known && table.stat(bestStat(known, column.stat), column.key).get(row);
}

/** Whether a column comes from the histories of its metric, which are read when it is looked at. */
export const isComputed = (column: Column): column is MetricColumnId =>
  column.kind === 'metric' && column.stat !== 'last' && column.stat !== 'step';

export const isNumeric = (column: Column): boolean =>
  column.kind === 'metric' || (column.kind === 'attribute' && column.key === 'duration');
