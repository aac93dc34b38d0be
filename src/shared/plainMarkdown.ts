/** What means something in Markdown; the dot of a number does not, and stays. */
const marks = /[\\`*_{}[\]()#+\-!<>|~&$]|(?<!\d)\.|\.(?!\d)|:(?=\/\/)|^=/g;

/**
 * A text as Markdown that shows just this text: no formatting, no link, each line on its own. VS Code's `appendText` does
 * so too, but keeps every space from breaking a line.
 */
export const plainMarkdown = (text: string): string =>
  text
    .split(/[\n\r\u2028\u2029]+/)
    .map((line) => line.replaceAll(/\s+/g, ' ').trim().replaceAll(marks, '\\$&'))
    .filter(Boolean)
    .join('  \n');
