import { fullText } from './cellText';
import { type Column, columnId } from './column';
import type { CellValue } from './runTable';

/** For which reader a table is written. */
export interface TextOptions {
  /**
   * A spreadsheet takes a text that begins with `=`, `+`, `-` or `@` for a formula, and a name or tag somebody else wrote
   * could run one. Such texts get an apostrophe in front, which spreadsheets show as it stands; numbers never do. Programs
   * want the texts as they are. See https://owasp.org/www-community/attacks/CSV_Injection
   */
  readonly guarded: boolean;
}

/** The name of a column as MLflow's own tables have it: `params.lr`, `metrics.loss`, `start_time`. */
export const exportedName = (column: Column): string => (column.kind === 'attribute' ? column.key : columnId(column));

/** A cell in full: every digit, exact instants, seconds; texts guarded where a spreadsheet reads them. */
export function exportedText(value: CellValue, column: Column, { guarded }: TextOptions): string {
  const text = fullText(value, column);
  return guarded && typeof value === 'string' ? guardedText(text) : text;
}

/** Wide forms of the signs are formulas to some spreadsheets in East Asia. */
const formula = /^[=+\-@\t\r\n＝＋－＠]/;
const plainNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

export const guardedText = (text: string): string =>
  formula.test(text) && !plainNumber.test(text) ? `'${text}` : text;

/** One line of RFC 4180, with its end. */
export const csvLine = (cells: readonly string[]): string => `${cells.map(quoted(/[",\r\n]|^\s|\s$/)).join(',')}\r\n`;

/** One line as spreadsheets copy and paste it, with its end. */
export const tsvLine = (cells: readonly string[]): string => `${cells.map(quoted(/["\t\r\n]/)).join('\t')}\n`;

const quoted = (special: RegExp) => (text: string) => (special.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** A table of GitHub's Markdown; numbers stand at the right. Nothing in a cell is taken for Markdown or HTML. */
export function markdownTable(columns: readonly Column[], lines: readonly (readonly CellValue[])[]): string {
  const rules = columns.map((_, at) => {
    const cells = lines.flatMap((line) => line[at] ?? []);
    return cells.length > 0 && cells.every((cell) => typeof cell === 'number') ? '---:' : '---';
  });
  const text = (value: CellValue, column: Column) => inMarkdown(fullText(value, column));
  const rows = [
    columns.map((column) => inMarkdown(exportedName(column))),
    rules,
    ...lines.map((line) => columns.map((column, at) => text(line[at], column))),
  ];
  return rows.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

const inMarkdown = (text: string): string =>
  text
    .replaceAll(/[\\`*_{}[\]<>#|~]/g, (sign) => `\\${sign}`)
    .replaceAll('&', '&amp;')
    .replaceAll(/\r\n|\r|\n/g, '<br>');

/** JSON has no NaN or infinity: they are the texts MLflow's own interface uses for them. */
export const jsonNumber = (value: number): number | 'NaN' | 'Infinity' | '-Infinity' => {
  if (Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? 'Infinity' : '-Infinity';
};

/** `2026-11-25T08:30:00.123Z`; undefined for what is no instant. */
export function isoInstant(ms: number | undefined): string | undefined {
  const date = new Date(ms ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
