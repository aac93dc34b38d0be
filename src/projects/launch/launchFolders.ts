import * as vscode from 'vscode';
import { MlflowError } from '../../mlflow/mlflowError';
import { foldersAround } from './foldersAround';
import { requireLaunchable } from './launch';

/** The open folders that are on disk. Throws `MlflowError` when nothing can be launched from any. */
export function launchFolders(): readonly vscode.WorkspaceFolder[] {
  const open = vscode.workspace.workspaceFolders ?? [];
  const onDisk = open.filter(({ uri }) => uri.scheme === 'file');
  const first = onDisk[0] ?? open[0];
  if (!first) throw new MlflowError('invalid', vscode.l10n.t('Open a folder first: its Python runs the project.'));
  requireLaunchable(first);
  return onDisk;
}

/**
 * The folder whose Python and settings a launch has: where its project is, or the one that the person chooses. Throws a
 * `CancellationError` when they choose none.
 */
export async function launchFolder(
  open: readonly vscode.WorkspaceFolder[],
  place?: { readonly root: string; readonly inside: string },
): Promise<vscode.WorkspaceFolder> {
  const known = open.map((folder) => ({ folder: folder.uri.fsPath, of: folder }));
  const around = place ? foldersAround(known, place.root, place.inside) : [];
  const [only, ...others] = around.length > 0 ? around : known;
  if (only && others.length === 0) return only.of;
  const items = (around.length > 0 ? around : known).map(({ folder, of }) => ({
    label: `$(folder) ${of.name}`,
    description: folder,
    of,
  }));
  const placeHolder = vscode.l10n.t('Whose Python is to run the project?');
  const title = vscode.l10n.t('Folder of the Launch');
  const chosen = await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDescription: true });
  if (!chosen) throw new vscode.CancellationError();
  return chosen.of;
}
