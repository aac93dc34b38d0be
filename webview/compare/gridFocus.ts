import type { Line } from '../../src/shared/compare/lines';

/** Where the keyboard is: the head is line -1; column 0 holds the keys. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The same for as long as what it names is there. */
export function lineKey(line: Line): string {
  switch (line.kind) {
    case 'section':
      return `section ${line.section}`;
    case 'note':
      return `note ${line.section}`;
    case 'images':
      return `images ${line.path}`;
    case 'row':
      return line.row.id;
  }
}

/** Where a key leads, in a grid of so many lines, columns (the keys' one included) and lines a page; undefined for other keys. */
export function moved(
  { line, column }: Place,
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey'>,
  { lines, columns, page }: { readonly lines: number; readonly columns: number; readonly page: number },
): Place | undefined {
  const whole = event.ctrlKey || event.metaKey;
  const clamp = (at: number) => Math.max(-1, Math.min(lines - 1, at));
  switch (event.key) {
    case 'ArrowDown':
      return { line: clamp(line + 1), column };
    case 'ArrowUp':
      return { line: clamp(line - 1), column };
    case 'ArrowRight':
      return { line, column: Math.min(columns - 1, column + 1) };
    case 'ArrowLeft':
      return { line, column: Math.max(0, column - 1) };
    case 'PageDown':
      return { line: clamp(line + page), column };
    case 'PageUp':
      return { line: clamp(line - page), column };
    case 'Home':
      return whole ? { line: -1, column: 0 } : { line, column: 0 };
    case 'End':
      return whole ? { line: lines - 1, column: columns - 1 } : { line, column: columns - 1 };
    default:
      return undefined;
  }
}
