import { betterOf, type RunsView } from '../view/runsView';
import type { Column } from './column';
import { type CellValue, cellValue, type RunTable } from './runTable';

export type CellReader = (row: number) => CellValue;

const nothing: CellReader = () => undefined;

/** Reads one column's cells; what is looked up by key is looked up once. `best` is nothing until `better` says which. */
export function cellReader(table: RunTable, column: Column, better: RunsView['better']): CellReader {
  switch (column.kind) {
    case 'param':
      return cellsReader(table.param(column.key));
    case 'tag':
      return cellsReader(table.tag(column.key));
    case 'metric':
      return cellsReader(metricCells(table, column, betterOf(better, column.key)));
    case 'attribute':
      return (row) => cellValue(table, column, row);
  }
}

const cellsReader = (cells: { get(row: number): CellValue } | undefined): CellReader =>
  cells ? (row) => cells.get(row) : nothing;

function metricCells(
  table: RunTable,
  { key, stat }: Extract<Column, { kind: 'metric' }>,
  better: 'lower' | 'higher' | undefined,
) {
  switch (stat) {
    case 'last':
      return table.metric(key)?.last;
    case 'step':
      return table.metric(key)?.steps;
    case 'min':
    case 'max':
      return table.stat(stat, key);
    case 'best':
      return better && table.stat(better === 'lower' ? 'min' : 'max', key);
    case 'bestStep':
      return better && table.stat(better === 'lower' ? 'minStep' : 'maxStep', key);
  }
}

/**
 * The number that a param's or tag's text stands for, as Python writes numbers (`1e-3`, `inf`, `nan`); `None` is NaN,
 * as it stands beside numbers. Undefined for other texts.
 */
export function numberOfText(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(trimmed)) return Number(trimmed);
  switch (trimmed.toLowerCase()) {
    case 'inf':
    case '+inf':
    case 'infinity':
      return Number.POSITIVE_INFINITY;
    case '-inf':
    case '-infinity':
      return Number.NEGATIVE_INFINITY;
    case 'nan':
    case 'none':
      return Number.NaN;
    default:
      return undefined;
  }
}
