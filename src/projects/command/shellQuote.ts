/** What `shlex.quote` leaves as it is: no shell reads more in it than the text. */
export const isPlainWord = (text: string): boolean => /^[\w@%+=:,./-]+$/.test(text);

/** Python's `shlex.quote`: MLflow puts every value through it. https://github.com/python/cpython/blob/main/Lib/shlex.py */
export const shellQuote = (text: string): string => (isPlainWord(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`);

/** The text that `shlex.quote` made this of; what it cannot have made stays as it is. */
export function shellUnquoted(text: string): string {
  const quoted = /^'(.*)'$/s.exec(text)?.[1]?.replaceAll(`'"'"'`, "'");
  return quoted !== undefined && shellQuote(quoted) === text ? quoted : text;
}
