/**
 * Text of strangers in GitHub-flavoured Markdown (https://github.github.com/gfm/): it stays text, in a table too, and
 * mentions nobody. Keys and values stand in code spans, where nothing has a meaning.
 */

/** Longer values are cut: a report is read by people. */
const longestCell = 300;

/** One cell of a table. */
export function codeCell(text: string): string {
  const line = oneLine(text);
  if (line === '') return '';
  // A table cell reads `\|` as a pipe, so a backslash before a pipe cannot stand in a code span.
  if (line.includes('\\|') || line.endsWith('\\')) return plainText(line);
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const padded = /^`|`$|^ .* $/.test(line) ? ` ${line} ` : line;
  return `${fence}${padded.replaceAll('|', '\\|')}${fence}`;
}

/** Words in a sentence, a heading or a link: what Markdown or GitHub reads as a sign is written as an entity. */
export function plainText(text: string): string {
  return oneLine(text).replaceAll(/[&<>*_~[\]{}#+!|\\`@$^"]/g, (sign) =>
    // GitHub looks for names of people in what it shows, not in what is written.
    sign === '@' ? '&#64;&#8288;' : `&#${sign.charCodeAt(0)};`,
  );
}

/** A link whose address is taken only if it is one of the web. */
export function link(text: string, url: string | undefined): string {
  if (url === undefined || !/^https?:\/\//.test(url)) return plainText(text);
  const address = url.replaceAll(/[\s<>()[\]|\\`"]/g, (sign) =>
    encodeURIComponent(sign).replaceAll('(', '%28').replaceAll(')', '%29'),
  );
  return `[${plainText(text)}](${address})`;
}

/** Cells are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function oneLine(text: string): string {
  const line = text
    .trim()
    .replaceAll(/\r?\n|\r/g, ' ⏎ ')
    .replaceAll(/\p{Cc}/gu, ' ');
  return line.length > longestCell ? `${line.slice(0, longestCell)}…` : line;
}
