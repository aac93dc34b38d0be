import { TagKey, type Tags } from '../../shared/domain';
import { isPassable } from './taskDefinition';

/** Flowdeck's own: what MLflow records nowhere of a launch, for whoever launches the same again. */
const configTag = 'flowdeck.backend.config';
const dockerTag = 'flowdeck.docker.arguments';
/** On the parent of a sweep: how its children were chosen. */
export const sweepTag = 'flowdeck.sweep';
/** Characters; the least of what servers take. */
const mostText = 4_500;
/** What is given to docker is shown in full before: a tag may have been written by anybody. */
export const mostDockerArguments = 20;
export const mostOfArgument = 200;

export interface Given {
  /** As it was given, '' for none; absent where nobody recorded it. */
  readonly backendConfig?: string | undefined;
  /** Absent where nobody recorded them. */
  readonly dockerArguments?: readonly string[] | undefined;
}

/** What a launch elsewhere, or in a container, is tagged with. */
export function givenTags(
  { backendConfig = '', dockerArguments = [] }: Given,
  on: { readonly backend: boolean; readonly docker: boolean },
): Tags {
  const all = {
    ...(on.backend ? { [configTag]: backendConfig } : {}),
    ...(on.docker ? { [dockerTag]: JSON.stringify(dockerArguments.map(withoutSecret)) } : {}),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value.length <= mostText));
}

/** The value of a variable may be one: without it docker takes the variable of whoever launches. */
const withoutSecret = (argument: string) => /^(?:e|env)=[^=]*(?==)/.exec(argument)?.[0] ?? argument;

/** The name of an argument of docker that stands there twice: MLflow takes each once. */
export function repeatedName(dockerArguments: readonly string[]): string | undefined {
  const names = dockerArguments.map((argument) => argument.split('=', 1)[0] ?? '');
  return names.find((name, at) => names.indexOf(name) < at);
}

/** Reads them back, as anybody may have written them. */
export function givenOf(tags: Tags): Given {
  const config = tags[configTag];
  const docker = decodeArguments(tags[dockerTag]);
  return {
    ...(config !== undefined && isPassable(config) ? { backendConfig: config } : {}),
    ...(docker ? { dockerArguments: docker } : {}),
  };
}

/** The backend that a run was made on, where that is not here. */
export function backendOf(tags: Tags): string | undefined {
  const name = tags[TagKey.projectBackend]?.trim();
  return name === undefined || name === '' || name === 'local' || !isPassable(name) ? undefined : name;
}

function decodeArguments(text: string | undefined): readonly string[] | undefined {
  try {
    const items: unknown = JSON.parse(text ?? 'null');
    const isUsable = (item: unknown): item is string =>
      typeof item === 'string' && item !== '' && item.length <= mostOfArgument && isPassable(item);
    return Array.isArray(items) && items.length <= mostDockerArguments && items.every(isUsable) ? items : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
