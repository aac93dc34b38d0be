import { type FieldPlace, type ShellPlaces, shellPlaces } from './shellPlaces';
import { isPlainWord } from './shellQuote';
import type { ShellPlace } from './simpleCommand';

/**
 * MLflow puts each value into the entry point's command as one quoted word (`shlex.quote`) and gives the command to
 * bash. That holds where the placeholder is a word of its own. Inside quotes of the MLproject the two cancel each other
 * out, and in a comment a line break ends it: the value is read by the shell.
 * https://github.com/mlflow/mlflow/blob/master/mlflow/projects/_project_spec.py
 */
export interface ExposedPlaceholder {
  readonly start: number;
  /** It is quotes that have to go, and nothing else. */
  readonly inQuotes: boolean;
}

/** The placeholders of a command whose values the shell reads. */
export function exposedPlaceholders(command: string): readonly ExposedPlaceholder[] {
  return shellPlaces(command).fields.flatMap(({ start, place }) =>
    place === 'word' || place === 'command' ? [] : [{ start, inQuotes: place !== 'code' }],
  );
}

/** True when the shell would read more than a text in this value, somewhere in the command. */
export function isReadByShell(command: string, name: string, value: string): boolean {
  return placesIn(command).fields.some((field) => field.name === name && !admits(field, value));
}

/** The same of the value of an option that MLflow puts behind the command. */
export function isOptionReadByShell(command: string, value: string): boolean {
  return placesIn(command).end === 'code' && !isPlainWord(value);
}

/** True when such a value moves quotes, so that the shell finds what is behind it elsewhere than it stands. */
export function movesQuotes(command: string, name: string, value: string): boolean {
  if (value === '') return false;
  const isHeld = (place: ShellPlace) => place === 'double' && !/["'$`\\]/.test(value);
  return placesIn(command).fields.some((field) => field.name === name && !admits(field, value) && !isHeld(field.place));
}

function admits({ place, forbidden }: FieldPlace, value: string): boolean {
  if (value !== '' && forbidden.some((text) => text.includes(value))) return false;
  if (place === 'word') return true;
  // As the first word it would be an assignment, and the next one the command.
  return place === 'command' ? !value.includes('=') : isPlainWord(value);
}

let last: { readonly command: string; readonly places: ShellPlaces } | undefined;

/** A sweep asks for each of its runs. */
function placesIn(command: string): ShellPlaces {
  if (last?.command !== command) last = { command, places: shellPlaces(command) };
  return last.places;
}
