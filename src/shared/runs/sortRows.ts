import type { RunsView, Sort } from '../view/runsView';
import { cellReader, numberOfText } from './cellReader';
import { parseColumnId } from './column';
import type { CellValue, RunTable } from './runTable';

/** One column's cells as numbers to sort by, in the order of the rows. */
interface SortKey {
  /** 0 for values, 1 for NaN, 2 where there is nothing: the same in both directions, as MLflow sorts. */
  readonly places: Uint8Array;
  /** Ascending; negated for descending. */
  readonly values: Float64Array;
}

/** Rows sorted by columns, the first counting most; what is equal keeps its order. Columns nobody knows are left out. */
export function sortRows(
  table: RunTable,
  rows: readonly number[],
  sorts: readonly Sort[],
  better: RunsView['better'],
): readonly number[] {
  const keys = sorts.flatMap(({ column: id, descending }) => {
    const column = parseColumnId(id);
    return column ? [sortKey(rows.map(cellReader(table, column, better)), descending)] : [];
  });
  if (keys.length === 0) return rows;
  const order = Uint32Array.from(rows.keys());
  order.sort((a, b) => {
    for (const { places, values } of keys) {
      const place = (places[a] ?? 0) - (places[b] ?? 0);
      if (place !== 0) return place;
      const [left, right] = [values[a] ?? 0, values[b] ?? 0];
      if (left !== right) return left < right ? -1 : 1;
    }
    return a - b;
  });
  return Array.from(order, (at) => rows[at] ?? 0);
}

/** Whether a param or tag stands for a number in all the rows that have it: then 10 comes after 9. */
export function isNumericColumn(table: RunTable, id: string, rows: readonly number[]): boolean {
  const column = parseColumnId(id);
  if (column?.kind !== 'param' && column?.kind !== 'tag') return false;
  const read = cellReader(table, column, {});
  const texts = new Set<CellValue>();
  for (const row of rows) texts.add(read(row));
  return isNumericText(texts);
}

/** Whether there are cells, and all of them are texts that stand for numbers. */
function isNumericText(cells: Iterable<CellValue>): boolean {
  let found = false;
  for (const cell of cells) {
    if (cell === undefined) continue;
    const value = typeof cell === 'string' ? numberOfText(cell) : undefined;
    if (value === undefined) return false;
    found ||= !Number.isNaN(value);
  }
  return found;
}

function sortKey(cells: readonly CellValue[], descending: boolean): SortKey {
  const places = new Uint8Array(cells.length);
  const values = new Float64Array(cells.length);
  const numbers = numbersOfTexts(cells);
  const sign = descending ? -1 : 1;
  for (const [at, cell] of cells.entries()) {
    const value = typeof cell === 'string' ? (numbers.get(cell) ?? 0) : cell;
    if (value === undefined) places[at] = 2;
    else if (Number.isNaN(value)) places[at] = 1;
    else values[at] = sign * value;
  }
  return { places, values };
}

/** Each text's number where all stand for one, else its place among the texts. */
function numbersOfTexts(cells: readonly CellValue[]): ReadonlyMap<string, number> {
  const texts = new Set<string>();
  for (const cell of cells) if (typeof cell === 'string') texts.add(cell);
  if (isNumericText(texts)) return new Map(Array.from(texts, (text) => [text, numberOfText(text) ?? 0]));
  const folded = Array.from(texts, (text) => ({ text, key: text.toLowerCase() }));
  folded.sort((a, b) => compareTexts(a.key, b.key) || (a.text < b.text ? -1 : 1));
  return new Map(folded.map(({ text }, at) => [text, at]));
}

const isDigit = (code: number) => code >= 48 && code <= 57;

/**
 * Texts by their characters, with whole numbers in them by size: `run-9` before `run-10`. `Intl.Collator` would be busy
 * with a hundred thousand names for a second.
 */
export function compareTexts(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at < most && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at === most) return a.length - b.length;
  const difference = a.charCodeAt(at) - b.charCodeAt(at);
  let start = at;
  while (start > 0 && isDigit(a.charCodeAt(start - 1))) start--;
  if (!isDigit(a.charCodeAt(start)) || !isDigit(b.charCodeAt(start))) return difference;
  return compareDigits(a, b, start) || difference;
}

/** Whole numbers of any length, zeros before them aside: the longer one is larger, else the first digit decides. */
function compareDigits(a: string, b: string, start: number): number {
  let [left, right] = [start, start];
  while (a.charCodeAt(left) === 48) left++;
  while (b.charCodeAt(right) === 48) right++;
  for (let difference = 0; ; left++, right++) {
    const [digitA, digitB] = [a.charCodeAt(left), b.charCodeAt(right)];
    const [isA, isB] = [isDigit(digitA), isDigit(digitB)];
    if (!isA || !isB) return isA === isB ? difference : isA ? 1 : -1;
    difference ||= digitA - digitB;
  }
}
