import { exposedPlaceholders } from '../command/commandQuoting';
import type { Placeholder } from '../command/pythonFormat';
import { missingEnvironment, type ProjectProblem } from '../mlproject/mlproject';
import { isText, type TextRange, type TreeEntry, type TreeNode } from '../mlproject/yamlTree';
import { isLocalPath, isPythonFloat } from '../request/parameters';
import { formatCodes, impossibleFields } from './commandLine';
import { nearestName } from './nearestName';
import { mapAt, type Outline, type OutlineEntryPoint, type OutlineParameter } from './outline';
import { documentedTypes, isKnownType, type KeyPlace, keys } from './vocabulary';

export type FindingCode =
  | ProjectProblem['kind']
  | 'commandMissing'
  | 'commandNotText'
  | 'braceAlone'
  | 'placeholderNumber'
  | 'placeholderForm'
  | 'placeholderUnknown'
  | 'placeholderQuoted'
  | 'placeholderExposed'
  | 'parameterUnused'
  | 'nameNotText'
  | 'typeUnknown'
  | 'defaultNotNumber'
  | 'defaultNotInteger'
  | 'defaultNotUri'
  | 'defaultNoFile'
  | 'defaultNull'
  | 'duplicateKey'
  | 'keyUnknown';

export interface Finding {
  readonly code: FindingCode;
  /**
   * error: MLflow refuses the file or the entry point. warning: it does something else than what was probably meant.
   * information: it ignores what stands there.
   */
  readonly severity: 'error' | 'warning' | 'information';
  readonly range: TextRange;
  /** What it is about, where the code needs it. */
  readonly subject: string;
  /** The name that was probably meant. */
  readonly nearest?: string;
}

type Exists = (file: string) => Promise<boolean>;

/** All that is to be said of a file. `exists` is asked for paths relative to the project's folder, or absolute. */
export async function findingsOf(outline: Outline, exists: Exists): Promise<readonly Finding[]> {
  const { draft, entryPoints } = outline;
  const fatal = draft.problems.map(({ kind, range, subject }) => finding(kind, 'error', range, subject));
  // The rest of a text that cannot be read is a guess, and so would be what is said of it.
  if (draft.problems.some(({ kind }) => kind === 'syntax' || kind === 'characters' || kind === 'tooLarge'))
    return fatal;
  const missing = draft.project && (await missingEnvironment(draft.project, exists));
  const environment = missing ? [finding(missing.kind, 'error', missing.range, missing.subject)] : [];
  const paths = await Promise.all(
    entryPoints.flatMap(({ parameters }) => parameters).map((item) => lostPath(item, exists)),
  );
  return [
    ...fatal,
    ...environment,
    ...entryPoints.flatMap((point) => entryPointFindings(outline, point)),
    ...paths.flat(),
    ...keyFindings(draft.tree),
  ];
}

function finding(
  code: FindingCode,
  severity: Finding['severity'],
  range: TextRange,
  subject = '',
  nearest?: string,
): Finding {
  return { code, severity, range, subject, ...(nearest === undefined ? {} : { nearest }) };
}

function entryPointFindings(outline: Outline, point: OutlineEntryPoint): readonly Finding[] {
  const named = isText(point.key) ? [] : [finding('nameNotText', 'warning', point.key.range, point.name)];
  return [...named, ...commandFindings(outline, point), ...point.parameters.flatMap(parameterFindings)];
}

function commandFindings(outline: Outline, point: OutlineEntryPoint): readonly Finding[] {
  const { command, value, name } = point;
  if (value.kind !== 'map') return [];
  if (!command) {
    const written = value.entries.find(({ key }) => isText(key) && key.value.text === 'command');
    return written
      ? [finding('commandNotText', 'error', written.value.range, name)]
      : [finding('commandMissing', 'error', point.key.range, name)];
  }
  const at = (start: number, end: number) => outline.rangeOf(command.spanOf(start, end));
  const { problem } = command.format;
  const broken = problem
    ? [
        finding(
          formatCodes[problem.kind],
          'error',
          at(problem.start, problem.end),
          command.text.slice(problem.start, problem.end),
        ),
      ]
    : [];
  const declared = point.parameters.map((parameter) => parameter.name);
  const exposed = new Map(exposedPlaceholders(command.text).map((item) => [item.start, item.inQuotes]));
  const said = command.placeholders.flatMap((placeholder): readonly Finding[] => {
    const { name: wanted, start, end } = placeholder;
    if (!declared.includes(wanted)) return [unknownPlaceholder(placeholder, declared, at)];
    const inQuotes = exposed.get(start);
    if (inQuotes === undefined) return [];
    return [finding(inQuotes ? 'placeholderQuoted' : 'placeholderExposed', 'warning', at(start, end), wanted)];
  });
  const impossible = impossibleFields(point).map(({ start, end }) =>
    finding('placeholderForm', 'error', at(start, end), command.text.slice(start, end)),
  );
  // Where Python stops reading nothing is known of what follows.
  return [...broken, ...said, ...impossible, ...(problem ? [] : unused(point))];
}

