import { isReadByShell, quotedPlaceholders } from './commandQuoting';
import type { EntryPoint, Parameter } from './mlproject';
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
  for (const [name, value] of given) {
    const parameter = declared.get(name);
    const problem = parameter ? valueProblem(entryPoint, parameter, value) : undeclaredProblem(name, value);
    if (problem) return { problem };
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
  const quotedBy = quotedPlaceholders(entryPoint.command ?? '').get(name);
  if (quotedBy && value !== parameter.default && isReadByShell(value, quotedBy)) return problem('readByShell');
  return textProblem(name, value);
}

/** As `valueProblem`, and that the text fits the type which the file names: for what a person types. */
export function typedProblem(
  entryPoint: EntryPoint,
  parameter: Parameter,
  value: string,
): ParameterProblem | undefined {
  const { name, type } = parameter;
  if (value === '' && parameter.default === undefined) return { kind: 'missing', name };
  if (type === 'float' && !isPythonFloat(value)) return { kind: 'notNumber', name };
  if (/^int(eger)?$/.test(type) && !/^\s*[-+]?\d+(_\d+)*\s*$/.test(value)) return { kind: 'notInteger', name };
  return valueProblem(entryPoint, parameter, value);
}

/** What Python's `float()` takes. */
export function isPythonFloat(text: string): boolean {
  const number = /^\s*[-+]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[-+]?\d+(_\d+)*)?\s*$/i;
  return number.test(text) || /^\s*[-+]?(inf|infinity|nan)\s*$/i.test(text);
}

function undeclaredProblem(name: string, value: string): ParameterProblem | undefined {
  return plainName.test(name) ? textProblem(name, value) : { kind: 'unusableName', name };
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
  const axis = parseAxis(text);
  if (typeof axis === 'string') return { of: 'sweep', problem: { kind: axis, name: parameter.name } };
  // The ends of a range speak for all of it.
  const values = axis.kind === 'list' ? axis.values : [String(axis.from), String(axis.to)];
  for (const value of values) {
    const problem = typedProblem(entryPoint, parameter, value);
    if (problem) return { of: 'value', problem };
  }
  return undefined;
}
