import { type PyScalar, pythonRepr } from './pythonScalars';

/** Lines and columns count from 0, columns in UTF-16 units, as the editor counts. */
export interface TextRange {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Where a value stands in the text. Offsets count UTF-16 units. */
export interface Placed {
  readonly range: TextRange;
  readonly start: number;
  readonly end: number;
}

/** How a scalar is written: that decides how its text lies in the file. */
export type ScalarStyle = 'plain' | 'single' | 'double' | 'block';

/** What PyYAML's safe loader builds, each value with its place. Aliases share their value. */
export type TreeNode = Placed &
  (
    | { readonly kind: 'scalar'; readonly value: PyScalar; readonly style: ScalarStyle }
    | { readonly kind: 'list'; readonly items: readonly TreeNode[] }
    | {
        readonly kind: 'map';
        readonly entries: readonly TreeEntry[];
        /** Written before another of the same key, and so without effect. */
        readonly overwritten: readonly TreeEntry[];
      }
  );

export interface TreeEntry {
  readonly key: TreeNode & { readonly kind: 'scalar' };
  readonly value: TreeNode;
}

/** A place that the loader refuses, with the reason in plain words. */
export class YamlProblem extends Error {
  constructor(
    message: string,
    readonly range: TextRange,
  ) {
    super(message);
  }
}

/** Longest text of a list or mapping that is a default, characters. */
const textLimit = 10_000;

/** `str()` of what Python has. Throws `YamlProblem` when that is too long to be meant. */
export function textOf(node: TreeNode): string {
  if (node.kind === 'scalar') return node.value.text;
  let length = 0;
  const repr = (item: TreeNode): string => {
    if (++length > textLimit) throw new YamlProblem('The value is too long', node.range);
    if (item.kind === 'list') return `[${item.items.map(repr).join(', ')}]`;
    if (item.kind === 'map')
      return `{${item.entries.map(({ key, value }) => `${repr(key)}: ${repr(value)}`).join(', ')}}`;
    const text = item.value.type === 'str' ? pythonRepr(item.value.text) : item.value.text;
    length += text.length;
    return text;
  };
  return repr(node);
}

/** Python's truth. */
export function isTruthy(node: TreeNode): boolean {
  if (node.kind === 'list') return node.items.length > 0;
  if (node.kind === 'map') return node.entries.length > 0;
  const { type, text } = node.value;
  if (type === 'null' || text === '') return false;
  return !((type === 'bool' && text === 'False') || (type === 'int' && text === '0') || /^-?0\.0$/.test(text));
}

export const isText = (node: TreeNode | undefined): node is TreeNode & { kind: 'scalar' } =>
  node?.kind === 'scalar' && node.value.type === 'str';
export const isNull = (node: TreeNode) => node.kind === 'scalar' && node.value.type === 'null';

/** The entry of a text key. */
export function entryOf(node: TreeNode & { kind: 'map' }, name: string): TreeEntry | undefined {
  return node.entries.find(({ key }) => key.value.type === 'str' && key.value.text === name);
}
