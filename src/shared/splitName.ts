/** Names that fit everywhere are not split. */
const usual = 14;
const longestEnd = 10;
const plainEnd = 6;

/**
 * A long name in two: where there is no room its beginning is cut, since names of one family differ at their ends
 * (`val/accuracy_top1`, `val/accuracy_top5`). The end is the last word where that is short.
 */
export function splitName(name: string): { readonly start: string; readonly end: string } {
  const signs = [...name];
  if (signs.length <= usual) return { start: name, end: '' };
  const lastWord = signs.findLastIndex((sign) => /[/_.\- ]/.test(sign));
  const at = signs.length - lastWord <= longestEnd ? lastWord : signs.length - plainEnd;
  return { start: signs.slice(0, at).join(''), end: signs.slice(at).join('') };
}
