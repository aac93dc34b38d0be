import type { OutlineEntryPoint } from './outline';
import { fillFormat, type Placeholder, placeholdersOf, shellQuote } from './pythonFormat';

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
