import { createWriteStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ArtifactRef } from '../mlflow/artifactUri';
import { MlflowError } from '../mlflow/mlflowError';
import type { TrackingStore } from '../mlflow/trackingStore';
import { parentOf } from '../shared/artifactPath';
import type { ArtifactInfo } from '../shared/domain';
import { localPathFor } from './localPath';

const mostFiles = 100_000;
const deepest = 64;

export interface DownloadProgress {
  /** bytes, of all files together */
  readonly bytes: number;
  readonly totalBytes: number;
  readonly files: number;
  readonly totalFiles: number;
}

export interface FoundFiles {
  readonly files: readonly ArtifactInfo[];
  /** Entries that the server lists outside of the folder they are in: they are not downloaded. */
  readonly refused: number;
}

/** Every file below a folder, or the file itself. */
export async function filesBelow(
  store: TrackingStore,
  ref: ArtifactRef,
  isFolder: boolean,
  signal: AbortSignal,
): Promise<FoundFiles> {
  if (!isFolder) return { files: [{ path: ref.path, isFolder: false }], refused: 0 };
  let refused = 0;
  const files: ArtifactInfo[] = [];
  const folders: { path: string; depth: number }[] = [{ path: ref.path, depth: 0 }];
  for (let folder = folders.pop(); folder; folder = folders.pop()) {
    const { path: at, depth } = folder;
    const listing = await store.listArtifacts(ref.runId, at, signal);
    const inside = listing.files.filter((file) => parentOf(file.path) === at);
    refused += listing.refused.length + listing.files.length - inside.length;
    for (const entry of inside) {
      if (!entry.isFolder) files.push(entry);
      else if (depth < deepest) folders.push({ path: entry.path, depth: depth + 1 });
    }
    if (files.length > mostFiles)
      throw new MlflowError('invalid', `The folder holds more than ${mostFiles} files.`, {
        advice: 'Download its folders one by one.',
      });
  }
  return { files, refused };
}

/**
 * Writes files below `root` (an absolute path); paths are taken relative to `base`. A file appears under its name only
 * when it is complete; a cancelled or failed download leaves those that were finished.
 */
export async function downloadFiles(
  store: TrackingStore,
  runId: string,
  files: readonly ArtifactInfo[],
  target: { readonly root: string; readonly base: string; readonly overwrite: boolean },
  signal: AbortSignal,
  report: (progress: DownloadProgress) => void,
): Promise<void> {
  const totalBytes = files.reduce((sum, file) => sum + (file.size ?? 0), 0);
  let bytes = 0;
  for (const [at, file] of files.entries()) {
    const local = localPathFor(target.root, relativeTo(target.base, file.path));
    await fs.mkdir(path.dirname(local), { recursive: true });
    await downloadFile(store, { runId, path: file.path }, local, target.overwrite, signal, (received) => {
      bytes += received;
      report({ bytes, totalBytes, files: at, totalFiles: files.length });
    });
  }
}

const relativeTo = (base: string, artifactPath: string) =>
  base === '' ? artifactPath : artifactPath.slice(base.length + 1);

/** Streams one artifact to `local`. `overwrite` false leaves what stands there and fails. */
export async function downloadFile(
  store: TrackingStore,
  ref: ArtifactRef,
  local: string,
  overwrite: boolean,
  signal: AbortSignal,
  onBytes: (received: number) => void,
): Promise<void> {
  const { body } = await store.downloadArtifact(ref.runId, ref.path, signal);
  const part = `${local}.${process.pid}-${Date.now()}.part`;
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      onBytes(chunk.length);
      yield chunk;
    }
  };
  try {
    await pipeline(Readable.from(counted()), createWriteStream(part, { flags: 'wx' }), { signal });
    if (overwrite) await fs.rename(part, local);
    // A link fails where a file stands, which a rename would replace.
    else await fs.link(part, local).catch(() => fs.copyFile(part, local, fs.constants.COPYFILE_EXCL));
  } finally {
    await fs.rm(part, { force: true });
  }
}
