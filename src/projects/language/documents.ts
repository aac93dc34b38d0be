import * as vscode from 'vscode';
import type { TextRange } from '../mlproject/yamlTree';
import { type Outline, outlineOf, type Span } from './outline';

export const languageId = 'mlproject';

const known = new WeakMap<vscode.TextDocument, { readonly version: number; readonly outline: Promise<Outline> }>();

/** The outline of a document as it stands in the editor, read once for each of its versions. */
export function outlineFor(document: vscode.TextDocument): Promise<Outline> {
  const kept = known.get(document);
  if (kept?.version === document.version) return kept.outline;
  const outline = outlineOf(document.getText());
  known.set(document, { version: document.version, outline });
  return outline;
}

export const rangeIn = (document: vscode.TextDocument, { start, end }: Span) =>
  new vscode.Range(document.positionAt(start), document.positionAt(end));

export const editorRange = ({ line, column, endLine, endColumn }: TextRange) =>
  new vscode.Range(line, column, endLine, endColumn);

/** A path of the file, as MLflow takes it: from the project's folder. Undefined for a document that is in no folder. */
export function fileOf({ uri }: vscode.TextDocument, path: string): vscode.Uri | undefined {
  if (uri.scheme === 'untitled') return undefined;
  return path.startsWith('/') ? uri.with({ path }) : vscode.Uri.joinPath(uri, '..', path);
}

/** True as well where nobody can know. */
export async function isThere(document: vscode.TextDocument, path: string): Promise<boolean> {
  const file = fileOf(document, path);
  if (!file) return true;
  return vscode.workspace.fs.stat(file).then(
    () => true,
    (error: unknown) => !(error instanceof vscode.FileSystemError && error.code === 'FileNotFound'),
  );
}
