import { type Run, TagKey, type Tags } from '../../shared/domain';
import { shellUnquoted } from '../command/shellQuote';
import type { EntryPoint } from '../mlproject/mlproject';
import { isPassable } from './taskDefinition';

/**
 * Flowdeck's own, on every run that it launches: as JSON the names of params that were given beside the declared ones, and
 * so were options of the program. Without it nobody can tell them from what a program has logged itself.
 */
export const optionsTag = 'flowdeck.options';
/**
 * Flowdeck's own, on the run of a script that it has given a command line: as JSON what stood behind the interpreter, the
 * file, or `-m` and a module, and the arguments. None of it is a param of the run: which those are, the program says.
 */
const argumentsTag = 'flowdeck.arguments';
/** Longest value of a tag that every MLflow stores, characters. */
const longestTag = 5_000;

type Params = Readonly<Record<string, string>>;
type Tagged = Pick<Run, 'params' | 'tags'>;

export function tagOfOptions({ parameters }: Pick<EntryPoint, 'parameters'>, given: ReadonlyMap<string, string>): Tags {
  const declared = new Set(parameters.map(({ name }) => name));
  const text = JSON.stringify([...given.keys()].filter((name) => !declared.has(name)));
  return text.length > longestTag ? {} : { [optionsTag]: text };
}

/** How a script was started. */
export interface ScriptCall {
  /** In place of the file: `pkg.train`. */
  readonly module?: string | undefined;
  readonly args: readonly string[];
}

export function tagOfCall(file: string, { module, args }: ScriptCall): Tags {
  const text = JSON.stringify([...(module === undefined ? [file] : ['-m', module]), ...args]);
  return text.length > longestTag ? {} : { [argumentsTag]: text };
}

/** Reads it back, as anybody may have written it. Undefined where nobody recorded it. */
export function callOf({ tags }: Pick<Run, 'tags'>): ScriptCall | undefined {
  const [program, ...rest] = textsIn(tags[argumentsTag]) ?? [];
  if (program === undefined || !rest.every(isPassable)) return undefined;
  const [module, ...args] = rest;
  return program === '-m' ? (module === undefined ? undefined : { module, args }) : { args: rest };
}

/** Both runs say what their program was given, and it is not the same. */
export function hasOtherArguments(a: Tagged, b: Tagged): boolean {
  if (!callOf(a) && !callOf(b)) return false;
  const [ofA, ofB] = [argumentsOf(a), argumentsOf(b)];
  return ofA !== undefined && ofB !== undefined && JSON.stringify(ofA) !== JSON.stringify(ofB);
}

function argumentsOf(run: Tagged): readonly string[] | undefined {
  const params = givenParams(run);
  return callOf(run)?.args ?? optionsOf(run)?.flatMap((name) => [`--${name}`, params[name] ?? '']);
}

/** Undefined where nobody recorded it. */
export const optionsOf = ({ tags }: Pick<Run, 'tags'>): readonly string[] | undefined => textsIn(tags[optionsTag]);

function textsIn(json: string | undefined): readonly string[] | undefined {
  try {
    const texts: unknown = JSON.parse(json ?? '');
    return Array.isArray(texts) && texts.every((text) => typeof text === 'string') ? texts : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * The params of a run as they were given. MLflow logs those of a project as it quotes them for the shell, whenever it
 * makes the run itself: that is every backend but the local one, and whatever Flowdeck has not launched.
 */
export function givenParams({ params, tags }: Tagged): Params {
  const backend = tags[TagKey.projectBackend] ?? 'local';
  const isQuoted = tags[TagKey.sourceType] === 'PROJECT' && (tags[optionsTag] === undefined || backend !== 'local');
  if (!isQuoted) return params;
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, shellUnquoted(value)]));
}

/** Those that an entry point declares: what a person wants when other ones take the place of its defaults. */
export function declaredParams(run: Tagged, { parameters }: Pick<EntryPoint, 'parameters'>): Params {
  const given = givenParams(run);
  const own = parameters.filter(({ name }) => Object.hasOwn(given, name));
  return Object.fromEntries(own.map(({ name }) => [name, given[name] ?? '']));
}

export interface SplitParams {
  readonly parameters: ReadonlyMap<string, string>;
  /** The program must have logged them. */
  readonly loggedByProgram: readonly string[];
  /** The program has logged them, or they were options of it: nobody recorded which. */
  readonly ofUnknownOrigin: readonly string[];
}

/** What a launch of the same again is given. */
export function splitParams(run: Tagged, { parameters }: Pick<EntryPoint, 'parameters'>): SplitParams {
  const options = optionsOf(run);
  const passed = new Set([...parameters.map(({ name }) => name), ...(options ?? [])]);
  const all = Object.entries(givenParams(run));
  const others = all.flatMap(([name]) => (passed.has(name) ? [] : [name]));
  const isKnown = options !== undefined;
  return {
    parameters: new Map(all.filter(([name]) => passed.has(name))),
    loggedByProgram: isKnown ? others : [],
    ofUnknownOrigin: isKnown ? [] : others,
  };
}

/**
 * The params that make two runs no measure for each other: those that the entry point declares, absent ones by their
 * defaults, and options beside them. Where none is declared and nobody recorded options, as for a script, all count.
 */
export function differingParams(a: Tagged, b: Tagged, declared: EntryPoint['parameters']): readonly string[] {
  const defaults = new Map(declared.map((one) => [one.name, one.default]));
  const [ofA, ofB] = [optionsOf(a), optionsOf(b)];
  const [paramsOfA, paramsOfB] = [givenParams(a), givenParams(b)];
  const isKnown = declared.length > 0 || (ofA !== undefined && ofB !== undefined);
  const names = isKnown
    ? [...defaults.keys(), ...(ofA ?? []), ...(ofB ?? [])]
    : [...Object.keys(paramsOfA), ...Object.keys(paramsOfB)];
  const valueIn = (params: Params, name: string) => (Object.hasOwn(params, name) ? params[name] : defaults.get(name));
  return [...new Set(names)].filter((name) => valueIn(paramsOfA, name) !== valueIn(paramsOfB, name));
}
