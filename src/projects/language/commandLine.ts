import { type FormatProblem, fillFormat, type Placeholder, parseFormat, placeholdersOf } from '../command/pythonFormat';
import { shellQuote } from '../command/shellQuote';
import type { Finding, FindingCode } from './findings';
import { nearestName } from './nearestName';
import type { OutlineEntryPoint } from './outline';

export const formatCodes = {
  brace: 'braceAlone',
  number: 'placeholderNumber',
  form: 'placeholderForm',
} as const satisfies Record<FormatProblem['kind'], FindingCode>;

/** Over what MLflow stops when it fills a command with these values, in the words of the editor. */
export function commandProblem(
  command: string,
  values: ReadonlyMap<string, string>,
): Pick<Finding, 'code' | 'subject' | 'nearest'> | undefined {
  const { pieces, problem } = parseFormat(command);
  const unknown = placeholdersOf({ pieces }).find(({ name }) => !values.has(name));
  if (unknown) {
    const nearest = nearestName(unknown.name, [...values.keys()]);
    return { code: 'placeholderUnknown', subject: unknown.name, ...(nearest === undefined ? {} : { nearest }) };
  }
  const quoted = new Map([...values].map(([name, value]) => [name, shellQuote(value)]));
  const impossible = pieces.find(
    (piece) => typeof piece !== 'string' && fillFormat({ pieces: [piece] }, quoted) === undefined,
  );
  const text = ({ start, end }: { start: number; end: number }) => command.slice(start, end);
  if (typeof impossible === 'object') return { code: 'placeholderForm', subject: text(impossible) };
  return problem && { code: formatCodes[problem.kind], subject: text(problem) };
}

/**
 * The line that MLflow gives to the shell, `EntryPoint.compute_command`: parameters that are not given have their
 * defaults. Undefined where MLflow raises an error instead. A `path` stays as it is written; MLflow makes it absolute.
 */
export function commandWith(point: OutlineEntryPoint, given: ReadonlyMap<string, string>): string | undefined {
  if (!point.command) return undefined;
  const values = new Map<string, string>();
  for (const { name, type, default: fallback } of point.parameters) {
    const value = given.get(name) ?? fallback;
    if (value === undefined || (type === 'uri' && !/^[a-z][a-z0-9+.-]*:/i.test(value))) return undefined;
    values.set(name, shellQuote(value));
  }
  return fillFormat(point.command.format, values);
}

/**
 * Placeholders of known names that ask of a text what it cannot do: `{a:d}` wants a number. What has no default counts as
 * some text.
 */
export function impossibleFields(point: OutlineEntryPoint): readonly Placeholder[] {
  const values = new Map(point.parameters.map(({ name, default: fallback }) => [name, shellQuote(fallback ?? 'v w')]));
  return (point.command?.format.pieces ?? []).flatMap((piece) => {
    if (typeof piece === 'string') return [];
    const isKnown = placeholdersOf({ pieces: [piece] }).every(({ name }) => values.has(name));
    return isKnown && fillFormat({ pieces: [piece] }, values) === undefined ? [piece] : [];
  });
}

/** For people: a parameter that has no default stands as `<name>`. */
export function commandPreview(point: OutlineEntryPoint): string | undefined {
  const values = new Map(
    point.parameters.map(({ name, default: fallback }) => [
      name,
      fallback === undefined ? `<${name}>` : shellQuote(fallback),
    ]),
  );
  return point.command && fillFormat(point.command.format, values);
}
