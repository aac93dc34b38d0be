import fs from 'node:fs/promises';
import * as vscode from 'vscode';
import type { ArtifactRef } from '../mlflow/artifactUri';
import type { TrackingStore } from '../mlflow/trackingStore';
import { withProgress } from '../platform/cancellation';
import { messages } from '../platform/messages';
import { nameOf } from '../shared/artifactPath';
import { formatBytes } from '../shared/bytes';
import type { ArtifactInfo } from '../shared/domain';
import { type DownloadProgress, downloadFile, downloadFiles, filesBelow } from './download';
import { localPathFor, windowsName } from './localPath';

interface Target {
  /** Absolute folder that receives the files. */
  readonly root: string;
  /** Artifact folder that `root` stands for. */
  readonly base: string;
  readonly overwrite: boolean;
  /** What is shown when it is done. */
  readonly result: string;
}

/** Asks where to, downloads with progress, and offers to show the result. */
export async function downloadArtifacts(store: TrackingStore, ref: ArtifactRef, entry: ArtifactInfo): Promise<void> {
  if (!entry.isFolder) return downloadOne(store, ref, entry);
  const target = await folderTarget(ref);
  if (!target) return;
  const name = nameOf(ref.path) || ref.runId;
  const { count, refused } = await withProgress(vscode.l10n.t('Downloading {0}', name), async (signal, report) => {
    const found = await filesBelow(store, ref, true, signal);
    await downloadFiles(store, ref.runId, found.files, target, signal, progressReporter(report));
    return { count: found.files.length, refused: found.refused };
  });
  const done = vscode.l10n.t('{0} files of {1} were downloaded.', count, name);
  const leftOut = vscode.l10n.t('{0} were left out: the server lists them under paths that lead out of it.', refused);
  await offerResult(refused === 0 ? done : `${done} ${leftOut}`, target.result);
}

async function downloadOne(store: TrackingStore, ref: ArtifactRef, entry: ArtifactInfo): Promise<void> {
  const name = process.platform === 'win32' ? windowsName(nameOf(ref.path)) : nameOf(ref.path);
  const chosen = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(startFolder(), name),
    saveLabel: vscode.l10n.t('Download'),
    title: vscode.l10n.t('Download {0}', name),
  });
  if (!chosen) return;
  requireLocal(chosen);
  await withProgress(vscode.l10n.t('Downloading {0}', name), async (signal, report) => {
    // The dialog has asked about a file that stands there.
    const tell = progressReporter(report);
    let bytes = 0;
    await downloadFile(store, ref, chosen.fsPath, true, signal, (received) => {
      bytes += received;
      tell({ bytes, totalBytes: entry.size ?? 0, files: 0, totalFiles: 1 });
    });
  });
  await offerResult(vscode.l10n.t('{0} was downloaded.', name), chosen.fsPath);
}

/** Asks for a folder; the artifact folder gets one of its own in it. */
async function folderTarget(ref: ArtifactRef): Promise<Target | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    canSelectMany: false,
    defaultUri: startFolder(),
    openLabel: vscode.l10n.t('Download Here'),
    title: vscode.l10n.t('Folder that receives the artifacts'),
  });
  const [parent] = chosen ?? [];
  if (!parent) return undefined;
  requireLocal(parent);
  const wanted = localPathFor(parent.fsPath, nameOf(ref.path) || ref.runId);
  const base = ref.path;
  if (await isFree(wanted)) return { root: wanted, base, overwrite: false, result: wanted };
  const replace = vscode.l10n.t('Replace Files');
  const both = vscode.l10n.t('Keep Both');
  const answer = await messages.showWarningMessage(
    vscode.l10n.t('{0} exists already.', wanted),
    { modal: true, detail: vscode.l10n.t('Files of the same name in it would be replaced; others stay.') },
    both,
    replace,
  );
  if (answer === replace) return { root: wanted, base, overwrite: true, result: wanted };
  if (answer !== both) return undefined;
  const free = await nextFree(wanted);
  return { root: free, base, overwrite: false, result: free };
}

/** Nothing stands there, or an empty folder. */
async function isFree(folder: string): Promise<boolean> {
  try {
    return (await fs.readdir(folder)).length === 0;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return true;
    if (error instanceof Error && 'code' in error && error.code === 'ENOTDIR') return false;
    throw error;
  }
}

async function nextFree(wanted: string): Promise<string> {
  for (let number = 2; ; number++) {
    const candidate = `${wanted} ${number}`;
    if (await isFree(candidate)) return candidate;
  }
}

function requireLocal(uri: vscode.Uri): void {
  if (uri.scheme !== 'file') throw new Error(vscode.l10n.t('Artifacts can be downloaded to a folder on disk only.'));
}

const startFolder = () =>
  vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri ??
  vscode.Uri.file(process.env.HOME ?? process.env.USERPROFILE ?? '/');

/** At most ten notices a second: thousands of small files would drown the window. */
function progressReporter(report: (message: string, increment?: number) => void): (progress: DownloadProgress) => void {
  let toldAt = 0;
  let toldShare = 0;
  return ({ bytes, totalBytes, files, totalFiles }) => {
    if (Date.now() - toldAt < 100) return;
    toldAt = Date.now();
    const share = totalBytes > 0 ? Math.min(100, (100 * bytes) / totalBytes) : 0;
    const size = totalBytes > 0 ? `${formatBytes(bytes)} / ${formatBytes(totalBytes)}` : formatBytes(bytes);
    const message = totalFiles > 1 ? vscode.l10n.t('{0}, file {1} of {2}', size, files + 1, totalFiles) : size;
    report(message, share - toldShare);
    toldShare = share;
  };
}

async function offerResult(message: string, localPath: string): Promise<void> {
  const show = vscode.l10n.t('Reveal');
  // The command is done; the notification stays as long as it likes.
  void messages.showInformationMessage(message, show).then((chosen) => {
    if (chosen === show) void vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(localPath));
  });
}
