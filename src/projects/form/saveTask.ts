import * as vscode from 'vscode';
import { MlflowError } from '../../mlflow/mlflowError';
import { definitionOf, type LaunchRequest, taskName, valuesText } from '../request/taskDefinition';

/** Adds a task to the folder's tasks.json, beside what is there, and opens it. */
export async function saveTask(request: LaunchRequest, folder: vscode.WorkspaceFolder): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('tasks', folder.uri);
  const known: unknown = configuration.get('tasks');
  const tasks: readonly unknown[] = Array.isArray(known) ? known : [];
  const label = freeLabel(`MLflow: ${taskName(request)}`, tasks);
  const { id: _id, ...plain } = request;
  const detail = valuesText(plain).slice(0, 200);
  const added = { label, ...(detail === '' ? {} : { detail }), ...definitionOf(plain), problemMatcher: [] };
  // As a value of some run may have it: VS Code would fill it in, and run a command for `${command:…}`.
  if (JSON.stringify(added).includes('${'))
    throw new MlflowError(
      'invalid',
      vscode.l10n.t('tasks.json cannot keep this value as it is: VS Code would fill in its variables.'),
      { advice: vscode.l10n.t('Save the task without it.') },
    );
  await configuration.update('tasks', [...tasks, added], vscode.ConfigurationTarget.WorkspaceFolder);
  if (configuration.get('version') === undefined)
    await configuration.update('version', '2.0.0', vscode.ConfigurationTarget.WorkspaceFolder);
  const file = vscode.Uri.joinPath(folder.uri, '.vscode', 'tasks.json');
  const document = await vscode.workspace.openTextDocument(file);
  const at = document.getText().lastIndexOf(JSON.stringify(label));
  const place = document.positionAt(Math.max(0, at));
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(place, place) });
}

function freeLabel(wanted: string, tasks: readonly unknown[]): string {
  const taken = new Set(tasks.map((task): unknown => Reflect.get(Object(task), 'label')));
  for (let at = 1; ; at++) {
    const label = at === 1 ? wanted : `${wanted} (${at})`;
    if (!taken.has(label)) return label;
  }
}
