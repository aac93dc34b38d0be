import { getLocation, type Location, parse } from 'jsonc-parser';
import { taskType } from '../../platform/ids';

/** What may be written at a place of a tasks.json, in a task of ours. */
export interface TaskPlace {
  readonly kind: 'folder' | 'entryPoint' | 'project' | 'experiment' | 'parameterName' | 'parameterValue';
  /** As it stands in the task; absent where the task names none. */
  readonly folder?: string;
  readonly project?: string;
  readonly entryPoint?: string;
  /** Of the value. */
  readonly parameter?: string;
  /** Names that the object has already. */
  readonly taken: readonly string[];
  /** Offsets of the text that a suggestion takes the place of. */
  readonly start: number;
  readonly end: number;
}

/** Undefined where nothing of ours belongs. The text may be as incomplete as it is while somebody types. */
export function taskPlaceAt(text: string, offset: number): TaskPlace | undefined {
  const location = getLocation(text, offset);
  // A .code-workspace file has what is a tasks.json elsewhere under the same name.
  const isInWorkspace = location.path[0] === 'tasks' && location.path[1] === 'tasks';
  const [list, at, ...inside] = location.path.slice(isInWorkspace ? 1 : 0);
  if (list !== 'tasks' || typeof at !== 'number') return undefined;
  const whole = parse(text, [], { allowTrailingComma: true });
  const task = fieldOf(fieldOf(isInWorkspace ? fieldOf(whole, 'tasks') : whole, 'tasks'), at);
  if (fieldOf(task, 'type') !== taskType) return undefined;
  const kind = kindOf(inside.map(String), location.isAtPropertyKey);
  if (!kind) return undefined;
  const object = inside.slice(0, -1).reduce<unknown>((whole, key) => fieldOf(whole, key), task);
  const name = inside.at(-1);
  return {
    kind,
    ...textField(task, 'folder'),
    ...textField(task, 'project'),
    ...textField(task, 'entryPoint'),
    ...(kind === 'parameterValue' ? { parameter: String(name) } : {}),
    taken: Object.keys(Object(object)).filter((key) => key !== name),
    ...spanAt(text, offset, location),
  };
}

function kindOf(inside: readonly string[], isKey: boolean): TaskPlace['kind'] | undefined {
  const [first, second, third, ...more] = inside;
  if (more.length > 0) return undefined;
  if (second === undefined) {
    const plain = first === 'entryPoint' || first === 'project' || first === 'folder' || first === 'experiment';
    return plain && !isKey ? first : undefined;
  }
  const isName = first === 'parameters' ? third === undefined : first === 'sweep' && second === 'values';
  if (!isName || (first === 'sweep' && third === undefined)) return undefined;
  return isKey ? 'parameterName' : first === 'parameters' ? 'parameterValue' : undefined;
}

const fieldOf = (whole: unknown, key: string | number): unknown =>
  typeof whole === 'object' && whole !== null && Object.hasOwn(whole, key) ? Reflect.get(whole, key) : undefined;

function textField<K extends string>(task: unknown, key: K): { readonly [P in K]?: string } {
  const value = fieldOf(task, key);
  return (typeof value === 'string' ? { [key]: value } : {}) as { readonly [P in K]?: string };
}

/** The quoted text at the place, or the bare word that is being typed. */
function spanAt(text: string, offset: number, { previousNode }: Location): { start: number; end: number } {
  if (previousNode && previousNode.offset <= offset && offset <= previousNode.offset + previousNode.length) {
    const end = previousNode.offset + previousNode.length;
    const quoted = text.slice(previousNode.offset, end);
    // One without an end goes on to the end of its line, commas and all.
    const isWhole = !quoted.startsWith('"') || (quoted.length > 1 && quoted.endsWith('"'));
    return { start: previousNode.offset, end: isWhole ? end : offset };
  }
  const word = /[\w.@-]*$/.exec(text.slice(0, offset))?.[0] ?? '';
  return { start: offset - word.length, end: offset };
}
