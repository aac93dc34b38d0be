/**
 * JSON as MLflow really sends it: bare NaN and ±Infinity (get-history-bulk) and integers beyond 2^53 (steps, span
 * times) are turned into strings, so that decoders can read them without loss. Throws SyntaxError for other text.
 */
export function parseWireJson(text: string): unknown {
  if (unsafeInteger.test(text)) return JSON.parse(quoteUnsafe(text));
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError) || !bareSpecial.test(text)) throw error;
    return JSON.parse(quoteUnsafe(text));
  }
}

const bareSpecial = /[:[,]\s*-?(?:NaN|Infinity)\b/;
const unsafeInteger = /[:[,]\s*-?\d{16,}\s*[,}\]]/;
const token = /-?(?:NaN|Infinity)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Texts are stepped over by hand: a regular expression that matches them runs out of stack at some megabytes. */
function quoteUnsafe(text: string): string {
  const parts: string[] = [];
  for (let at = 0; at < text.length; ) {
    const quote = text.indexOf('"', at);
    const begin = quote < 0 ? text.length : quote;
    parts.push(text.slice(at, begin).replace(token, quoted));
    at = quote < 0 ? begin : endOfString(text, begin) + 1;
    parts.push(text.slice(begin, at));
  }
  return parts.join('');
}

function quoted(found: string): string {
  if (/[NI]/.test(found)) return `"${found}"`;
  return /^-?\d{16,}$/.test(found) && !Number.isSafeInteger(Number(found)) ? `"${found}"` : found;
}

/** Where the string ends that begins with the quote at `start`; the text's length when it does not. */
export function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text[at - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return at;
  }
  return text.length;
}
