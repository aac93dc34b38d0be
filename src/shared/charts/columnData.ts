import { naturalCompare } from '../naturalCompare';
import { cellReader } from '../runs/cellReader';
import { type Attribute, type Column, type ColumnId, parseColumnId } from '../runs/column';
import { statTitle } from '../runs/columns/columnTitle';
import { isComputed } from '../runs/columns/columnValue';
import { unreadRows } from '../runs/historyCells';
import { count } from '../series/format';
import { betterOf } from '../view/runsView';
import type { ChartedRuns } from './runRows';

/** One column over rows, ready for an axis. */
export interface ColumnData {
  readonly id: ColumnId;
  readonly label: string;
  /** `time` is ms since 1970; a category's value is its place in `categories`. */
  readonly kind: 'number' | 'time' | 'category';
  /** In the order of the rows; NaN where there is nothing that can be drawn. */
  readonly values: Float64Array;
  readonly categories: readonly string[];
  /** Rows without a cell, those that are to be computed left out. */
  readonly missing: number;
  /** Rows whose cell comes from a history that is not read. */
  readonly unread: number;
  /** Rows whose cell is NaN or infinite. */
  readonly notFinite: number;
}

const attributeLabels: Readonly<Record<Attribute, string>> = {
  run_name: 'Run name',
  status: 'Status',
  start_time: 'Start time',
  end_time: 'End time',
  duration: 'Duration (s)',
  user_id: 'User',
  experiment_id: 'Experiment',
  run_id: 'Run ID',
  parent_run_id: 'Parent run',
  source: 'Source',
  commit: 'Commit',
  branch: 'Branch',
  datasets: 'Datasets',
  models: 'Models',
  description: 'Description',
};

/** How a column is named beside an axis. */
export function columnLabel(id: ColumnId): string {
  const column = parseColumnId(id);
  if (!column) return id;
  if (column.kind === 'attribute') return attributeLabels[column.key];
  return column.kind === 'metric' && column.stat !== 'last' ? `${column.key} (${statTitle(column.stat)})` : column.key;
}

/** A param's text as a number: what Python's `str` of a number gives, NaN and infinities included. */
export function numberOf(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)) return Number(trimmed);
  if (/^[+-]?nan$/i.test(trimmed)) return Number.NaN;
  const infinite = /^([+-]?)inf(inity)?$/i.exec(trimmed);
  if (!infinite) return undefined;
  return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/**
 * The cells of a column for rows. Texts are numbers when all that are there are; else they are categories in natural
 * order. Undefined for an id that names no column.
 */
export function columnData(runs: ChartedRuns, id: ColumnId): ColumnData | undefined {
  const column = parseColumnId(id);
  if (!column) return undefined;
  const { table, rows, better = {} } = runs;
  const cells = rows.map(cellReader(table, column, better));
  const label = columnLabel(id);
  const isTime = column.kind === 'attribute' && (column.key === 'start_time' || column.key === 'end_time');
  const scale = column.kind === 'attribute' && column.key === 'duration' ? 1 / 1000 : 1;
  const numbers = cells.map((cell) => (typeof cell === 'string' ? numberOf(cell) : cell));
  const isText = column.kind === 'attribute' && !isTime && column.key !== 'duration';
  const present = cells.filter((cell) => cell !== undefined).length;
  const isNumber = !isText && numbers.every((value, at) => value !== undefined || cells[at] === undefined);
  if (!isNumber)
    return categoryData(id, label, cells.map(String), cells.length - present, (at) => cells[at] === undefined);
  const values = Float64Array.from(numbers, (value) =>
    value === undefined || !Number.isFinite(value) ? Number.NaN : value * scale,
  );
  const finite = values.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : 1), 0);
  const unread = unreadOf(runs, column, cells);
  const counts = { missing: cells.length - present - unread, unread, notFinite: present - finite };
  return { id, label, kind: isTime ? 'time' : 'number', values, categories: [], ...counts };
}

/** Without a word on which is better no history says what the best is. */
function unreadOf({ table, rows, better = {} }: ChartedRuns, column: Column, cells: readonly unknown[]): number {
  if (column.kind !== 'metric' || !isComputed(column)) return 0;
  const isBest = column.stat === 'best' || column.stat === 'bestStep';
  if (isBest && betterOf(better, column.key) === undefined) return 0;
  const empty = rows.filter((_, at) => cells[at] === undefined);
  return unreadRows(table, empty, column.key).length;
}

function categoryData(
  id: ColumnId,
  label: string,
  texts: readonly string[],
  missing: number,
  isMissing: (at: number) => boolean,
): ColumnData {
  const categories = [...new Set(texts.filter((_, at) => !isMissing(at)))].sort(naturalCompare);
  const places = new Map(categories.map((text, at) => [text, at]));
  const values = Float64Array.from(texts, (text, at) =>
    isMissing(at) ? Number.NaN : (places.get(text) ?? Number.NaN),
  );
  return { id, label, kind: 'category', values, categories, missing, unread: 0, notFinite: 0 };
}

/** "3 runs without lr", "1 run with NaN or infinite loss": what a chart leaves out is said. */
export function columnNotes(columns: readonly (ColumnData | undefined)[]): string[] {
  const seen = new Set<ColumnId>();
  return columns.flatMap((column) => {
    if (!column || seen.has(column.id)) return [];
    seen.add(column.id);
    const { label, missing, unread, notFinite } = column;
    return [
      ...(missing > 0 ? [`${runs(missing)} without ${label}`] : []),
      ...(unread > 0 ? [`${runs(unread)} whose ${label} is not read`] : []),
      ...(notFinite > 0 ? [`${runs(notFinite)} with NaN or infinite ${label}`] : []),
    ];
  });
}

export const runs = (number: number) => `${count(number)} ${number === 1 ? 'run' : 'runs'}`;

/** Values that a logarithmic axis cannot show. */
export function notPositive({ values, label }: ColumnData): string[] {
  let left = 0;
  for (const value of values) if (value <= 0) left++;
  return left > 0 ? [`${runs(left)} with ${label} ≤ 0 not on the log axis`] : [];
}

/** Whether an axis has a place for a value; a log axis has none for zero and below. */
export const usableOn = (value: number | undefined, log: boolean): value is number =>
  value !== undefined && !Number.isNaN(value) && (!log || value > 0);
