import type { TreeNode } from '../mlproject/yamlTree';

export type ScalarNode = TreeNode & { readonly kind: 'scalar' };

/**
 * For each character of a text in YAML, the offset in the file where it is written, and one more for its end. Folded
 * lines, indentation and escapes lie between; that is undone without asking the YAML library, which does not tell.
 */
export function scalarOffsets(node: ScalarNode, source: string): readonly number[] {
  const { text } = node.value;
  const offsets: number[] = [];
  let at = bodyStart(node, source);
  const end = node.style === 'single' || node.style === 'double' ? node.end - 1 : node.end;
  for (const character of unitsOf(text)) {
    const written = writtenAt(node, source, at, character);
    offsets.push(Math.min(written.start, end));
    at = written.end;
  }
  offsets.push(Math.min(at, end));
  return offsets;
}

/** Quotes stand before the text, or the line with `|` or `>`. */
function bodyStart(node: ScalarNode, source: string): number {
  if (node.style === 'plain') return node.start;
  if (node.style !== 'block') return node.start + 1;
  const lineEnd = source.indexOf('\n', node.start);
  return lineEnd < 0 ? node.end : lineEnd + 1;
}

const unitsOf = (text: string) => Array.from({ length: text.length }, (_, at) => text[at] ?? '');
const isSpace = (character: string | undefined) => character !== undefined && /\s/.test(character);

function writtenAt(node: ScalarNode, source: string, from: number, character: string): { start: number; end: number } {
  let at = from;
  if (node.style === 'double')
    while (source[at] === '\\' && /[\r\n]/.test(source[at + 1] ?? '')) at = skipBreak(source, at + 1);
  if (isSpace(character)) {
    if (node.style === 'double') {
      const escaped = escapedSpace(source, at, character);
      if (escaped !== undefined) return { start: escaped, end: escaped + escapeLength(source, escaped) };
    }
    return isSpace(source[at]) ? spaceAt(node, source, at, character) : { start: at, end: at };
  }
  // The second half of a character that is written as one escape.
  if (/[\udc00-\udfff]/.test(character) && source[at] !== character) return { start: at, end: at };
  // The indentation of a line, and breaks that were folded away.
  while (at < node.end && isSpace(source[at])) at++;
  if (node.style === 'double' && source[at] === '\\') return { start: at, end: at + escapeLength(source, at) };
  const isDoubled = node.style === 'single' && character === "'" && source.startsWith("''", at);
  return { start: at, end: at + (isDoubled ? 2 : 1) };
}

/** Where a tab or break is written as an escape behind a folded line: one break is a space, only more are breaks. */
function escapedSpace(source: string, at: number, character: string): number | undefined {
  const after = skipBreak(source, at);
  if (source[after] !== '\\') return undefined;
  const breaks = source.slice(at, after).split('\n').length - 1;
  const isEscape = after === at || character === '\t' || (character === '\n' && breaks < 2);
  return isEscape ? after : undefined;
}

/** One space or break: of several in a row the last ones may stand for nothing, and are skipped with what follows. */
function spaceAt(node: ScalarNode, source: string, at: number, character: string): { start: number; end: number } {
  if (source[at] === character && character !== '\n') return { start: at, end: at + 1 };
  let end = at;
  while (isSpace(source[end]) && source[end] !== '\n') end++;
  if (source[end] !== '\n') return { start: at, end: Math.max(end, at + 1) };
  // Only in a block the spaces that begin a line may belong to the text.
  const next = end + 1;
  return {
    start: at,
    end: node.style === 'block' ? next : next + (/^[^\S\n]*/.exec(source.slice(next))?.[0].length ?? 0),
  };
}

function skipBreak(source: string, at: number): number {
  let end = at;
  while (isSpace(source[end])) end++;
  return end;
}

function escapeLength(source: string, at: number): number {
  const lengths: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 };
  return lengths[source[at + 1] ?? ''] ?? 2;
}
