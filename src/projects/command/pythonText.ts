// Python's source as text: nothing is executed, and what is not plain is not known.

/** One call: the source of what stands in its brackets, one by one. */
export interface CallText {
  /** The source before the bracket, as it was looked for. */
  readonly callee: string;
  readonly positional: readonly string[];
  readonly keywords: ReadonlyMap<string, string>;
}

const token = /("""|''')[\s\S]*?(?:(?<!\\)\1|$)|"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?|#[^\n]*/g;

/** As long as `text`, without what stands in comments and between quotes. */
export const withoutTexts = (text: string): string =>
  text.replace(token, (found) => {
    if (found.startsWith('#')) return ' '.repeat(found.length);
    const quote = /^("""|'''|.)/.exec(found)?.[0] ?? '';
    const inside = Math.max(0, found.length - 2 * quote.length);
    return found.length < 2 * quote.length ? '_'.repeat(found.length) : quote + '_'.repeat(inside) + quote;
  });

/** The calls of what `pattern` finds, a global one that ends before the bracket, outside of comments and texts. */
export function callsIn(text: string, pattern: RegExp): readonly CallText[] {
  const code = withoutTexts(text);
  return [...code.matchAll(pattern)].flatMap(({ 0: callee, index }) => {
    const open = index + callee.length + (/^\s*/.exec(code.slice(index + callee.length))?.[0].length ?? 0);
    const parts = code[open] === '(' ? argumentsAt(code, text, open) : undefined;
    if (!parts) return [];
    const keyword = /^(\w+)\s*=(?!=)\s*(.*)$/s;
    const keywords = parts.flatMap((part) => {
      const [, name, value] = keyword.exec(part) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    });
    const positional = parts.filter((part) => !keyword.test(part));
    return [{ callee, positional, keywords: new Map(keywords) }];
  });
}

/** Undefined where the bracket at `open` is never closed. */
function argumentsAt(code: string, text: string, open: number): readonly string[] | undefined {
  const parts: string[] = [];
  let depth = 0;
  let start = open + 1;
  for (let at = open; at < code.length; at++) {
    const character = code[at] ?? '';
    if ('([{'.includes(character)) depth++;
    if (')]}'.includes(character)) depth--;
    if (depth > 1 || (depth === 1 && character !== ',')) continue;
    const part = uncommented(code, text, start, at);
    if (part !== '') parts.push(part);
    start = at + 1;
    if (depth === 0) return parts;
  }
  return undefined;
}

/** Blanks stand in `code` where a comment does in `text`. */
function uncommented(code: string, text: string, start: number, end: number): string {
  const lines = text.slice(start, end).split('\n');
  let at = start;
  return lines
    .map((line) => {
      const { length } = code.slice(at, at + line.length).trimEnd();
      at += line.length + 1;
      return line.slice(0, length);
    })
    .join('\n')
    .trim();
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', '\\': '\\', "'": "'", '"': '"' };

/** The text of one literal: `'lr'`, `r"a\b"`. Undefined for everything else, and for escapes that are rare. */
export function textLiteral(source: string): string | undefined {
  const [, prefix = '', , inside] = /^([rRuU]?)("""|'''|"|')([\s\S]*)\2$/.exec(source) ?? [];
  if (inside === undefined || !/^("""|'''|"|')_*\1$/.test(withoutTexts(source.slice(prefix.length)))) return undefined;
  if (/r/i.test(prefix)) return inside;
  const escaped = [...inside.matchAll(/\\(.)/gs)].every(([, character = '']) => character in escapes);
  return escaped ? inside.replace(/\\(.)/gs, (_, character: string) => escapes[character] ?? '') : undefined;
}

/** What `str()` makes of a literal of a text, a number, a boolean or None. Undefined for what only a program knows. */
export function plainLiteral(source: string): string | undefined {
  if (/^(True|False|None|[-+]?(\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(e[-+]?\d+)?)$/i.test(source)) return source;
  return textLiteral(source);
}

/** The items of a list or tuple of such literals, as `str()` writes it. Undefined for anything else. */
export function listLiteral(source: string): readonly string[] | undefined {
  const text = source.trim();
  if (!/^(\[[\s\S]*\]|\([\s\S]*\))$/.test(text)) return undefined;
  const parts = argumentsAt(withoutTexts(text), text, 0);
  const items = parts?.map(plainLiteral);
  return items?.every((item) => item !== undefined) ? items : undefined;
}
