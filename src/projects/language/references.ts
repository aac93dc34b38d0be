import { parseMlproject } from '../mlproject/mlproject';
import { isText } from '../mlproject/yamlTree';
import { isInside, type Outline, type OutlineEntryPoint, type OutlineParameter, type Span } from './outline';
import type { ScalarNode } from './scalarSource';

/** A parameter and every place that names it, the declaration first. Entry points that share it by an alias count too. */
export interface Occurrences {
  readonly name: string;
  readonly declaration: Span;
  readonly uses: readonly Span[];
  readonly parameter: OutlineParameter;
  readonly points: readonly OutlineEntryPoint[];
  /** The place that was asked about. */
  readonly at: Span;
}

export function occurrencesAt(outline: Outline, offset: number): Occurrences | undefined {
  for (const point of outline.entryPoints)
    for (const parameter of point.parameters) {
      const at = [nameSpan(parameter.key), ...usesOf(point, parameter.name)].find((span) => isInside(span, offset));
      if (at) return occurrences(outline, parameter, at);
    }
  return undefined;
}

function occurrences({ entryPoints }: Outline, parameter: OutlineParameter, at: Span): Occurrences {
  const { name, key } = parameter;
  const points = entryPoints.filter(({ parameters }) => parameters.some((other) => other.key.start === key.start));
  const uses = points.flatMap((point) => usesOf(point, name));
  const distinct = [...new Map(uses.map((span) => [span.start, span])).values()];
  return { name, declaration: nameSpan(key), uses: distinct, parameter, points, at };
}

const usesOf = ({ command }: OutlineEntryPoint, name: string): readonly Span[] =>
  (command?.placeholders ?? [])
    .filter((item) => item.name === name)
    .map(({ nameStart, nameEnd }) => command?.spanOf(nameStart, nameEnd) ?? { start: 0, end: 0 });

/** Without its quotes. */
export function nameSpan({ style, start, end }: ScalarNode): Span {
  return style === 'plain' ? { start, end } : { start: start + 1, end: end - 1 };
}

/** `shared`: another entry point has the very same command by an alias, and not this parameter. */
export type RenameProblem = 'name' | 'taken' | 'shared';

/** What `str.format` takes for a name, and a shell for an option's. */
const usableName = /^[\p{L}_][\p{L}\p{N}_-]*$/u;

/** Why a parameter cannot have that name. */
export async function renameProblem(
  outline: Outline,
  found: Occurrences,
  name: string,
): Promise<RenameProblem | undefined> {
  if (!usableName.test(name) || !isText(found.parameter.key)) return 'name';
  // `yes` and `null` are no texts in YAML.
  const text = `entry_points: {x: {parameters: {${name}: string}}}`;
  const parsed = await parseMlproject(new TextEncoder().encode(text));
  if (!parsed.ok || !parsed.project.entryPoints[0]?.parameters[0]?.reachable) return 'name';
  const isOther = ({ parameters }: OutlineEntryPoint) => parameters.some((other) => other.name === name);
  if (name !== found.name && found.points.some(isOther)) return 'taken';
  const written = new Set(found.uses.map(({ start }) => start));
  const others = outline.entryPoints.filter((point) => !found.points.includes(point));
  return others.some((point) => usesOf(point, found.name).some(({ start }) => written.has(start)))
    ? 'shared'
    : undefined;
}

export const renameEdits = ({ declaration, uses }: Occurrences): readonly Span[] => [declaration, ...uses];
