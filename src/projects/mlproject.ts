import {
  entryOf,
  isNull,
  isText,
  isTruthy,
  readYaml,
  type TextRange,
  type TreeNode,
  textOf,
  YamlProblem,
} from './yamlTree';

export interface Parameter {
  readonly name: string;
  /** `string`, `float`, `path`, `uri`, or whatever else stands there: MLflow takes any. */
  readonly type: string;
  /** As MLflow passes it on; absent when the parameter must be given. */
  readonly default?: string;
  /** A key such as `1:` is no text to Python, and no `-P` reaches it. */
  readonly reachable: boolean;
  readonly range: TextRange;
}

export interface EntryPoint {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** Absent where MLflow loads the file but cannot run the entry point. */
  readonly command?: string;
  readonly reachable: boolean;
  readonly range: TextRange;
}

export const environmentKinds = ['python_env', 'conda_env', 'docker_env'] as const;
export type EnvironmentKind = (typeof environmentKinds)[number];

export interface ProjectEnvironment {
  readonly kind: EnvironmentKind;
  /** Relative to the project's folder; absent for docker_env. */
  readonly file?: string;
  readonly range: TextRange;
}

export interface MlProject {
  readonly name?: string;
  readonly entryPoints: readonly EntryPoint[];
  readonly environment?: ProjectEnvironment;
}

/** What is wrong with a file; `subject` names what, where the kind needs it. */
export interface ProjectProblem {
  readonly kind:
    | 'syntax'
    | 'characters'
    | 'tooLarge'
    | 'notMapping'
    | 'entryPointsNotMapping'
    | 'entryPointNotMapping'
    | 'parametersNotMapping'
    | 'parameterNotTextOrMapping'
    | 'severalEnvironments'
    | 'environmentNotText'
    | 'environmentMissing'
    | 'dockerNotMapping'
    | 'dockerImageMissing'
    | 'dockerVolumes'
    | 'dockerEnvironment'
    | 'sparkJob';
  readonly subject: string;
  readonly range: TextRange;
}

export type ParsedProject =
  | { readonly ok: true; readonly project: MlProject }
  | { readonly ok: false; readonly problem: ProjectProblem };

/** Larger files are not read, bytes: parsing happens in the extension host. */
export const maxProjectBytes = 200_000;

const start: TextRange = { line: 0, column: 0, endLine: 0, endColumn: 0 };

class Refusal extends Error {
  constructor(readonly problem: ProjectProblem) {
    super(problem.kind);
  }
}

const refusal = (kind: ProjectProblem['kind'], range: TextRange, subject = '') => new Refusal({ kind, subject, range });
const refuse = (kind: ProjectProblem['kind'], range: TextRange, subject = ''): never => {
  throw refusal(kind, range, subject);
};

/**
 * Reads an MLproject file as `mlflow.projects._project_spec.load_project` of MLflow 3.17 does, and refuses what it
 * refuses. `bytes` is untrusted. The existence of the environment's file is for `missingEnvironment` to say.
 */
export async function parseMlproject(bytes: Uint8Array): Promise<ParsedProject> {
  try {
    if (bytes.length > maxProjectBytes) refuse('tooLarge', start);
    const root = await readYaml(decode(bytes));
    return { ok: true, project: projectOf(root) };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, problem: error.problem };
    if (error instanceof YamlProblem)
      return { ok: false, problem: { kind: 'syntax', subject: error.message, range: error.range } };
    // Brackets nested by the thousand exhaust the stack, Python's own loader's too.
    if (error instanceof RangeError) return { ok: false, problem: { kind: 'tooLarge', subject: '', range: start } };
    throw error;
  }
}

/** The problem of an environment file that is not there; `exists` is asked for a path relative to the project. */
export async function missingEnvironment(
  { environment }: MlProject,
  exists: (file: string) => Promise<boolean>,
): Promise<ProjectProblem | undefined> {
  if (environment?.file === undefined || (await exists(environment.file))) return undefined;
  return { kind: 'environmentMissing', subject: environment.file, range: environment.range };
}

