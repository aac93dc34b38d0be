import { type CommandFormat, type Placeholder, parseFormat, placeholdersOf } from '../command/pythonFormat';
import { draftMlproject, type ProjectDraft } from '../mlproject/mlproject';
import { entryOf, isText, type TextRange, type TreeNode, textOf } from '../mlproject/yamlTree';
import { type ScalarNode, scalarOffsets } from './scalarSource';

/** From `start` to before `end`, UTF-16 units of the file. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface CommandText {
  readonly node: ScalarNode;
  readonly text: string;
  readonly format: CommandFormat;
  readonly placeholders: readonly Placeholder[];
  /** Where a part of the text is written. */
  spanOf(start: number, end: number): Span;
}

export interface OutlineParameter {
  readonly name: string;
  readonly key: ScalarNode;
  readonly value: TreeNode;
  readonly type: string;
  /** Absent where the type is not written. */
  readonly typeNode?: TreeNode;
  readonly defaultNode?: TreeNode;
  /** As MLflow passes it on. */
  readonly default?: string;
}

export interface OutlineEntryPoint {
  readonly name: string;
  readonly key: ScalarNode;
  readonly value: TreeNode;
  readonly parameters: readonly OutlineParameter[];
  readonly command?: CommandText;
}

/** An MLproject as it stands in an editor: all that can be read of it, right or wrong, and where. */
export interface Outline {
  readonly source: string;
  readonly draft: ProjectDraft;
  readonly entryPoints: readonly OutlineEntryPoint[];
  rangeOf(span: Span): TextRange;
}

export async function outlineOf(source: string): Promise<Outline> {
  const draft = await draftMlproject(source);
  const points = draft.tree && mapAt(draft.tree, 'entry_points');
  const entryPoints = points?.entries.map(({ key, value }) => entryPointOf(key, value, source)) ?? [];
  return { source, draft, entryPoints, rangeOf: rangesIn(source) };
}

type MapNode = TreeNode & { readonly kind: 'map' };

export function mapAt(node: TreeNode, key: string): MapNode | undefined {
  const value = node.kind === 'map' ? entryOf(node, key)?.value : undefined;
  return value?.kind === 'map' ? value : undefined;
}

function entryPointOf(key: ScalarNode, value: TreeNode, source: string): OutlineEntryPoint {
  const command = value.kind === 'map' ? entryOf(value, 'command')?.value : undefined;
  const parameters = mapAt(value, 'parameters')?.entries ?? [];
  return {
    name: key.value.text,
    key,
    value,
    parameters: parameters.map((entry) => parameterOf(entry.key, entry.value)),
    ...(isText(command) ? { command: commandText(command, source) } : {}),
  };
}

function parameterOf(key: ScalarNode, value: TreeNode): OutlineParameter {
  const base = { name: key.value.text, key, value };
  if (value.kind !== 'map') return { ...base, type: value.kind === 'scalar' ? value.value.text : '', typeNode: value };
  const typeNode = entryOf(value, 'type')?.value;
  const defaultNode = entryOf(value, 'default')?.value;
  const hasDefault = defaultNode && !(defaultNode.kind === 'scalar' && defaultNode.value.type === 'null');
  return {
    ...base,
    type: typeNode ? textOf(typeNode) : 'string',
    ...(typeNode ? { typeNode } : {}),
    ...(defaultNode ? { defaultNode } : {}),
    ...(hasDefault ? { default: textOf(defaultNode) } : {}),
  };
}

function commandText(node: ScalarNode, source: string): CommandText {
  const { text } = node.value;
  const format = parseFormat(text);
  let offsets: readonly number[] | undefined;
  const offset = (at: number) => {
    offsets ??= scalarOffsets(node, source);
    return offsets[at] ?? node.end;
  };
  return {
    node,
    text,
    format,
    placeholders: placeholdersOf(format),
    spanOf: (start, end) => ({ start: offset(start), end: end > start ? offset(end - 1) + 1 : offset(start) }),
  };
}

function rangesIn(source: string): (span: Span) => TextRange {
  let starts: number[] | undefined;
  const lineStarts = () => {
    if (starts) return starts;
    starts = [0];
    for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
    return starts;
  };
  const place = (offset: number) => {
    const all = lineStarts();
    let [low, high] = [0, all.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((all[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low, column: offset - (all[low] ?? 0) };
  };
  return ({ start, end }) => {
    const [from, to] = [place(start), place(end)];
    return { line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
  };
}

export const isInside = ({ start, end }: Span, offset: number) => offset >= start && offset <= end;
