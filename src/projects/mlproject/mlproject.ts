import { readBrokenYaml, readYaml } from './readYaml';
import { entryOf, isNull, isText, isTruthy, type TextRange, type TreeNode, textOf, YamlProblem } from './yamlTree';

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

type Report = (kind: ProjectProblem['kind'], range: TextRange, subject?: string) => void;
const refuse = (kind: ProjectProblem['kind'], range: TextRange, subject = ''): never => {
  throw new Refusal({ kind, subject, range });
};

/**
 * Reads an MLproject file as `mlflow.projects._project_spec.load_project` of MLflow 3.17 does, and refuses what it
 * refuses. `bytes` is untrusted. The existence of the environment's file is for `missingEnvironment` to say.
 */
export async function parseMlproject(bytes: Uint8Array): Promise<ParsedProject> {
  try {
    if (bytes.length > maxProjectBytes) refuse('tooLarge', start);
    const root = await readYaml(decode(bytes));
    return { ok: true, project: projectOf(root, refuse) };
  } catch (error) {
    return { ok: false, problem: problemOf(error) };
  }
}

function problemOf(error: unknown): ProjectProblem {
  if (error instanceof Refusal) return error.problem;
  if (error instanceof YamlProblem) return { kind: 'syntax', subject: error.message, range: error.range };
  // Brackets nested by the thousand exhaust the stack, Python's own loader's too.
  if (error instanceof RangeError) return { kind: 'tooLarge', subject: '', range: start };
  throw error;
}

/** A text that somebody is writing. */
export interface ProjectDraft {
  /** What could be read of it, also where MLflow would refuse it. */
  readonly tree?: TreeNode;
  readonly project?: MlProject;
  /** All that MLflow would refuse, as far as it can be seen: none exactly when `parseMlproject` accepts the text. */
  readonly problems: readonly ProjectProblem[];
}

