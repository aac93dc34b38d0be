import type { RunsView, TableView } from '../view/runsView';
import { cellReader, numberOfText } from './cellReader';
import type { Column } from './column';
import type { RunTable } from './runTable';

/**
 * One number for the cells that rows have in a column. NaN and missing cells are left out; params and tags count as
 * numbers where all of them are. `count` is how many cells there are, of any kind. Undefined where there is nothing.
 */
export function aggregateOf(
  table: RunTable,
  column: Column,
  rows: readonly number[],
  aggregate: TableView['aggregate'],
  better: RunsView['better'] = {},
): number | undefined {
  const read = cellReader(table, column, better);
  let count = 0;
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    const cell = read(row);
    if (cell === undefined || Number.isNaN(cell)) continue;
    if (aggregate === 'count') {
      count++;
      continue;
    }
    const value = typeof cell === 'number' ? cell : numberOfText(cell);
    if (value === undefined) return undefined;
    if (Number.isNaN(value)) continue;
    count++;
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (aggregate === 'count') return count;
  if (count === 0) return undefined;
  if (aggregate === 'min') return min;
  return aggregate === 'max' ? max : sum / count;
}
