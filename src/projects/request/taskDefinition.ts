// Tasks of Flowdeck's type, as package.json declares it and as they stand in somebody's tasks.json.
import { taskType } from '../../platform/ids';
import { isFullCommitId, shortId } from '../../shared/commitId';
import { isSweepMethod, type SweepSpec } from './sweepSpec';

export const environmentManagers = ['local', 'virtualenv', 'uv', 'conda'] as const;
export type EnvironmentManager = (typeof environmentManagers)[number];

export const isEnvironmentManager = (value: unknown): value is EnvironmentManager =>
  environmentManagers.some((manager) => manager === value);

/** What is to be run. Texts as given: nothing has been looked up. */
export interface LaunchRequest {
  readonly entryPoint: string;
  /** Folder of the MLproject, relative to the workspace folder, `/` between parts; '' is that folder itself. */
  readonly project: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** Name of the workspace folder, for a task that stands in none. */
  readonly folder?: string;
  readonly experiment?: string;
  readonly runName?: string;
  readonly environmentManager?: EnvironmentManager;
  /** `local`, `kubernetes`, `databricks`, or the name of a plug-in; local when absent. */
  readonly backend?: string;
  /** Path of a JSON file, absolute or relative to the workspace folder. */
  readonly backendConfig?: string;
  /** Where `path` parameters are downloaded to; as `backendConfig`. */
  readonly storageDir?: string;
  /** `gpus=all`, `t`: what `docker run` is given. */
  readonly dockerArguments?: readonly string[];
  /** A commit, branch or tag: launched from a working tree of its own, the open one is not touched. */
  readonly version?: string;
  /** Address of a git repository; `project` is then a folder of it. */
  readonly repository?: string;
  readonly sweep?: SweepSpec;
  /** Tells tasks apart that are otherwise the same: VS Code runs a task once at a time. */
  readonly id?: string;
}

/** Neither a NUL nor half a character can be given to a program or stored: it would arrive as something else. */
export const isPassable = (text: string) => !/[\0\p{Surrogate}]/u.test(text);

export type DecodedDefinition =
  | { readonly request: LaunchRequest }
  /** The property that cannot be used. */
  | { readonly bad: string };

const texts = [
  'folder',
  'experiment',
  'runName',
  'backend',
  'backendConfig',
  'storageDir',
  'version',
  'repository',
  'id',
] as const;
type Text = (typeof texts)[number];

/** Reads a definition; it comes from a file that anybody may have written. */
export function decodeDefinition(definition: unknown): DecodedDefinition {
  if (typeof definition !== 'object' || definition === null) return { bad: 'type' };
  const field = (key: string): unknown => fieldOf(definition, key);
  const entryPoint = field('entryPoint');
  if (typeof entryPoint !== 'string' || entryPoint === '' || !isPassable(entryPoint)) return { bad: 'entryPoint' };
  const project = projectPath(field('project') ?? '');
  if (project === undefined) return { bad: 'project' };
  const parameters = decodeParameters(field('parameters') ?? {});
  if (!parameters) return { bad: 'parameters' };
  const manager = field('environmentManager');
  if (manager !== undefined && !isEnvironmentManager(manager)) return { bad: 'environmentManager' };
  const given: Partial<Record<Text, string>> = {};
  for (const key of texts) {
    const value = field(key) ?? '';
    if (typeof value !== 'string' || !isPassable(value)) return { bad: key };
    if (value.trim() !== '') given[key] = value;
  }
  const dockerArguments = decodeTexts(field('dockerArguments') ?? []);
  if (!dockerArguments) return { bad: 'dockerArguments' };
  const sweep = field('sweep') === undefined ? undefined : decodeSweep(field('sweep'));
  if (sweep === 'bad') return { bad: 'sweep' };
  return {
    request: {
      entryPoint,
      project,
      parameters,
      ...given,
      ...(manager ? { environmentManager: manager } : {}),
      ...(dockerArguments.length > 0 ? { dockerArguments } : {}),
      ...(sweep ? { sweep } : {}),
    },
  };
}

const fieldOf = (object: object, key: string): unknown =>
  Object.hasOwn(object, key) ? Reflect.get(object, key) : undefined;

