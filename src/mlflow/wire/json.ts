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
// Unrolled: one choice per character would overflow the matcher's stack in a string of some megabytes.
const token = /"[^"\\]*(?:\\.[^"\\]*)*"|-?(?:NaN|Infinity)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

function quoteUnsafe(text: string): string {
  return text.replace(token, (found) => {
    if (found.startsWith('"')) return found;
    if (/[NI]/.test(found)) return `"${found}"`;
    return /^-?\d{16,}$/.test(found) && !Number.isSafeInteger(Number(found)) ? `"${found}"` : found;
  });
}
