import path from 'node:path';
import * as vscode from 'vscode';
import { withImages } from '../../shared/compare/report';
import type { ReportFile } from '../../shared/protocol/compare';

/**
 * Asks where, writes `name.md` and, beside it, `name_files/*.png`, and offers to show it.
 * @returns false when the person cancelled
 */
export async function saveReport({ name, markdown, images }: ReportFile): Promise<boolean> {
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save Comparison'),
    defaultUri: vscode.Uri.joinPath(startFolder(), `${fileName(name)}.md`),
    filters: { [vscode.l10n.t('Markdown')]: ['md'] },
  });
  if (!target) return false;
  const base = path.posix.basename(target.path).replace(/\.md$/i, '');
  const folder = `${base}_files`;
  const files = images.map(({ name: image, title }, at) => ({ file: `${at + 1}-${fileName(image)}.png`, title }));
  const parent = vscode.Uri.joinPath(target, '..');
  for (const [at, { bytes }] of images.entries())
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(parent, folder, files[at]?.file ?? ''), bytes);
  const text = withImages(markdown, folder, files);
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
  void offer(target);
  return true;
}

/** The page does not wait for what the person says to this. */
async function offer(target: vscode.Uri): Promise<void> {
  const preview = vscode.l10n.t('Open Preview');
  const open = vscode.l10n.t('Open File');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('The comparison is in {0}.', path.posix.basename(target.path)),
    preview,
    open,
  );
  if (chosen === preview) await vscode.commands.executeCommand('markdown.showPreview', target);
  else if (chosen === open) await vscode.commands.executeCommand('vscode.open', target);
}

/** The open folder, else the home folder. */
const startFolder = () => vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(process.env.HOME ?? '/');

/** A name of one part that every file system takes. */
export const fileName = (name: string) =>
  name
    .replaceAll(/[^\p{L}\p{N} ._-]+/gu, '-')
    .replaceAll(/^[.\s-]+|[.\s-]+$/g, '')
    .slice(0, 80) || 'comparison';
