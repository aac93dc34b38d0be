/** A task of type `flowdeck`, as package.json declares it and as it stands in somebody's tasks.json. */
export const taskType = 'flowdeck';

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
  readonly experiment?: string;
  readonly runName?: string;
  readonly environmentManager?: EnvironmentManager;
}

export type DecodedDefinition =
  | { readonly request: LaunchRequest }
  /** The property that cannot be used. */
  | { readonly bad: string };

/** Reads a definition; it comes from a file that anybody may have written. */
export function decodeDefinition(definition: unknown): DecodedDefinition {
  if (typeof definition !== 'object' || definition === null) return { bad: 'type' };
  const field = (key: string): unknown => (Object.hasOwn(definition, key) ? Reflect.get(definition, key) : undefined);
  const entryPoint = field('entryPoint');
  if (typeof entryPoint !== 'string' || entryPoint === '') return { bad: 'entryPoint' };
  const project = projectPath(field('project') ?? '');
  if (project === undefined) return { bad: 'project' };
  const parameters = decodeParameters(field('parameters') ?? {});
  if (!parameters) return { bad: 'parameters' };
  const manager = field('environmentManager');
  if (manager !== undefined && !isEnvironmentManager(manager)) return { bad: 'environmentManager' };
  const texts: { experiment?: string; runName?: string } = {};
  for (const key of ['experiment', 'runName'] as const) {
    const value = field(key) ?? '';
    if (typeof value !== 'string') return { bad: key };
    if (value.trim() !== '') texts[key] = value;
  }
  return {
    request: { entryPoint, project, parameters, ...texts, ...(manager ? { environmentManager: manager } : {}) },
  };
}

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
    if (typeof item === 'string' || typeof item === 'number') parameters.set(name, String(item));
    else if (typeof item === 'boolean') parameters.set(name, item ? 'True' : 'False');
    else return undefined;
  }
  return parameters;
}

/** The definition of a request: what VS Code keeps, shows and writes into a tasks.json. Never holds a credential. */
export function definitionOf(request: LaunchRequest): { readonly type: string; readonly [property: string]: unknown } {
  const { entryPoint, project, parameters, experiment, runName, environmentManager } = request;
  return {
    type: taskType,
    entryPoint,
    ...(project === '' ? {} : { project }),
    ...(parameters.size === 0 ? {} : { parameters: Object.fromEntries(parameters) }),
    ...(experiment === undefined ? {} : { experiment }),
    ...(runName === undefined ? {} : { runName }),
    ...(environmentManager === undefined ? {} : { environmentManager }),
  };
}

/** `main`, `main (sub/folder)` */
export const taskName = ({ entryPoint, project }: Pick<LaunchRequest, 'entryPoint' | 'project'>) =>
  project === '' ? entryPoint : `${entryPoint} (${project})`;
