import { oneLine } from '../../shared/oneLine';

/** Wider columns would push the next one out of sight. */
const widest = 40;
const mostInCell = 500;

/** Rows of columns under each other, two spaces between. Texts of servers become one line; nothing is lost but length. */
export function alignedRows(rows: readonly (readonly string[])[]): readonly string[] {
  const plain = rows.map((row) => row.map((cell) => oneLine(cell, mostInCell)));
  const widths = plain.reduce<readonly number[]>(
    (known, row) => row.map((cell, at) => Math.max(known[at] ?? 0, Math.min(cell.length, widest))),
    [],
  );
  return plain.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** What a row says at a glance; media/language/report.tmLanguage.json gives each its colour. */
export const mark = { same: '=', differs: '≠', unknown: '?' } as const;
