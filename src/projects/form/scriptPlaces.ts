import path from 'node:path';
import * as vscode from 'vscode';
import { MlflowError } from '../../mlflow/mlflowError';
import { withProgress } from '../../platform/cancellation';
import { scriptEntryPoint } from '../command/entryPoints';
import { projectAt } from '../launch/whatToRun';
import type { EntryPoint } from '../mlproject/mlproject';
import { locatedProblemText } from '../mlproject/projectTexts';
import { bareProject, type FoundProject } from '../view/projectsStore';
import { mostScripts, scriptsIn } from '../view/scriptFiles';

export interface ChosenEntryPoint {
  readonly found: FoundProject;
  readonly entryPoint: EntryPoint;
}

/** A file as an entry point of the project that it lies in, saved, for MLflow reads it on disk. Throws `MlflowError`. */
export async function entryPointOfFile(argument: unknown): Promise<ChosenEntryPoint> {
  const file = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
  const folder = file && vscode.workspace.getWorkspaceFolder(file);
  if (!file || !folder)
    throw new MlflowError('invalid', vscode.l10n.t('No file of an open folder is chosen.'), {
      advice: vscode.l10n.t('Open a .py, .sh or .R file, or choose one in the Explorer.'),
    });
  const found = await projectAround(file, folder);
  const name = relative(vscode.Uri.joinPath(found.file, '..'), file);
  const entryPoint = scriptEntryPoint(name);
  if (!entryPoint) throw new MlflowError('invalid', vscode.l10n.t('MLflow runs .py, .sh and .R files, not {0}.', name));
  await vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === file.toString())?.save();
  return { found, entryPoint };
}

/** An entry point of a folder, declared or a script, that the person chooses. Undefined when they choose none. */
export async function entryPointOfFolder(argument: unknown): Promise<ChosenEntryPoint | undefined> {
  const place = argument instanceof vscode.Uri ? argument : await pickFolder();
  if (!place) return undefined;
  const folder = vscode.workspace.getWorkspaceFolder(place);
  if (!folder) throw new MlflowError('invalid', vscode.l10n.t('{0} is in no open folder.', place.fsPath));
  const found = await projectIn(place, folder);
  const scripts = await withProgress(vscode.l10n.t('Looking for scripts in {0}', place.fsPath), (signal) =>
    scriptsIn(place, signal),
  );
  const isAll = place.path === folder.uri.path;
  return pickEntryPoint(found, scripts, isAll ? folder.name : vscode.workspace.asRelativePath(place));
}

async function pickFolder(): Promise<vscode.Uri | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0) throw new MlflowError('invalid', vscode.l10n.t('No folder is open.'));
  if (folders.length === 1) return folders[0]?.uri;
  const placeHolder = vscode.l10n.t('Folder whose entry points and scripts are offered');
  return (await vscode.window.showWorkspaceFolderPick({ placeHolder }))?.uri;
}

/** What a folder declares, and its scripts; asks nothing where there is one alone. Throws `MlflowError` for none. */
export async function pickEntryPoint(
  found: FoundProject,
  scripts: readonly string[],
  place: string,
): Promise<ChosenEntryPoint | undefined> {
  const declared = 'project' in found.content ? found.content.project.entryPoints : [];
  const items = [
    ...declared.map((entryPoint) => ({
      label: `$(play-circle) ${entryPoint.name}`,
      description: entryPoint.command ?? '',
      entryPoint,
    })),
    ...scripts.flatMap((name) => {
      const entryPoint = scriptEntryPoint(name);
      return entryPoint ? [{ label: `$(file-code) ${name}`, description: '', entryPoint }] : [];
    }),
  ];
  const [only, ...others] = items;
  if (!only)
    throw new MlflowError('invalid', vscode.l10n.t('There is no MLproject file in {0}, and no script.', place), {
      advice: vscode.l10n.t('MLflow runs .py, .sh and .R files, and what an MLproject file declares.'),
    });
  if (others.length === 0) return { found, entryPoint: only.entryPoint };
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Run in {0}', place),
    placeHolder:
      scripts.length < mostScripts
        ? vscode.l10n.t('Entry point, or script')
        : vscode.l10n.t('Entry point, or one of the first {0} scripts', mostScripts),
    matchOnDescription: true,
  });
  return chosen && { found, entryPoint: chosen.entryPoint };
}

/** The project of a folder, also of one without an MLproject. Throws `MlflowError` where MLflow would refuse the file. */
export async function projectIn(
  place: vscode.Uri,
  folder: vscode.WorkspaceFolder,
  inside = relative(folder.uri, place),
): Promise<FoundProject> {
  const found = await projectAt(place, folder);
  if (!found) return bareProject(place, folder, inside);
  const { content, file } = found;
  if ('project' in content) return { ...found, path: inside };
  const name = path.posix.join(inside, path.posix.basename(file.path));
  throw new MlflowError('invalid', `${name}: ${locatedProblemText(content.problem)}`);
}

/** Of the nearest MLproject above a file, inside the workspace folder; without one that folder itself. */
async function projectAround(file: vscode.Uri, folder: vscode.WorkspaceFolder): Promise<FoundProject> {
  const parts = relative(folder.uri, file).split('/').slice(0, -1);
  for (let depth = parts.length; depth > 0; depth--) {
    const place = vscode.Uri.joinPath(folder.uri, ...parts.slice(0, depth));
    if (await projectAt(place, folder)) return projectIn(place, folder);
  }
  return projectIn(folder.uri, folder);
}

const relative = (folder: vscode.Uri, inside: vscode.Uri) =>
  inside.path.slice(folder.path.replace(/\/$/, '').length).split('/').filter(Boolean).join('/');
