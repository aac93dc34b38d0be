import type { RunsView } from '../../view/runsView';
import { cellReader } from '../cellReader';
import type { NumberCells, TextCells } from '../cells';
import type { Column } from '../column';
import type { RunTable } from '../runTable';
import { isComputed } from './columnValue';

type Better = RunsView['better'];

/** Rows by number: 1 where a row is shown. Made once for many questions. */
export interface RowSet {
  readonly rows: readonly number[];
  readonly has: Uint8Array;
}

export function rowSet(rows: readonly number[], size: number): RowSet {
  const has = new Uint8Array(size);
  for (const row of rows) has[row] = 1;
  return { rows, has };
}

/**
 * No shown row has a value. Looks at the column's own cells and stops at the first that is shown: the cost for all
 * columns is that of the cells there are, not of rows × columns.
 */
export function isEmpty(table: RunTable, column: Column, shown: RowSet, better: Better): boolean {
  // What is read on demand is wanted, whether it is there yet or not.
  if (isComputed(column)) return false;
  const cells = cellsOf(table, column);
  if (cells === 'none') return true;
  if (cells) return cells.count === 0 || !cells.someRow((row) => shown.has[row] === 1);
  const read = cellReader(table, column, better);
  return !shown.rows.some((row) => isValue(read(row)));
}

/** Every one of the rows has the same value, or none has any. Fewer than two rows tell nothing. */
export function isConstant(table: RunTable, column: Column, { rows, has }: RowSet, better: Better): boolean {
  const [first] = rows;
  if (first === undefined || rows.length < 2 || isComputed(column)) return false;
  const cells = cellsOf(table, column);
  if (cells === 'none') return true;
  const read = cellReader(table, column, better);
  const value = read(first);
  if (cells) {
    // The quick ways: the first has none, so nobody may have one; or there are too few cells for all.
    if (value === undefined) return !cells.someRow((row) => has[row] === 1);
    if (cells.count < rows.length) return false;
  }
  return rows.every((row) => Object.is(read(row), value));
}

/** Runs that have a value; an estimate from all that is loaded. */
export function coverage(table: RunTable, column: Column): number {
  const cells = cellsOf(table, column);
  return cells === 'none' ? 0 : (cells?.count ?? table.size);
}

/** The cells of a logged key; undefined for what is no column of its own; `none` where no run has the key. */
function cellsOf(table: RunTable, column: Column): NumberCells | TextCells | 'none' | undefined {
  switch (column.kind) {
    case 'attribute':
      return undefined;
    case 'metric':
      return table.metric(column.key)?.last ?? 'none';
    case 'param':
      return table.param(column.key) ?? 'none';
    case 'tag':
      return table.tag(column.key) ?? 'none';
  }
}

const isValue = (value: unknown) => value !== undefined && value !== '';
