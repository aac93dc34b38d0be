import { readBrokenYaml } from '../mlproject/readYaml';
import type { TreeNode } from '../mlproject/yamlTree';

/** What is being written, for completion. */
export interface Cursor {
  /** Keys above the place, outermost first. */
  readonly path: readonly string[];
  /** `key`: a key of the mapping at `path`; `value`: the value of the last key of `path`. */
  readonly role: 'key' | 'value';
  /** Of that value or key, as far as it stands before the cursor. */
  readonly before: string;
  /** Keys that the mapping has already. */
  readonly siblings: readonly string[];
  /** The written text is in quotes or in a block. */
  readonly isQuoted: boolean;
}

/** A character of the private use area: nobody types it. */
const marker = '\ue0a1';

/**
 * Finds out what stands at an offset of a text that is not finished: the YAML reader is given the text with a mark at the
 * cursor, and the mark is looked for in what it makes of that.
 */
export async function cursorAt(source: string, offset: number): Promise<Cursor | undefined> {
  const { tree } = await readBrokenYaml(marked(source, offset));
  return tree && find(tree, [], new Set());
}

function marked(source: string, offset: number): string {
  const before = source.slice(0, offset);
  const after = source.slice(offset);
  const line = before.slice(before.lastIndexOf('\n') + 1);
  const rest = /^[^\n]*/.exec(after)?.[0] ?? '';
  // A word alone on its line becomes a key, or it would count as a part of the line below.
  const isAlone = /^\s*[\w.-]*$/.test(line) && /^[\w.-]*\s*$/.test(rest);
  return isAlone ? `${before}${marker}: ${after.slice(rest.length)}` : before + marker + after;
}

function find(node: TreeNode, path: readonly string[], seen: Set<TreeNode>): Cursor | undefined {
  if (seen.has(node)) return undefined;
  seen.add(node);
  if (node.kind === 'scalar') {
    const before = textBefore(node);
    if (before === undefined) return undefined;
    return { path, role: 'value', before, siblings: [], isQuoted: node.style !== 'plain' };
  }
  if (node.kind === 'list') {
    for (const item of node.items) {
      const found = find(item, path, seen);
      if (found) return found;
    }
    return undefined;
  }
  for (const { key, value } of [...node.entries, ...node.overwritten]) {
    const before = textBefore(key);
    if (before !== undefined) {
      const siblings = node.entries.flatMap((entry) => (entry.key === key ? [] : [entry.key.value.text]));
      return { path, role: 'key', before, siblings, isQuoted: key.style !== 'plain' };
    }
    const found = find(value, [...path, key.value.text], seen);
    if (found) return found;
  }
  return undefined;
}

function textBefore(node: TreeNode & { readonly kind: 'scalar' }): string | undefined {
  const at = node.value.text.indexOf(marker);
  return at < 0 ? undefined : node.value.text.slice(0, at);
}