/** `./a/b/` becomes `a/b`. Undefined for what is no relative path inside the folder. */
function projectPath(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const parts = value.replaceAll('\\', '/').split('/');
  if (value.startsWith('/') || /^[a-z]:/i.test(value) || parts.includes('..')) return undefined;
  return parts.filter((part) => part !== '' && part !== '.').join('/');
}

/** Numbers and booleans as Python writes them: that is what MLflow makes of the same text in an MLproject. */
function decodeParameters(value: unknown): ReadonlyMap<string, string> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const parameters = new Map<string, string>();
  for (const [name, item] of Object.entries(value)) {
    const text = valueText(item);
    if (text === undefined) return undefined;
    parameters.set(name, text);
  }
  return parameters;
}

function valueText(item: unknown): string | undefined {
  if (typeof item === 'string' || typeof item === 'number') return String(item);
  return typeof item === 'boolean' ? (item ? 'True' : 'False') : undefined;
}

function decodeTexts(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.every((item): item is string => typeof item === 'string' && item !== '' && isPassable(item))
    ? value
    : undefined;
}

function decodeSweep(value: unknown): SweepSpec | 'bad' {
  if (typeof value !== 'object' || value === null) return 'bad';
  const method = fieldOf(value, 'method') ?? 'grid';
  const samples = wholeNumber(fieldOf(value, 'samples') ?? 10, 1);
  const seed = wholeNumber(fieldOf(value, 'seed') ?? 0, 0);
  const parallel = wholeNumber(fieldOf(value, 'parallel') ?? 1, 1);
  const values = decodeSweepValues(fieldOf(value, 'values'));
  if (!isSweepMethod(method) || samples === undefined || seed === undefined || parallel === undefined) return 'bad';
  return values ? { method, samples, seed, parallel, values } : 'bad';
}

const wholeNumber = (value: unknown, least: number): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= least ? value : undefined;

/** Of each parameter a text as `parseAxis` reads it, or a list of values. */
function decodeSweepValues(value: unknown): ReadonlyMap<string, string> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const values = new Map<string, string>();
  for (const [name, item] of Object.entries(value)) {
    const list = Array.isArray(item) ? item.map(valueText) : undefined;
    if (list?.some((text) => text === undefined)) return undefined;
    const text = list ? list.map((one) => JSON.stringify(one)).join(', ') : item;
    if (typeof text !== 'string') return undefined;
    values.set(name, text);
  }
  return values;
}

/** The definition of a request: what VS Code keeps, shows and writes into a tasks.json. Never holds a credential. */
export function definitionOf(request: LaunchRequest): { readonly type: string; readonly [property: string]: unknown } {
  const { entryPoint, project, parameters, environmentManager, dockerArguments, sweep } = request;
  const given = texts.flatMap((key) => (request[key] === undefined ? [] : [[key, request[key]] as const]));
  return {
    type: taskType,
    entryPoint,
    ...(project === '' ? {} : { project }),
    ...(parameters.size === 0 ? {} : { parameters: Object.fromEntries(parameters) }),
    ...Object.fromEntries(given),
    ...(environmentManager === undefined ? {} : { environmentManager }),
    ...(dockerArguments === undefined ? {} : { dockerArguments }),
    ...(sweep === undefined ? {} : { sweep: { ...sweep, values: Object.fromEntries(sweep.values) } }),
  };
}

/**
 * The same for VS Code to show and to tell tasks apart by. It fills in variables of every task, so that a value of some
 * run such as `${command:…}` would run a command: none stands in this one, and so it is not what is launched.
 */
export const inertDefinition = (request: LaunchRequest): { readonly type: string } =>
  JSON.parse(JSON.stringify(definitionOf(request)).replaceAll('${', '$ {'));

/** `main`, `main (sub/folder)`, `main @ v1.0` */
export function taskName({
  entryPoint,
  project,
  version,
}: Pick<LaunchRequest, 'entryPoint' | 'project' | 'version'>): string {
  const place = project === '' ? entryPoint : `${entryPoint} (${project})`;
  return version === undefined
    ? place
    : `${place} @ ${isFullCommitId(version) ? shortId(version) : version.slice(0, 40)}`;
}

/** `rate=0.1, note=x`: what tells two launches of an entry point apart. */
export const valuesText = ({ parameters, sweep }: Pick<LaunchRequest, 'parameters' | 'sweep'>): string =>
  [...parameters, ...(sweep?.values ?? [])].map(([name, value]) => `${name}=${value}`).join(', ');
