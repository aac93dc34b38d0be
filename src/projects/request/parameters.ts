import { isOptionReadByShell, isReadByShell, movesQuotes } from '../command/commandQuoting';
import { isPlainWord } from '../command/shellQuote';
import type { EntryPoint, Parameter } from '../mlproject/mlproject';
import { parseAxis } from './sweepPlan';
import type { SweepProblem } from './sweepSpec';
import { isPassable } from './taskDefinition';

export interface ParameterProblem {
  readonly kind:
    | 'missing'
    | 'unreachable'
    | 'unusableName'
    | 'notNumber'
    | 'notInteger'
    | 'notUri'
    | 'tooLong'
    | 'nul'
    | 'readByShell';
  readonly name: string;
}

/** What a launch passes with `-P`, and what the run is given as its params: that and the defaults. */
export interface ParameterPlan {
  readonly given: ReadonlyMap<string, string>;
  readonly logged: Readonly<Record<string, string>>;
}

/** Longest param value that MLflow 2.15 and later store, characters. */
const longestValue = 6_000;
/** MLflow 2 puts the name of an undeclared parameter into the shell's line as it is. */
const plainName = /^[A-Za-z_][\w.-]*$/;

/** Checks a launch as MLflow would, and for what MLflow lets through to the shell. */
export function planParameters(
  entryPoint: EntryPoint,
  given: ReadonlyMap<string, string>,
): { readonly plan: ParameterPlan } | { readonly problem: ParameterProblem } {
  const declared = new Map(entryPoint.parameters.map((parameter) => [parameter.name, parameter]));
  for (const parameter of entryPoint.parameters) {
    if (given.has(parameter.name) || parameter.default !== undefined) continue;
    return { problem: { kind: parameter.reachable ? 'missing' : 'unreachable', name: parameter.name } };
  }
  // What the file itself has the shell read is meant; what others give is not to get into it.
  const isMoved = entryPoint.parameters.some(
    ({ name, default: fallback }) => fallback !== undefined && movesQuotes(entryPoint.command ?? '', name, fallback),
  );
  for (const [name, value] of given) {
    const parameter = declared.get(name);
    const problem = parameter ? valueProblem(entryPoint, parameter, value) : undeclaredProblem(entryPoint, name, value);
    if (problem) return { problem };
    if (isMoved && value !== parameter?.default && !isPlainWord(value))
      return { problem: { kind: 'readByShell', name } };
  }
  const defaults = entryPoint.parameters.map((parameter) => [parameter.name, parameter.default ?? ''] as const);
  return { plan: { given, logged: Object.fromEntries([...defaults, ...given]) } };
}

/** What MLflow, the server or the shell would make of a value. Types other than `uri` are not checked by MLflow. */
export function valueProblem(
  entryPoint: EntryPoint,
  parameter: Parameter,
  value: string,
): ParameterProblem | undefined {
  const { name } = parameter;
  const problem = (kind: ParameterProblem['kind']): ParameterProblem => ({ kind, name });
  if (!parameter.reachable) return problem('unreachable');
  if (name === '' || name.includes('=')) return problem('unusableName');
  if (parameter.type === 'uri' && !/^[a-z][a-z0-9+.-]*:/i.test(value)) return problem('notUri');
  if (value !== parameter.default && isRead(entryPoint, parameter, value)) return problem('readByShell');
  return textProblem(name, value);
}

function isRead({ command = '' }: EntryPoint, { name, type }: Parameter, value: string): boolean {
  // MLflow decodes a path like an address: nobody has seen then what is in it.
  return isReadByShell(command, name, type === 'path' ? value.replaceAll('%', ' ') : value);
}

/** What stands in a box: nothing where it is empty, unless the file has a value that this takes the place of. */
export const typedValue = (parameter: Parameter, text: string): string | undefined =>
  text === '' && parameter.default === undefined ? undefined : text;

/** MLflow takes an empty text for a value of it, and a person has to say that it is one. */
export const takesEmpty = ({ type, default: fallback }: Pick<Parameter, 'type' | 'default'>) =>
  type === 'string' && fallback === undefined;

/**
 * As `valueProblem`, and that the text fits the type which the file names: for what a person types. Undefined where nothing
 * is given.
 */
export function typedProblem(
  entryPoint: EntryPoint,
  parameter: Parameter,
  value: string | undefined,
): ParameterProblem | undefined {
  const { name, type } = parameter;
  const isEmpty = value === '' && parameter.default === undefined && !takesEmpty(parameter);
  if (value === undefined || isEmpty) return { kind: 'missing', name };
  if (type === 'float' && !isPythonFloat(value)) return { kind: 'notNumber', name };
  if (isInteger(parameter) && !/^\s*[-+]?\d+(_\d+)*\s*$/.test(value)) return { kind: 'notInteger', name };
  return valueProblem(entryPoint, parameter, value);
}

const isInteger = ({ type }: Parameter) => /^int(eger)?$/.test(type);
export const integersOf = ({ parameters }: Pick<EntryPoint, 'parameters'>): ReadonlySet<string> =>
  new Set(parameters.filter(isInteger).map(({ name }) => name));

/** What Python's `float()` takes. */
export function isPythonFloat(text: string): boolean {
  const number = /^\s*[-+]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[-+]?\d+(_\d+)*)?\s*$/i;
  return number.test(text) || /^\s*[-+]?(inf|infinity|nan)\s*$/i.test(text);
}

function undeclaredProblem({ command = '' }: EntryPoint, name: string, value: string): ParameterProblem | undefined {
  if (!plainName.test(name)) return { kind: 'unusableName', name };
  return isOptionReadByShell(command, value) ? { kind: 'readByShell', name } : textProblem(name, value);
}

function textProblem(name: string, value: string): ParameterProblem | undefined {
  if (value.length > longestValue) return { kind: 'tooLong', name };
  return isPassable(value) ? undefined : { kind: 'nul', name };
}

/** True for a `path` that MLflow looks for on this machine, and not one it downloads. */
export const isLocalPath = (value: string) => !/^[a-z][a-z0-9+.-]*:/i.test(value);

export type VariedProblem =
  | { readonly of: 'sweep'; readonly problem: SweepProblem }
  | { readonly of: 'value'; readonly problem: ParameterProblem };

/** What is wrong with the values that a parameter is to take in a sweep: the text, or one of the values. */
export function parseVaried(entryPoint: EntryPoint, parameter: Parameter, text: string): VariedProblem | undefined {
  const axis = parseAxis(text, isInteger(parameter));
  if (typeof axis === 'string') return { of: 'sweep', problem: { kind: axis, name: parameter.name } };
  for (const value of variedValues(text)) {
    // Between two commas nothing is given.
    const problem = typedProblem(entryPoint, parameter, typedValue(parameter, value));
    if (problem) return { of: 'value', problem };
  }
  return undefined;
}

/** The values that a person has written for a sweep; the ends of a range speak for all of it. */
export function variedValues(text: string): readonly string[] {
  const axis = parseAxis(text);
  if (typeof axis === 'string') return [];
  return axis.kind === 'list' ? axis.values : [String(axis.from), String(axis.to)];
}
