import * as vscode from 'vscode';
import { messages } from '../../platform/messages';
import type { FileToSave, SavedKind } from '../../shared/protocol/exports';

/** Where the last file went: the next one is likely to go there too. */
let lastFolder: vscode.Uri | undefined;

/** Asks for a place and writes the file there. @returns whether it was written @throws when it cannot be */
export async function saveFile({ suggestedName, kind, content }: FileToSave): Promise<boolean> {
  const target = await askForPlace(suggestedName, kind);
  if (!target) return false;
  await vscode.workspace.fs.writeFile(target, typeof content === 'string' ? Buffer.from(content) : content);
  offerToOpen(target);
  return true;
}

/** Where a file of a chart goes. Undefined when the person cancelled. */
export async function askForPlace(suggestedName: string, kind: SavedKind): Promise<vscode.Uri | undefined> {
  const folder = lastFolder ?? vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save Chart'),
    filters: { [filterNames()[kind]]: [kind] },
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, suggestedName) } : {}),
  });
  if (target) lastFolder = vscode.Uri.joinPath(target, '..');
  return target;
}

/** Says that the file is there, with a button that opens it. Not to be awaited. */
export function offerToOpen(target: vscode.Uri): void {
  const open = vscode.l10n.t('Open');
  const said = vscode.l10n.t('Saved {0}', vscode.workspace.asRelativePath(target));
  void messages.showInformationMessage(said, open).then((chosen) => {
    if (chosen === open) void vscode.commands.executeCommand('vscode.open', target);
  });
}

const filterNames = (): Readonly<Record<SavedKind, string>> => ({
  png: vscode.l10n.t('PNG image'),
  svg: vscode.l10n.t('SVG image'),
  csv: vscode.l10n.t('CSV table'),
  json: vscode.l10n.t('Chart definition'),
});
