import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { workspaceFolder } from './connectionsHarness';

/** A folder of the workspace for the MLproject files of one suite, gone after it. */
export const root = () => path.join(workspaceFolder(), 'language');
export const at = (...names: string[]) => vscode.Uri.file(path.join(root(), ...names));

export const text = `name: language
python_env: missing.yaml
entry_points:
  main:
    parameters:
      rate: {type: flaot, default: 0.5}
      file: {type: path, default: data.txt}
    command: "python write.py '{rate}' {fil}" # a comment
  needy:
    parameters: {must: float}
    command: |
      python write.py {must}
`;

export function write(name: string, content: string): vscode.Uri {
  const file = at(name);
  fs.mkdirSync(path.dirname(file.fsPath), { recursive: true });
  fs.writeFileSync(file.fsPath, content);
  return file;
}

export async function replace(document: vscode.TextDocument, from: string, to: string): Promise<void> {
  const start = document.getText().indexOf(from);
  assert.ok(start >= 0, from);
  const edit = new vscode.WorkspaceEdit();
  const range = new vscode.Range(document.positionAt(start), document.positionAt(start + from.length));
  edit.replace(document.uri, range, to);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

/** Behind the text, which stands in the document once. */
export const behind = (document: vscode.TextDocument, needle: string) => {
  const start = document.getText().indexOf(needle);
  assert.ok(start >= 0, needle);
  return document.positionAt(start + needle.length);
};

export const closeAll = () => vscode.commands.executeCommand('workbench.action.closeAllEditors');
