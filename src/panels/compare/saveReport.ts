import path from 'node:path';
import * as vscode from 'vscode';
import { messages } from '../../platform/messages';
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
  const folderName = `${path.posix.basename(target.path).replace(/\.md$/i, '')}_files`;
  const folder = vscode.Uri.joinPath(target, '..', folderName);
  const before = await picturesIn(folder);
  const fate = before.length === 0 ? 'kept' : await askFate(folderName, before);
  if (fate === undefined) return false;
  const taken = fate === 'kept' ? before : [];
  const files = images.map(({ name: image, title }, at) => ({
    file: `${freeName(`${at + 1}-${fileName(image)}`, taken)}.png`,
    title,
  }));
  for (const [at, { bytes }] of images.entries())
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, files[at]?.file ?? ''), bytes);
  const text = withImages(markdown, folderName, files);
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
  // Only now: a report that cannot be written costs the one before nothing.
  const written = new Set(files.map(({ file }) => file.toLowerCase()));
  if (fate === 'replaced')
    for (const old of before)
      if (!written.has(old.toLowerCase())) await vscode.workspace.fs.delete(vscode.Uri.joinPath(folder, old));
  void offer(target);
  return true;
}

/** Pictures of a report before, by their form. */
async function picturesIn(folder: vscode.Uri): Promise<readonly string[]> {
  try {
    const entries = await vscode.workspace.fs.readDirectory(folder);
    return entries.flatMap(([name, type]) =>
      type === vscode.FileType.File && /^\d+-.+\.png$/i.test(name) ? [name] : [],
    );
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return [];
    throw error;
  }
}

/** What is to become of the pictures that are there; undefined when the person cancelled. */
async function askFate(folder: string, pictures: readonly string[]): Promise<'kept' | 'replaced' | undefined> {
  const replace = vscode.l10n.t('Replace Them');
  const keep = vscode.l10n.t('Keep Them Too');
  const question =
    pictures.length === 1
      ? vscode.l10n.t('{0} holds a picture of a report before. Replace it?', folder)
      : vscode.l10n.t('{0} holds {1} pictures of a report before. Replace them?', folder, pictures.length);
  const more = pictures.length > mostNamed ? ['…'] : [];
  const detail = [...pictures.slice(0, mostNamed), ...more].join('\n');
  const chosen = await messages.showWarningMessage(question, { modal: true, detail }, replace, keep);
  return chosen === replace ? 'replaced' : chosen === keep ? 'kept' : undefined;
}

const mostNamed = 10;

/** Without extension; file systems may take capitals for small letters. */
function freeName(name: string, taken: readonly string[]): string {
  const names = new Set(taken.map((file) => file.toLowerCase()));
  let free = name;
  for (let at = 2; names.has(`${free}.png`.toLowerCase()); at++) free = `${name}-${at}`;
  return free;
}

/** The page does not wait for what the person says to this. */
async function offer(target: vscode.Uri): Promise<void> {
  const preview = vscode.l10n.t('Open Preview');
  const open = vscode.l10n.t('Open File');
  const chosen = await messages.showInformationMessage(
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
