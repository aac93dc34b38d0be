import * as vscode from 'vscode';
import { MlflowError } from '../../mlflow/mlflowError';
import { projectAt } from '../launch/whatToRun';
import type { LaunchRequest } from '../request/taskDefinition';

/**
 * The folder that a task runs in: the one that it names, the one whose tasks.json it stands in, else, for tasks of a
 * workspace file or of the user, the first one that has its entry point. Throws `MlflowError`.
 */
export async function taskFolder(
  { folder: name, project, entryPoint }: Pick<LaunchRequest, 'folder' | 'project' | 'entryPoint'>,
  own: vscode.WorkspaceFolder | undefined,
): Promise<vscode.WorkspaceFolder> {
  const open = vscode.workspace.workspaceFolders ?? [];
  if (name !== undefined) {
    const named = open.find((folder) => folder.name === name);
    if (named) return named;
    const names = open.map((folder) => folder.name).join(', ');
    throw new MlflowError('invalid', vscode.l10n.t('There is no open folder {0}, only: {1}.', name, names || '–'), {
      advice: vscode.l10n.t('Correct it in tasks.json.'),
    });
  }
  if (own) return own;
  for (const folder of open) {
    const found = await projectAt(vscode.Uri.joinPath(folder.uri, project), folder);
    if (!found || !('project' in found.content)) continue;
    if (found.content.project.entryPoints.some((candidate) => candidate.name === entryPoint)) return folder;
  }
  const [first] = open;
  if (first) return first;
  throw new MlflowError('invalid', vscode.l10n.t('Open a folder first: its Python runs the project.'));
}
