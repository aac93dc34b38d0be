import * as vscode from 'vscode';

/** Documents that code stands in: files, and cells of notebooks. */
export const codeSchemes: readonly string[] = ['file', 'vscode-notebook-cell'];

/** The file that a document is, or is a cell of; undefined of what is in no file. */
export function fileOf(document: vscode.TextDocument): vscode.Uri | undefined {
  return onDisk(document.uri) ?? onDisk(notebookOf(document)?.uri);
}

/** That of the editor in front, be it a notebook of which no cell has the focus. */
export function fileInFront(): vscode.Uri | undefined {
  const { activeTextEditor, activeNotebookEditor } = vscode.window;
  return activeTextEditor ? fileOf(activeTextEditor.document) : onDisk(activeNotebookEditor?.notebook.uri);
}

/** All code of the file that a document is or belongs to. */
export function wholeCode(document: vscode.TextDocument): string {
  const notebook = notebookOf(document);
  return notebook ? codeOf(notebook.getCells()) : document.getText();
}

/** What a notebook holds above a cell, which goes on where that ends; nothing stands above a file. */
export function codeAbove(document: vscode.TextDocument): string {
  const cells = notebookOf(document)?.getCells() ?? [];
  const own = cells.findIndex((cell) => cell.document === document);
  return codeOf(cells.slice(0, Math.max(0, own)));
}

function notebookOf(document: vscode.TextDocument): vscode.NotebookDocument | undefined {
  if (document.uri.scheme === 'file') return undefined;
  return vscode.workspace.notebookDocuments.find((notebook) =>
    notebook.getCells().some((cell) => cell.document === document),
  );
}

const codeOf = (cells: readonly vscode.NotebookCell[]) =>
  cells
    .filter(({ kind }) => kind === vscode.NotebookCellKind.Code)
    .map(({ document }) => `${document.getText()}\n`)
    .join('');

const onDisk = (uri: vscode.Uri | undefined) => (uri?.scheme === 'file' ? uri : undefined);
