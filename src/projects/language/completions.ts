import { environmentKinds } from '../mlproject/mlproject';
import { type Cursor, cursorAt } from './cursor';
import { type Outline, outlineOf, type Span } from './outline';
import { documentedTypes, keys } from './vocabulary';

export interface Completion {
  readonly kind: 'key' | 'type' | 'placeholder' | 'parameter' | 'file' | 'folder' | 'entryPoint';
  readonly label: string;
  /** As a snippet of the editor: `$1` are places to go on. */
  readonly insert: string;
  /** What is replaced. */
  readonly span: Span;
  /** Type and default of a parameter; the place of a key. */
  readonly detail?: string;
}

/** Names in a folder, relative to the project's; folders end with `/`. */
export type ListFolder = (folder: string) => Promise<readonly string[]>;

/** What may stand at an offset of a file, finished or not. */
export async function completionsAt(source: string, offset: number, list: ListFolder): Promise<readonly Completion[]> {
  const cursor = await cursorAt(source, offset);
  if (!cursor) return [];
  const typed = /[^\s{}[\],:"'()=;|&<>$]*$/.exec(cursor.before.replaceAll('\n', ' '))?.[0] ?? '';
  const following = /^[\w.-]*/.exec(source.slice(offset))?.[0] ?? '';
  const span = { start: offset - typed.length, end: offset + following.length };
  const request = { source, cursor, typed, span, list };
  return cursor.role === 'key' ? keyCompletions(request) : await valueCompletions(request);
}

interface Request {
  readonly source: string;
  readonly cursor: Cursor;
  readonly typed: string;
  readonly span: Span;
  readonly list: ListFolder;
}

/** Indented lines of a snippet keep the indentation of the line they are put on. */
const keyTexts: Readonly<Record<string, string>> = {
  name: 'name: $0',
  entry_points: 'entry_points:\n  $1:\n    command: "$0"',
  python_env: 'python_env: $0',
  conda_env: 'conda_env: $0',
  docker_env: 'docker_env:\n  image: $0',
  databricks_spark_job: 'databricks_spark_job:\n  python_file: $0',
  parameters: 'parameters:\n  $1: {type: $2, default: $0}',
  command: 'command: "$0"',
  volumes: 'volumes: ["$0"]',
  environment: 'environment: ["$0"]',
  python_libraries: 'python_libraries: [$0]',
};

async function keyCompletions(request: Request): Promise<readonly Completion[]> {
  const { path, siblings } = request.cursor;
  const [section, , place] = path;
  if (path.length === 0) {
    const hasEnvironment = environmentKinds.some((kind) => siblings.includes(kind));
    return named(
      request,
      keys.root.filter((key) => !(hasEnvironment && environmentKinds.some((kind) => kind === key))),
    );
  }
  if (section === 'docker_env' && path.length === 1) return named(request, keys.docker_env);
  if (section === 'databricks_spark_job' && path.length === 1)
    return named(request, keys.databricks_spark_job, { parameters: 'parameters: [$0]' });
  if (section !== 'entry_points') return [];
  if (path.length === 1) return newEntryPoint(request);
  if (path.length === 2) return named(request, keys.entryPoint);
  if (place !== 'parameters') return [];
  if (path.length === 3) return undeclared(request);
  return path.length === 4 ? named(request, keys.parameter, { type: 'type: $0', default: 'default: $0' }) : [];
}

/** The keys that are not there yet. */
function named(
  { cursor, source, span }: Request,
  names: readonly string[],
  texts: Readonly<Record<string, string>> = {},
): readonly Completion[] {
  const hasColon = /^\s*:/.test(source.slice(span.end));
  return names
    .filter((name) => !cursor.siblings.includes(name))
    .map((name) => ({
      kind: 'key',
      label: name,
      insert: hasColon ? name : (texts[name] ?? keyTexts[name] ?? `${name}: $0`),
      span,
    }));
}

function newEntryPoint({ cursor, span }: Request): readonly Completion[] {
  return ['main', 'train', 'evaluate']
    .filter((name) => !cursor.siblings.includes(name))
    .map((name) => ({ kind: 'entryPoint', label: name, insert: `${name}:\n  command: "$0"`, span }));
}

/** What the command wants and nobody declares. */
async function undeclared({ cursor, source, span }: Request): Promise<readonly Completion[]> {
  const point = entryPointAt(await outlineOf(source), cursor, span.start);
  const wanted = new Set(point?.command?.placeholders.map(({ name }) => name));
  return [...wanted]
    .filter((name) => !cursor.siblings.includes(name))
    .map((name) => ({ kind: 'parameter', label: name, insert: `${name}: {type: \${1:string}, default: $0}`, span }));
}

function entryPointAt({ entryPoints }: Outline, { path }: Cursor, offset: number) {
  const alike = entryPoints.filter(({ name }) => name === path[1]);
  return alike.find(({ key, value }) => offset >= key.start && offset <= value.end) ?? alike[0];
}

async function valueCompletions(request: Request): Promise<readonly Completion[]> {
  const { path } = request.cursor;
  const [section, , place, , field] = path;
  if (path.length === 1 && (section === 'python_env' || section === 'conda_env')) return files(request, /\.ya?ml$/i);
  if (section === 'databricks_spark_job' && path[1] === 'python_file') return files(request, /\.py$/i);
  if (section !== 'entry_points') return [];
  if (path.length === 3 && place === 'command') return commandCompletions(request);
  if (place !== 'parameters') return [];
  if (path.length === 4) return [...types(request), ...parameterForms(request)];
  if (path.length === 5 && field === 'type') return types(request);
  return path.length === 5 && field === 'default' ? await defaults(request) : [];
}

const types = ({ span }: Request): readonly Completion[] =>
  documentedTypes.map((type) => ({ kind: 'type', label: type, insert: type, span }));

function parameterForms({ span, cursor }: Request): readonly Completion[] {
  if (cursor.isQuoted) return [];
  return documentedTypes.map((type) => ({
    kind: 'type',
    label: `{type: ${type}, default: }`,
    insert: `{type: ${type}, default: $0}`,
    span,
  }));
}

async function defaults(request: Request): Promise<readonly Completion[]> {
  const outline = await outlineOf(request.source);
  const point = entryPointAt(outline, request.cursor, request.span.start);
  const parameter = point?.parameters.find(({ name }) => name === request.cursor.path[3]);
  return parameter?.type === 'path' ? files(request, /./) : [];
}

async function commandCompletions(request: Request): Promise<readonly Completion[]> {
  const { cursor, source, span } = request;
  const opened = /\{+$/.exec(cursor.before.slice(0, cursor.before.length - request.typed.length))?.[0].length ?? 0;
  // An even number of braces are braces.
  if (opened % 2 === 0)
    return /[./]|\b(python3?|sh|bash|Rscript)\s+\S*$/.test(lastWords(cursor.before)) ? files(request, /./) : [];
  const point = entryPointAt(await outlineOf(source), cursor, span.start);
  const close = /^\s*\}/.test(source.slice(span.end)) ? '' : '}';
  return (point?.parameters ?? []).map(({ name, type, default: fallback }) => ({
    kind: 'placeholder',
    label: name,
    insert: `${escapeSnippet(name)}${close === '' ? '' : '\\}'}`,
    span,
    detail: fallback === undefined ? type : `${type} = ${fallback}`,
  }));
}

const lastWords = (text: string) => /(\S+\s+)?\S*$/.exec(text)?.[0] ?? '';
const escapeSnippet = (text: string) => text.replaceAll(/[\\$}]/g, '\\$&');

async function files({ typed, span, list }: Request, wanted: RegExp): Promise<readonly Completion[]> {
  const folder = typed.slice(0, typed.lastIndexOf('/') + 1);
  const names = await list(folder);
  return names
    .filter((name) => !name.startsWith('.') && (name.endsWith('/') || wanted.test(name)))
    .map((name) => ({
      kind: name.endsWith('/') ? 'folder' : 'file',
      label: folder + name,
      insert: escapeSnippet(folder + name),
      span,
    }));
}
