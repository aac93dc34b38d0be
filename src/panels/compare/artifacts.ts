import { createHash } from 'node:crypto';
import { isCancelled, MlflowError } from '../../mlflow/mlflowError';
import type { ArtifactQuestions } from '../../mlflow/trackingStore';
import { nameOf, parentOf } from '../../shared/artifactPath';
import type { ArtifactInfo } from '../../shared/domain';
import { mapLimited } from '../../shared/mapLimited';
import { naturalCompare } from '../../shared/naturalCompare';
import type { ArtifactLevel, FileHash } from '../../shared/protocol/compare';

const atOnce = 4;
/** Entries of one folder that are compared, and bytes of a file whose content is. */
const mostEntries = 5_000;
const largestHashed = 200_000_000;

export type ArtifactStore = Pick<ArtifactQuestions, 'listArtifacts' | 'downloadArtifact'>;

/** One folder of all runs together. A run whose folder cannot be read says so. */
export async function artifactLevel(
  store: ArtifactStore,
  runIds: readonly string[],
  path: string,
  signal: AbortSignal,
): Promise<ArtifactLevel> {
  const answers = await mapLimited(runIds, atOnce, async (runId) => {
    try {
      return (await store.listArtifacts(runId, path, signal)).files;
    } catch (error) {
      return problemOf(error);
    }
  });
  return {
    path,
    ...unionOf(
      answers.map((answer) => (typeof answer === 'string' ? [] : answer)),
      path,
    ),
    problems: answers.map((answer) => (typeof answer === 'string' ? answer : null)),
  };
}

function unionOf(
  listings: readonly (readonly ArtifactInfo[])[],
  folder: string,
): Pick<ArtifactLevel, 'entries' | 'left'> {
  const left = new Set<string>();
  const entries = new Map<string, { path: string; isFolder: boolean; sizes: (number | null)[] }>();
  for (const [at, files] of listings.entries())
    for (const { path, isFolder, size } of files) {
      // A server that lists a folder within itself would be walked for ever.
      if (parentOf(path) !== folder) continue;
      const key = `${isFolder} ${path}`;
      const entry = entries.get(key) ?? { path, isFolder, sizes: listings.map((): number | null => null) };
      entry.sizes[at] = size ?? 0;
      if (entries.size < mostEntries || entries.has(key)) entries.set(key, entry);
      else left.add(key);
    }
  const sorted = [...entries.values()].sort(
    (a, b) => Number(b.isFolder) - Number(a.isFolder) || naturalCompare(nameOf(a.path), nameOf(b.path)),
  );
  return { entries: sorted, left: left.size };
}

/** SHA-256 of a file in each run, read as a stream. */
export function artifactHashes(
  store: ArtifactStore,
  runIds: readonly string[],
  path: string,
  signal: AbortSignal,
): Promise<readonly FileHash[]> {
  return mapLimited(runIds, atOnce, async (runId): Promise<FileHash> => {
    const enough = new AbortController();
    try {
      const { body, totalBytes } = await store.downloadArtifact(runId, path, AbortSignal.any([signal, enough.signal]));
      const hash = createHash('sha256');
      let read = 0;
      if ((totalBytes ?? 0) <= largestHashed)
        for await (const chunk of body) {
          read += chunk.length;
          if (read > largestHashed) break;
          hash.update(chunk);
        }
      if (Math.max(read, totalBytes ?? 0) <= largestHashed) return { hash: hash.digest('hex') };
      enough.abort();
      return { problem: 'over 200 MB' };
    } catch (error) {
      if (error instanceof MlflowError && error.kind === 'notFound') return { missing: true };
      return { problem: problemOf(error) };
    }
  });
}

function problemOf(error: unknown): string {
  if (isCancelled(error) || !(error instanceof MlflowError)) throw error;
  return error.message;
}