/** Reads an MLproject as `parseMlproject` does, but goes on after the first problem. */
export async function draftMlproject(text: string): Promise<ProjectDraft> {
  const problems: ProjectProblem[] = [];
  try {
    if (text.length > maxProjectBytes || Buffer.byteLength(text) > maxProjectBytes) refuse('tooLarge', start);
    requirePrintable(text);
    const { tree, problem } = await readBrokenYaml(text);
    if (problem) problems.push(problemOf(problem));
    if (!tree) return { problems };
    // What a broken text means is a guess: only its first fault is certain.
    const report: Report = (kind, range, subject = '') => void (problem ?? problems.push({ kind, subject, range }));
    return { tree, project: projectOf(tree, report), problems };
  } catch (error) {
    return { problems: [...problems, problemOf(error)] };
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

/**
 * The `name` of a mapping's direct child is found in a Map, never on an object: a key may be `__proto__`. What MLflow
 * refuses goes to `report`, which may throw; what follows is read as far as it can be.
 */
function projectOf(root: TreeNode, report: Report): MlProject {
  if (root.kind !== 'map') {
    report('notMapping', root.range);
    return { entryPoints: [] };
  }
  const environments = environmentKinds.flatMap((kind) => entryOf(root, kind) ?? []);
  const [first, second] = environments;
  if (first && second) report('severalEnvironments', second.key.range, environments.map(keyText).join(', '));
  const entryPoints = entryPointsOf(entryOf(root, 'entry_points')?.value, report);
  const name = entryOf(root, 'name')?.value;
  const named = name && !isNull(name) ? { name: textOf(name) } : {};
  const job = entryOf(root, 'databricks_spark_job');
  if (job && !isNull(job.value)) {
    requireSparkJob(job.value, entryPoints, first?.key.range, report);
    return { ...named, entryPoints };
  }
  const environment = first && isTruthy(first.value) ? environmentOf(keyText(first), first.value, report) : undefined;
  return { ...named, entryPoints, ...(environment ? { environment } : {}) };
}

const keyText = ({ key }: { readonly key: TreeNode }) => textOf(key);

function entryPointsOf(node: TreeNode | undefined, report: Report): readonly EntryPoint[] {
  if (!node) return [];
  if (node.kind !== 'map') {
    report('entryPointsNotMapping', node.range);
    return [];
  }
  return node.entries.flatMap(({ key, value }) => {
    const name = textOf(key);
    if (value.kind !== 'map') {
      report('entryPointNotMapping', key.range, name);
      return [];
    }
    const command = entryOf(value, 'command')?.value;
    const parameters = entryOf(value, 'parameters')?.value;
    return {
      name,
      parameters: parameters ? parametersOf(parameters, name, report) : [],
      ...(isText(command) ? { command: command.value.text } : {}),
      reachable: isText(key),
      range: key.range,
    };
  });
}

function parametersOf(node: TreeNode, entryPoint: string, report: Report): readonly Parameter[] {
  if (node.kind !== 'map') {
    report('parametersNotMapping', node.range, entryPoint);
    return [];
  }
  return node.entries.flatMap(({ key, value }) => {
    const base = { name: textOf(key), reachable: isText(key), range: key.range };
    if (isText(value)) return { ...base, type: value.value.text };
    if (value.kind !== 'map') {
      report('parameterNotTextOrMapping', key.range, base.name);
      return [];
    }
    const type = entryOf(value, 'type')?.value;
    const fallback = entryOf(value, 'default')?.value;
    return {
      ...base,
      type: type ? textOf(type) : 'string',
      ...(fallback && !isNull(fallback) ? { default: textOf(fallback) } : {}),
    };
  });
}

function environmentOf(kind: string, node: TreeNode, report: Report): ProjectEnvironment | undefined {
  const known = environmentKinds.find((name) => name === kind);
  if (!known) return undefined;
  if (known === 'docker_env') {
    requireDocker(node, report);
    return { kind: known, range: node.range };
  }
  if (isText(node)) return { kind: known, file: node.value.text, range: node.range };
  report('environmentNotText', node.range, known);
  return undefined;
}

function requireDocker(node: TreeNode, report: Report): void {
  if (node.kind !== 'map') {
    report('dockerNotMapping', node.range);
    return;
  }
  const image = entryOf(node, 'image')?.value;
  if (!image || !isTruthy(image)) report('dockerImageMissing', node.range);
  const volumes = entryOf(node, 'volumes')?.value;
  if (volumes && isTruthy(volumes) && !(volumes.kind === 'list' && volumes.items.every(isText)))
    report('dockerVolumes', volumes.range);
  const variables = entryOf(node, 'environment')?.value;
  const isVariable = (item: TreeNode) => item.kind === 'list' || isText(item);
  if (variables && isTruthy(variables) && !(variables.kind === 'list' && variables.items.every(isVariable)))
    report('dockerEnvironment', variables.range);
}

/** The rules of `databricks_spark_job`: such a file declares no environment, and a file of Python or entry points. */
function requireSparkJob(
  job: TreeNode,
  entryPoints: readonly EntryPoint[],
  environment: TextRange | undefined,
  report: Report,
): void {
  if (job.kind !== 'map') {
    report('sparkJob', job.range);
    return;
  }
  const file = entryOf(job, 'python_file')?.value;
  const hasFile = file !== undefined && !isNull(file);
  if (hasFile === entryPoints.length > 0) report('sparkJob', job.range);
  if (environment) report('sparkJob', environment);
  const path = entryPoints.flatMap(({ parameters }) => parameters).find(({ type }) => type === 'path');
  if (path) report('sparkJob', path.range, path.name);
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
  requirePrintable(text);
  return text;
}

function requirePrintable(text: string): void {
  const bad = unprintable.exec(text);
  if (!bad) return;
  const before = text.slice(0, bad.index).split('\n');
  const [line, column] = [before.length - 1, before.at(-1)?.length ?? 0];
  refuse('characters', { line, column, endLine: line, endColumn: column + 1 });
}
