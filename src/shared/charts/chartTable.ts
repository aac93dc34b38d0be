/** A chart as a table, for people who read rather than look, and for files. Numbers keep full precision. */
export interface ChartTable {
  readonly columns: readonly string[];
  readonly rows: readonly ChartRow[];
}

export type ChartRow = readonly (string | number | undefined)[];

/**
 * RFC 4180 with `\n` ends of lines. Numbers are the shortest text that reads back to the same double; NaN and
 * infinities are what Python's `float` reads. Texts that a spreadsheet would run as a formula get an apostrophe.
 */
export function csvOf({ columns, rows }: ChartTable): string {
  return csvLines([columns, ...rows]);
}

/** A part of a file. */
export function csvLines(rows: readonly ChartRow[]): string {
  return rows.map((row) => `${row.map(csvCell).join(',')}\n`).join('');
}

function csvCell(cell: string | number | undefined): string {
  if (cell === undefined) return '';
  if (typeof cell === 'number') return csvNumber(cell);
  const safe = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function csvNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return Object.is(value, -0) ? '-0' : String(value);
}
