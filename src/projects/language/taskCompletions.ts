import * as vscode from 'vscode';
import type { Connections } from '../../connections/connection';
import { signalOf } from '../../platform/cancellation';
import { scriptEntryPoint } from '../command/entryPoints';
import type { EntryPoint, Parameter } from '../mlproject/mlproject';
import { parameterText } from '../mlproject/projectTexts';
import { experimentNames } from '../request/experimentNames';
import type { FoundProject, ProjectsStore } from '../view/projectsStore';
import { type TaskPlace, taskPlaceAt } from './tasksFile';

interface Suggestion {
  readonly name: string;
  readonly detail: string;
  readonly kind: vscode.CompletionItemKind;
  /** JSON in place of the quoted name. */
  readonly insert?: vscode.SnippetString;
}

const { Function: entryPointKind, File, Folder, Variable, Value, Constant } = vscode.CompletionItemKind;

/** What a task of ours may hold beyond what package.json says of its keys: names of this folder and of the server. */
export async function taskCompletions(
  store: ProjectsStore,
  connections: Connections,
  document: vscode.TextDocument,
  position: vscode.Position,
  token: vscode.CancellationToken,
): Promise<vscode.CompletionItem[]> {
  const text = document.getText();
  const place = taskPlaceAt(text, document.offsetAt(position));
  if (!place) return [];
  const projects = (await store.get()).filter(isMeant(document, place));
  const names = !ownFolder(document) && (vscode.workspace.workspaceFolders ?? []).length > 1;
  const known = await suggestionsFor(place, text.slice(place.end), projects, connections, names);
  const suggestions =
    place.kind === 'entryPoint' ? [...known, ...(await scriptsOf(document, place, signalOf(token)))] : known;
  const range = new vscode.Range(document.positionAt(place.start), document.positionAt(place.end));
  return suggestions.map(({ name, detail, kind, insert }, at) => {
    // Entry points of several projects may have one name.
    const item = new vscode.CompletionItem({ label: name, description: detail.slice(0, 60) }, kind);
    item.range = range;
    // What is typed begins with the quote.
    item.filterText = JSON.stringify(name);
    item.insertText = insert ?? JSON.stringify(name);
    if (detail !== '') item.detail = detail;
    // Before what the schema alone knows; scripts behind what is declared.
    item.sortText = `0${at < known.length ? 0 : 1}${name}`;
    return item;
  });
}

/** Tasks of a folder are about its projects; those of a workspace file or of the user about all, or those of the folder they name. */
function isMeant(document: vscode.TextDocument, { folder: name }: TaskPlace): (found: FoundProject) => boolean {
  const own = ownFolder(document);
  if (name !== undefined) return ({ folder }) => folder.name === name;
  return ({ folder }) => !own || folder.uri.toString() === own.uri.toString();
}

const ownFolder = ({ uri }: vscode.TextDocument) =>
  uri.path.endsWith('/.vscode/tasks.json') ? vscode.workspace.getWorkspaceFolder(uri) : undefined;

async function suggestionsFor(
  place: TaskPlace,
  after: string,
  projects: readonly FoundProject[],
  connections: Connections,
  /** A task of this file may name its folder. */
  namesFolder: boolean,
): Promise<readonly Suggestion[]> {
  switch (place.kind) {
    case 'folder':
      return (vscode.workspace.workspaceFolders ?? []).map(({ name, uri }) => ({
        name,
        detail: uri.fsPath,
        kind: Folder,
      }));
    case 'project':
      return projects.map(({ path }) => ({ name: path, detail: 'MLproject', kind: Folder }));
    case 'entryPoint':
      return projects.flatMap((found) => entryPointsOf(found, place, namesFolder));
    case 'experiment':
      return (await experimentsOf(connections)).map((name) => ({ name, detail: '', kind: Constant }));
    case 'parameterName':
      return parametersOf(projects, place)
        .filter(({ name }) => !place.taken.includes(name))
        .map((parameter) => nameOf(parameter, after));
    case 'parameterValue':
      return parametersOf(projects, place).flatMap(({ name, default: fallback, type }) =>
        name === place.parameter && fallback !== undefined ? [{ name: fallback, detail: type, kind: Value }] : [],
      );
  }
}

/** Where the task does not say where an entry point is, one of another folder brings that with it. */
function entryPointsOf(
  { path, content, folder }: FoundProject,
  { project, folder: named }: TaskPlace,
  namesFolder: boolean,
): readonly Suggestion[] {
  if (!('project' in content) || (project !== undefined && folderName(project) !== path)) return [];
  return content.project.entryPoints.map(({ name, command }) => {
    const own = { name, detail: path === '' ? (command ?? '') : path, kind: entryPointKind };
    const where = [
      ...(project === undefined && path !== '' ? [`"project": ${JSON.stringify(path)}`] : []),
      ...(namesFolder && named === undefined ? [`"folder": ${JSON.stringify(folder.name)}`] : []),
    ];
    if (where.length === 0) return own;
    return { ...own, insert: new vscode.SnippetString().appendText([JSON.stringify(name), ...where].join(',\n')) };
  });
}

/** Scripts of the project that a task names, or of the folder: MLflow runs them beside what is declared. */
async function scriptsOf(
  document: vscode.TextDocument,
  { folder: named, project = '' }: TaskPlace,
  signal: AbortSignal,
): Promise<readonly Suggestion[]> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const own = ownFolder(document) ?? (folders.length === 1 ? folders[0] : undefined);
  const folder = named === undefined ? own : folders.find(({ name }) => name === named);
  const inside = folderName(project);
  if (!folder || inside.split('/').includes('..')) return [];
  const { scriptsIn } = await import('../view/scriptFiles');
  // Nobody sees what is missing of suggestions that are called off.
  const names = await scriptsIn(vscode.Uri.joinPath(folder.uri, inside), signal).catch(() => []);
  return names.map((name) => ({ name, detail: scriptEntryPoint(name)?.command ?? '', kind: File }));
}

function parametersOf(projects: readonly FoundProject[], { project, entryPoint }: TaskPlace): readonly Parameter[] {
  const found = projects.find(({ path }) => path === folderName(project ?? ''));
  const points: readonly EntryPoint[] = found && 'project' in found.content ? found.content.project.entryPoints : [];
  return points.find(({ name }) => name === entryPoint)?.parameters ?? [];
}

function nameOf(parameter: Parameter, after: string): Suggestion {
  const { name, default: fallback } = parameter;
  const insert = new vscode.SnippetString().appendText(JSON.stringify(name));
  if (!/^\s*:/.test(after)) {
    insert
      .appendText(': "')
      .appendPlaceholder(JSON.stringify(fallback ?? '').slice(1, -1))
      .appendText('"');
    if (/^\s*"/.test(after)) insert.appendText(',');
  }
  return { name, detail: parameterText(parameter), kind: Variable, insert };
}

const folderName = (project: string) =>
  project
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');

/** None where the server cannot be asked: what is typed there is as good. */
async function experimentsOf(connections: Connections): Promise<readonly string[]> {
  const connection = await connections.get().catch(() => undefined);
  return connection ? experimentNames(connection.store).catch(() => []) : [];
}
