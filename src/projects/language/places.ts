import { entryOf, isText, type TreeNode } from '../mlproject/yamlTree';
import { commandPreview } from './commandLine';
import { isInside, mapAt, type Outline, type OutlineEntryPoint, type OutlineParameter, type Span } from './outline';
import { occurrencesAt } from './references';
import type { ScalarNode } from './scalarSource';
import { type KeyPlace, keys } from './vocabulary';

/** What stands at an offset, for hovers and for going to where it is defined. */
export type Place =
  | { readonly kind: 'key'; readonly place: KeyPlace; readonly name: string; readonly span: Span }
  | {
      readonly kind: 'entryPoint';
      readonly point: OutlineEntryPoint;
      readonly preview: string | undefined;
      readonly span: Span;
    }
  | {
      readonly kind: 'parameter';
      readonly parameter: OutlineParameter;
      readonly declaration: Span;
      readonly span: Span;
    }
  | { readonly kind: 'type'; readonly type: string; readonly span: Span }
  | { readonly kind: 'file'; readonly file: string; readonly span: Span };

export function placeAt(outline: Outline, offset: number): Place | undefined {
  const found = occurrencesAt(outline, offset);
  if (found) return { kind: 'parameter', parameter: found.parameter, declaration: found.declaration, span: found.at };
  const point = outline.entryPoints.find(({ key }) => isInside(key, offset));
  if (point) return { kind: 'entryPoint', point, preview: commandPreview(point), span: point.key };
  return typeAt(outline, offset) ?? fileAt(outline, offset) ?? keyAt(outline, offset);
}

function typeAt({ entryPoints }: Outline, offset: number): Place | undefined {
  for (const { type, typeNode } of entryPoints.flatMap(({ parameters }) => parameters))
    if (typeNode && isText(typeNode) && isInside(typeNode, offset)) return { kind: 'type', type, span: typeNode };
  return undefined;
}

/** Environment files, defaults of `path` parameters, and words of commands that look like files. */
function fileAt(outline: Outline, offset: number): Place | undefined {
  const { tree } = outline.draft;
  if (tree?.kind !== 'map') return undefined;
  const job = mapAt(tree, 'databricks_spark_job');
  const named = [entryOf(tree, 'python_env'), entryOf(tree, 'conda_env'), job && entryOf(job, 'python_file')];
  const paths = outline.entryPoints
    .flatMap(({ parameters }) => parameters)
    .filter(({ type }) => type === 'path')
    .map(({ defaultNode }) => defaultNode);
  for (const node of [...named.map((entry) => entry?.value), ...paths])
    if (isText(node) && isInside(node, offset)) return { kind: 'file', file: node.value.text, span: node };
  return wordAt(outline, offset);
}

function wordAt({ entryPoints, source }: Outline, offset: number): Place | undefined {
  const command = entryPoints.map((point) => point.command).find((item) => item && isInside(item.node, offset));
  if (!command) return undefined;
  const isPart = (character: string | undefined) => character !== undefined && /[\w./-]/.test(character);
  let [start, end] = [offset, offset];
  while (start > command.node.start && isPart(source[start - 1])) start--;
  while (end < command.node.end && isPart(source[end])) end++;
  const file = source.slice(start, end);
  return /\w\.\w|\//.test(file) ? { kind: 'file', file, span: { start, end } } : undefined;
}

function keyAt({ draft: { tree } }: Outline, offset: number): Place | undefined {
  if (!tree) return undefined;
  const points = mapAt(tree, 'entry_points')?.entries ?? [];
  const parameters = points.flatMap(({ value }) => mapAt(value, 'parameters')?.entries ?? []);
  const maps: readonly (readonly [TreeNode | undefined, KeyPlace])[] = [
    [tree, 'root'],
    ...points.map(({ value }) => [value, 'entryPoint'] as const),
    ...parameters.map(({ value }) => [value, 'parameter'] as const),
    [mapAt(tree, 'docker_env'), 'docker_env'],
    [mapAt(tree, 'databricks_spark_job'), 'databricks_spark_job'],
  ];
  for (const [node, place] of maps) {
    const key = node?.kind === 'map' ? node.entries.find((entry) => isInside(entry.key, offset))?.key : undefined;
    if (key && isKnown(key, place)) return { kind: 'key', place, name: key.value.text, span: key };
  }
  return undefined;
}

const isKnown = (key: ScalarNode, place: KeyPlace) =>
  isText(key) && keys[place].some((name) => name === key.value.text);
