import { isRecord } from '../view/decode';
import type { ChartTable } from './chartTable';

/** Rows that are read of a table: more are not looked at side by side. */
export const mostTableRows = 1_000;
const mostTableColumns = 200;

/** A table artifact, by the end of its name: csv, tsv, or json as `mlflow.log_table` writes it. Undefined for text. */
export function loggedTable(path: string, text: string): ChartTable | undefined {
  if (/\.json$/i.test(path)) return splitTable(text);
  if (/\.csv$/i.test(path)) return delimitedTable(text, ',');
  return /\.tsv$/i.test(path) ? delimitedTable(text, '\t') : undefined;
}

/** pandas' `to_json(orient='split')`: `{"columns": […], "data": [[…], …]}`. */
function splitTable(text: string): ChartTable | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(raw) || !Array.isArray(raw.columns) || !Array.isArray(raw.data)) return undefined;
  const columns = raw.columns.slice(0, mostTableColumns).map(cellOfJson).map(String);
  const rows = raw.data.slice(0, mostTableRows).filter((row): row is unknown[] => Array.isArray(row));
  return { columns, rows: rows.map((row) => row.slice(0, columns.length).map(cellOfJson)) };
}

function cellOfJson(value: unknown): string | number {
  if (typeof value === 'number' || typeof value === 'string') return value;
  return value === null || value === undefined ? '' : JSON.stringify(value);
}

/** RFC 4180, with any end of line; the first line names the columns. Undefined when it has but one column and one row. */
function delimitedTable(text: string, mark: string): ChartTable | undefined {
  const [columns, ...rows] = delimitedRows(text.replace(/^\ufeff/, ''), mark);
  if (!columns || (columns.length < 2 && rows.length === 0)) return undefined;
  return { columns: columns.slice(0, mostTableColumns), rows: rows.map((row) => row.slice(0, mostTableColumns)) };
}

function delimitedRows(text: string, mark: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length && rows.length <= mostTableRows) {
    const { cell, end } = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at, mark);
    row.push(cell);
    at = end;
    if (text[at] === mark) {
      at++;
      if (at === text.length) row.push('');
      else continue;
    }
    if (text[at] === '\r') at++;
    if (text[at] === '\n') at++;
    rows.push(row);
    row = [];
  }
  return rows;
}

function plainCell(text: string, from: number, mark: string): { readonly cell: string; readonly end: number } {
  let end = from;
  while (end < text.length && text[end] !== mark && text[end] !== '\n' && text[end] !== '\r') end++;
  return { cell: text.slice(from, end), end };
}

/** What stands behind the closing quote belongs to the cell, as Python's csv module has it. */
function quotedCell(text: string, from: number): { readonly cell: string; readonly end: number } {
  let cell = '';
  let at = from + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return { cell: cell + text.slice(at), end: text.length };
    cell += text.slice(at, quote);
    if (text[quote + 1] !== '"') {
      let end = quote + 1;
      while (end < text.length && !/[,\t\r\n]/.test(text[end] ?? '')) end++;
      return { cell: cell + text.slice(quote + 1, end), end };
    }
    cell += '"';
    at = quote + 2;
  }
}
