/** Longer texts are cut in rows; tooltips and copies have more, and all, of them. */
const mostInRow = 200;

/** One line for a row: no line breaks, and nothing that turns the direction of what follows. */
export function oneLine(text: string, most = mostInRow): string {
  // Only the beginning is looked at: a value may be megabytes long.
  const line = text
    .slice(0, most * 2)
    .replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return line.length > most || text.length > most * 2 ? `${line.slice(0, most)}…` : line;
}
