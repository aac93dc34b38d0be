import * as vscode from 'vscode';
import type { Connections } from '../../connections/connection';
import type { EntryPoint, Parameter } from '../mlproject';
import type { FoundProject, ProjectsStore } from '../projectsStore';
import { parameterText } from '../projectTexts';
import { type TaskPlace, taskPlaceAt } from './tasksFile';

interface Suggestion {
  readonly name: string;
  readonly detail: string;
  readonly kind: vscode.CompletionItemKind;
  /** JSON in place of the quoted name. */
  readonly insert?: vscode.SnippetString;
}

const { Function: entryPointKind, Folder, Variable, Value, Constant } = vscode.CompletionItemKind;

/** What a task of ours may hold beyond what package.json says of its keys: names of this folder and of the server. */
export async function taskCompletions(
  store: ProjectsStore,
  connections: Connections,
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.CompletionItem[]> {
  const text = document.getText();
  const place = taskPlaceAt(text, document.offsetAt(position));
  if (!place) return [];
  const folder = vscode.workspace.getWorkspaceFolder(document.uri);
  const projects = (await store.get()).filter((found) => found.folder.uri.toString() === folder?.uri.toString());
  const suggestions = await suggestionsFor(place, text.slice(place.end), projects, connections);
  const range = new vscode.Range(document.positionAt(place.start), document.positionAt(place.end));
  return suggestions.map(({ name, detail, kind, insert }) => {
    // Entry points of several projects may have one name.
    const item = new vscode.CompletionItem({ label: name, description: detail.slice(0, 60) }, kind);
    item.range = range;
    // What is typed begins with the quote.
    item.filterText = JSON.stringify(name);
    item.insertText = insert ?? JSON.stringify(name);
    if (detail !== '') item.detail = detail;
    // Before what the schema alone knows.
    item.sortText = `0${name}`;
    return item;
  });
}

async function suggestionsFor(
  place: TaskPlace,
  after: string,
  projects: readonly FoundProject[],
  connections: Connections,
): Promise<readonly Suggestion[]> {
  switch (place.kind) {
    case 'project':
      return projects.map(({ path }) => ({ name: path, detail: 'MLproject', kind: Folder }));
    case 'entryPoint':
      return projects.flatMap((found) => entryPointsOf(found, place));
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

/** Where the task names no project, one of another folder brings its folder with it. */
function entryPointsOf({ path, content }: FoundProject, { project }: TaskPlace): readonly Suggestion[] {
  if (!('project' in content) || (project !== undefined && folderName(project) !== path)) return [];
  return content.project.entryPoints.map(({ name, command }) => {
    const own = { name, detail: path === '' ? (command ?? '') : path, kind: entryPointKind };
    if (project !== undefined || path === '') return own;
    const insert = new vscode.SnippetString().appendText(
      `${JSON.stringify(name)},\n"project": ${JSON.stringify(path)}`,
    );
    return { ...own, insert };
  });
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
  const { experimentNames } = await import('../launchForm');
  const connection = await connections.get().catch(() => undefined);
  return connection ? experimentNames(connection.store).catch(() => []) : [];
}
