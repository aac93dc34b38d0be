import * as vscode from 'vscode';
import { MlflowError } from '../../mlflow/mlflowError';
import { readAtMost } from '../../mlflow/readAtMost';
import { withProgress } from '../../platform/cancellation';
import { messages } from '../../platform/messages';
import { mapLimited } from '../../shared/mapLimited';
import type { ArtifactFile, FilesToSave } from '../../shared/protocol/exports';
import type { ArtifactStore } from './pageArtifacts';

const atOnce = 4;
/** bytes */
const largestFile = 200_000_000;

/**
 * Asks for a folder and writes the artifacts into a new one of the given name there: nothing that stands there is
 * touched. Files that cannot be read are named, the others are written.
 * @returns how many were written; undefined when the person cancelled
 */
export async function saveArtifacts(
  store: ArtifactStore,
  { folderName, files }: FilesToSave,
): Promise<number | undefined> {
  const [start] = vscode.workspace.workspaceFolders ?? [];
  const [parent] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('Save {0} Files', files.length),
      openLabel: vscode.l10n.t('Save Here'),
      canSelectFiles: false,
      canSelectFolders: true,
      ...(start ? { defaultUri: start.uri } : {}),
    })) ?? [];
  if (!parent) return undefined;
  const folder = await newFolder(parent, folderName);
  const failed: string[] = [];
  const saved = await withProgress(vscode.l10n.t('Saving files of runs'), async (signal, report) => {
    let done = 0;
    await mapLimited(files, atOnce, async (file) => {
      const problem = await saveOne(store, folder, file, signal);
      if (problem !== undefined) failed.push(`${file.name}: ${problem}`);
      report(vscode.l10n.t('{0} of {1} files', ++done, files.length));
    });
    return done - failed.length;
  });
  void announce(folder, saved, failed);
  return saved;
}

/** @returns why the artifact could not be read. @throws when it cannot be written */
async function saveOne(store: ArtifactStore, folder: vscode.Uri, file: ArtifactFile, signal: AbortSignal) {
  signal.throwIfAborted();
  try {
    const { runId, path } = file;
    const bytes = await readAtMost((abort) => store.downloadArtifact(runId, path, abort), largestFile, signal);
    if (!bytes) return vscode.l10n.t('over 200 MB');
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(folder, ...file.name.split('/')), bytes);
    return undefined;
  } catch (error) {
    if (error instanceof MlflowError && error.kind !== 'cancelled') return error.message;
    throw error;
  }
}

/** A folder that is not there yet: `name`, `name-2`, … */
async function newFolder(parent: vscode.Uri, name: string): Promise<vscode.Uri> {
  const taken = new Set((await vscode.workspace.fs.readDirectory(parent)).map(([entry]) => entry.toLowerCase()));
  let free = name;
  for (let number = 2; taken.has(free.toLowerCase()); number++) free = `${name}-${number}`;
  const folder = vscode.Uri.joinPath(parent, free);
  await vscode.workspace.fs.createDirectory(folder);
  return folder;
}

async function announce(folder: vscode.Uri, saved: number, failed: readonly string[]): Promise<void> {
  const place = vscode.workspace.asRelativePath(folder);
  if (failed.length > 0) {
    const some = failed.slice(0, 3).join('; ');
    const text = vscode.l10n.t('{0} files are in {1}; {2} could not be read: {3}', saved, place, failed.length, some);
    await messages.showWarningMessage(text);
    return;
  }
  const open = vscode.l10n.t('Reveal');
  const text = vscode.l10n.t('{0} files are in {1}', saved, place);
  if ((await messages.showInformationMessage(text, open)) === open)
    await vscode.commands.executeCommand('revealFileInOS', folder);
}
