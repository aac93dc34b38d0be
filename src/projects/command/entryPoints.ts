import type { EntryPoint } from '../mlproject/mlproject';
import { shellQuote } from './shellQuote';

const start = { line: 0, column: 0, endLine: 0, endColumn: 0 };

/**
 * What MLflow makes of the name of a `.py`, `.sh` or `.R` file, inside the project: a command without parameters of its
 * own. Undefined for any other name. https://github.com/mlflow/mlflow/blob/master/mlflow/projects/_project_spec.py
 */
export function scriptEntryPoint(name: string): EntryPoint | undefined {
  const parts = name.split(/[\\/]/);
  const outside = name.startsWith('/') || /^[a-z]:/i.test(name) || parts.includes('..');
  if (outside || name.includes('\0')) return undefined;
  const command = commandOf(name);
  return command === undefined ? undefined : { name, parameters: [], command, reachable: true, range: start };
}

/** Declares no parameter and is given any: `mlflow run -P rate=1` makes `python train.py --rate 1` of it. */
export const isScript = ({ name, command, parameters }: EntryPoint) =>
  parameters.length === 0 && command !== undefined && command === scriptEntryPoint(name)?.command;

function commandOf(name: string): string | undefined {
  switch (/\.(py|sh|R)$/.exec(name)?.[1]) {
    case 'py':
      return `python ${shellQuote(name)}`;
    case 'sh':
      return `$SHELL ${shellQuote(name)}`;
    case 'R':
      // MLflow puts its quotes inside quotes there: bash would read a name that needs them.
      return shellQuote(name) === name ? `Rscript -e "mlflow::mlflow_source('${name}')" --args` : undefined;
    default:
      return undefined;
  }
}

/** A program of Python and what it is given, one by one. */
export interface PythonCall {
  /** Of Python itself: `-u`, `-W ignore`. */
  readonly options: readonly string[];
  /** `-m module`, or the file. */
  readonly program: readonly string[];
  readonly args: readonly string[];
}

/**
 * The command of an entry point as a call of Python, its values put in as whole words where MLflow would quote them for
 * bash. Undefined when the command is more than one call of Python, since only bash could run that.
 */
export function pythonCall(command: string, values: ReadonlyMap<string, string>): PythonCall | undefined {
  const words = wordsOf(command, values);
  const [python, ...given] = words ?? [];
  if (python === undefined || !/(^|\/)python(\d+(\.\d+)*)?(\.exe)?$/.test(python)) return undefined;
  const options = given.slice(0, optionsOfPython(given));
  const [first, second] = given.slice(options.length);
  if (first === undefined) return undefined;
  const after = (count: number) => given.slice(options.length + count);
  if (first === '-m') return second === undefined ? undefined : { options, program: ['-m', second], args: after(2) };
  return first.startsWith('-') ? undefined : { options, program: [first], args: after(1) };
}

/** How many words they are: `-W` and `-X` take one more, unless it stands with them. */
function optionsOfPython(words: readonly string[]): number {
  let at = 0;
  for (let word = words[at]; word !== undefined; word = words[at]) {
    if (/^-[bBdEIOPqsSuvx]*[WX]$/.test(word)) at += 2;
    else if (/^-([bBdEIOPqsSuvx]+|[bBdEIOPqsSuvx]*[WX].+)$/.test(word)) at++;
    else break;
  }
  return at;
}

/** bash's words of a command without anything that only bash can do. */
function wordsOf(command: string, values: ReadonlyMap<string, string>): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote: '"' | "'" | undefined;
  for (let at = 0; at < command.length; at++) {
    const character = command[at] ?? '';
    const placeholder = /^\{([^{}!:.[]*)\}/.exec(command.slice(at));
    if (command.startsWith('{{', at) || command.startsWith('}}', at)) {
      word = (word ?? '') + character;
      at++;
    } else if (placeholder) {
      const value = values.get(placeholder[1] ?? '');
      // Inside quotes of its own MLflow's quotes are a part of the text.
      if (value === undefined || (quote && shellQuote(value) !== value)) return undefined;
      word = (word ?? '') + value;
      at += placeholder[0].length - 1;
    } else if (character === quote) quote = undefined;
    else if (!quote && (character === '"' || character === "'")) {
      quote = character;
      word ??= '';
    } else if (!quote && /\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (quote === "'" || /[\w@%+=:,./#^ -]/.test(character)) word = (word ?? '') + character;
    else return undefined;
  }
  if (quote) return undefined;
  return word === undefined ? words : [...words, word];
}