function unknownPlaceholder(
  { name, nameStart, nameEnd }: Placeholder,
  declared: readonly string[],
  at: (start: number, end: number) => TextRange,
): Finding {
  return finding('placeholderUnknown', 'error', at(nameStart, nameEnd), name, nearestName(name, declared));
}

/** MLflow drops them without a word: the value that somebody gives reaches nobody. */
function unused({ command, parameters }: OutlineEntryPoint): readonly Finding[] {
  const used = new Set(command?.placeholders.map(({ name }) => name));
  return parameters
    .filter(({ name }) => !used.has(name))
    .map(({ name, key }) => finding('parameterUnused', 'information', key.range, name));
}

function parameterFindings(parameter: OutlineParameter): readonly Finding[] {
  const { name, key, type, typeNode, defaultNode } = parameter;
  const found: Finding[] = [];
  if (!isText(key)) found.push(finding('nameNotText', 'warning', key.range, name));
  if (typeNode && !isKnownType(type) && !(parameter.value === typeNode && !isText(typeNode)))
    found.push(finding('typeUnknown', 'warning', typeNode.range, type, nearestName(type, documentedTypes)));
  if (defaultNode) found.push(...defaultFindings(parameter, defaultNode));
  return found;
}

function defaultFindings({ name, type, default: fallback }: OutlineParameter, node: TreeNode): readonly Finding[] {
  if (fallback === undefined) return [finding('defaultNull', 'information', node.range, name)];
  if (type === 'float' && !isPythonFloat(fallback))
    return [finding('defaultNotNumber', 'warning', node.range, fallback)];
  if (/^int(eger)?$/.test(type) && !/^[-+]?\d+$/.test(fallback))
    return [finding('defaultNotInteger', 'warning', node.range, fallback)];
  if (type === 'uri' && !/^[a-z][a-z0-9+.-]*:/i.test(fallback))
    return [finding('defaultNotUri', 'error', node.range, fallback)];
  return [];
}

async function lostPath(
  { type, default: fallback, defaultNode }: OutlineParameter,
  exists: Exists,
): Promise<readonly Finding[]> {
  if (type !== 'path' || !defaultNode || fallback === undefined || !isLocalPath(fallback)) return [];
  return (await exists(fallback)) ? [] : [finding('defaultNoFile', 'warning', defaultNode.range, fallback)];
}

function keyFindings(tree: TreeNode | undefined): readonly Finding[] {
  if (!tree) return [];
  const points = mapAt(tree, 'entry_points')?.entries ?? [];
  const parameters = points.flatMap(({ value }) => mapAt(value, 'parameters')?.entries ?? []);
  const of = (node: TreeNode | undefined, place: KeyPlace) => (node ? unknownKeys(node, place) : []);
  const found = [
    ...of(tree, 'root'),
    ...points.flatMap(({ value }) => of(value, 'entryPoint')),
    ...parameters.flatMap(({ value }) => of(value, 'parameter')),
    ...of(mapAt(tree, 'docker_env'), 'docker_env'),
    ...of(mapAt(tree, 'databricks_spark_job'), 'databricks_spark_job'),
    ...duplicates(tree),
  ];
  // Parts that aliases share are seen more than once.
  const seen = new Set<string>();
  return found.filter(({ code, range }) => {
    const id = `${code} ${range.line} ${range.column}`;
    return !seen.has(id) && seen.add(id);
  });
}

function unknownKeys(node: TreeNode, place: KeyPlace): readonly Finding[] {
  if (node.kind !== 'map') return [];
  const known: readonly string[] = keys[place];
  return node.entries.flatMap(({ key, value }: TreeEntry) => {
    const { text } = key.value;
    if (isText(key) && known.includes(text)) return [];
    const nearest = nearestName(text, known);
    // Parts for use elsewhere in the file are put beside the sections.
    if (place === 'root' && nearest === undefined && value.kind !== 'scalar') return [];
    return [finding('keyUnknown', nearest === undefined ? 'information' : 'warning', key.range, text, nearest)];
  });
}

/** Each node once: aliases would have a small file walked through for ever. */
function duplicates(tree: TreeNode): readonly Finding[] {
  const seen = new Set<TreeNode>();
  const walk = (node: TreeNode): readonly Finding[] => {
    if (seen.has(node) || node.kind === 'scalar') return [];
    seen.add(node);
    if (node.kind === 'list') return node.items.flatMap(walk);
    const lost = node.overwritten.map(({ key }) => finding('duplicateKey', 'warning', key.range, key.value.text));
    return [...lost, ...[...node.overwritten, ...node.entries].flatMap(({ value }) => walk(value))];
  };
  return walk(tree);
}
