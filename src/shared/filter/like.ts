/** Characters as databases count them for `_`: code points, not UTF-16 units. */
export const charactersOf = (text: string): readonly string[] => Array.from(text);

/**
 * Lower case, one character for one and never from outside ASCII into it (the Kelvin sign stays): so what two texts have
 * in common outside their non-ASCII characters, servers that fold ASCII alone find too.
 */
export function foldText(text: string): string {
  return /^[\0-\x7f]*$/.test(text) ? text.toLowerCase() : Array.from(text, foldCharacter).join('');
}

function foldCharacter(character: string): string {
  const lower = character.toLowerCase();
  if (character <= '\x7f') return lower;
  return lower <= '\x7f' || Array.from(lower).length !== 1 ? character : lower;
}

/**
 * SQL's LIKE without an escape character. Goes back to the last `%` only, so that many of them cost the product of the
 * lengths at most.
 */
export function likeMatches(pattern: readonly string[], text: readonly string[]): boolean {
  let at = 0;
  let inPattern = 0;
  let percent = -1;
  let resume = 0;
  while (at < text.length) {
    const wanted = pattern[inPattern];
    if (wanted === '%') {
      percent = inPattern++;
      resume = at;
    } else if (wanted !== undefined && (wanted === '_' || wanted === text[at])) {
      inPattern++;
      at++;
    } else if (percent >= 0) {
      inPattern = percent + 1;
      at = ++resume;
    } else return false;
  }
  while (pattern[inPattern] === '%') inPattern++;
  return inPattern === pattern.length;
}