/** The `name` of a mapping's direct child is found in a Map, never on an object: a key may be `__proto__`. */
function projectOf(root: TreeNode): MlProject {
  if (root.kind !== 'map') return refuse('notMapping', root.range);
  const environments = environmentKinds.flatMap((kind) => entryOf(root, kind) ?? []);
  const [first, second] = environments;
  if (first && second) refuse('severalEnvironments', second.key.range, environments.map(keyText).join(', '));
  const entryPoints = entryPointsOf(entryOf(root, 'entry_points')?.value);
  const name = entryOf(root, 'name')?.value;
  const named = name && !isNull(name) ? { name: textOf(name) } : {};
  const job = entryOf(root, 'databricks_spark_job');
  if (job && !isNull(job.value)) {
    requireSparkJob(job.value, entryPoints, first?.key.range);
    return { ...named, entryPoints };
  }
  const environment = first && isTruthy(first.value) ? environmentOf(keyText(first), first.value) : undefined;
  return { ...named, entryPoints, ...(environment ? { environment } : {}) };
}

const keyText = ({ key }: { readonly key: TreeNode }) => textOf(key);

function entryPointsOf(node: TreeNode | undefined): readonly EntryPoint[] {
  if (!node) return [];
  if (node.kind !== 'map') return refuse('entryPointsNotMapping', node.range);
  return node.entries.map(({ key, value }) => {
    const name = textOf(key);
    if (value.kind !== 'map') return refuse('entryPointNotMapping', key.range, name);
    const command = entryOf(value, 'command')?.value;
    const parameters = entryOf(value, 'parameters')?.value;
    return {
      name,
      parameters: parameters ? parametersOf(parameters, name) : [],
      ...(isText(command) ? { command: command.value.text } : {}),
      reachable: isText(key),
      range: key.range,
    };
  });
}

function parametersOf(node: TreeNode, entryPoint: string): readonly Parameter[] {
  if (node.kind !== 'map') return refuse('parametersNotMapping', node.range, entryPoint);
  return node.entries.map(({ key, value }) => {
    const base = { name: textOf(key), reachable: isText(key), range: key.range };
    if (isText(value)) return { ...base, type: value.value.text };
    if (value.kind !== 'map') return refuse('parameterNotTextOrMapping', key.range, base.name);
    const type = entryOf(value, 'type')?.value;
    const fallback = entryOf(value, 'default')?.value;
    return {
      ...base,
      type: type ? textOf(type) : 'string',
      ...(fallback && !isNull(fallback) ? { default: textOf(fallback) } : {}),
    };
  });
}

function environmentOf(kind: string, node: TreeNode): ProjectEnvironment | undefined {
  const known = environmentKinds.find((name) => name === kind);
  if (!known) return undefined;
  if (known === 'docker_env') {
    requireDocker(node);
    return { kind: known, range: node.range };
  }
  return isText(node)
    ? { kind: known, file: node.value.text, range: node.range }
    : refuse('environmentNotText', node.range, known);
}

function requireDocker(node: TreeNode): void {
  if (node.kind !== 'map') throw refusal('dockerNotMapping', node.range);
  const image = entryOf(node, 'image')?.value;
  if (!image || !isTruthy(image)) refuse('dockerImageMissing', node.range);
  const volumes = entryOf(node, 'volumes')?.value;
  if (volumes && isTruthy(volumes) && !(volumes.kind === 'list' && volumes.items.every(isText)))
    refuse('dockerVolumes', volumes.range);
  const variables = entryOf(node, 'environment')?.value;
  const isVariable = (item: TreeNode) => item.kind === 'list' || isText(item);
  if (variables && isTruthy(variables) && !(variables.kind === 'list' && variables.items.every(isVariable)))
    refuse('dockerEnvironment', variables.range);
}

/** The rules of `databricks_spark_job`: such a file declares no environment, and a file of Python or entry points. */
function requireSparkJob(job: TreeNode, entryPoints: readonly EntryPoint[], environment: TextRange | undefined): void {
  if (job.kind !== 'map') throw refusal('sparkJob', job.range);
  const file = entryOf(job, 'python_file')?.value;
  const hasFile = file !== undefined && !isNull(file);
  if (hasFile === entryPoints.length > 0) refuse('sparkJob', job.range);
  if (environment) refuse('sparkJob', environment);
  const path = entryPoints.flatMap(({ parameters }) => parameters).find(({ type }) => type === 'path');
  if (path) refuse('sparkJob', path.range, path.name);
}

// PyYAML's own set of printable characters; \t, \r and \n are among them.
const unprintable = /[^\t\n\r -~\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

function decode(bytes: Uint8Array): string {
  let text = '';
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) refuse('characters', start);
    throw error;
  }
  const bad = unprintable.exec(text);
  if (bad) {
    const before = text.slice(0, bad.index).split('\n');
    const [line, column] = [before.length - 1, before.at(-1)?.length ?? 0];
    refuse('characters', { line, column, endLine: line, endColumn: column + 1 });
  }
  return text;
}
