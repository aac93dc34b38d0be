import { isCancelled, MlflowError } from '../../mlflow/mlflowError';
import { readAtMost, readBeginning } from '../../mlflow/readAtMost';
import type { ArtifactQuestions } from '../../mlflow/trackingStore';
import { parentOf } from '../../shared/artifactPath';
import { type PathPattern, parsePathPattern } from '../../shared/charts/pathPattern';
import { mapLimited } from '../../shared/mapLimited';
import type { ArtifactContent, ArtifactWanted, FoundArtifacts } from '../../shared/protocol/exports';

export type ArtifactStore = Pick<ArtifactQuestions, 'listArtifacts' | 'downloadArtifact'>;

const atOnce = 6;
const mostFiles = 5_000;
const mostFolders = 200;
/** bytes */
export const largestImage = 10_000_000;
export const mostText = 200_000;

/** Which artifacts of each run match. A run whose artifacts cannot be listed says why; the others are found all the same. */
export async function findArtifacts(
  store: ArtifactStore,
  runIds: readonly string[],
  text: string,
  signal?: AbortSignal,
): Promise<readonly FoundArtifacts[]> {
  const pattern = parsePathPattern(text);
  return await mapLimited(runIds, atOnce, async (runId) => {
    try {
      return { runId, ...(await walk(store, runId, pattern, signal)) };
    } catch (error) {
      if (isCancelled(error)) throw error;
      return { runId, paths: [], more: false, problem: error instanceof Error ? error.message : String(error) };
    }
  });
}

async function walk(store: ArtifactStore, runId: string, pattern: PathPattern, signal: AbortSignal | undefined) {
  const paths: string[] = [];
  // The folder may be a file, which only its own folder tells.
  const folders = [parentOf(pattern.folder)];
  let visited = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    if (paths.length >= mostFiles || ++visited > mostFolders) return { paths, more: true };
    for (const file of (await listed(store, runId, folder, signal)).toReversed()) {
      if (parentOf(file.path) !== folder) continue;
      if (file.isFolder && leadsTo(pattern.folder, file.path)) folders.push(file.path);
      if (!file.isFolder && pattern.matches(file.path)) paths.push(file.path);
    }
  }
  return { paths, more: false };
}

/** Whether a folder is on the way to another, or below it. */
const leadsTo = (wanted: string, folder: string) =>
  wanted === '' || `${wanted}/`.startsWith(`${folder}/`) || folder.startsWith(`${wanted}/`);

/** A folder that is not there holds nothing. */
async function listed(store: ArtifactStore, runId: string, folder: string, signal: AbortSignal | undefined) {
  try {
    return (await store.listArtifacts(runId, folder, signal)).files;
  } catch (error) {
    if (error instanceof MlflowError && error.kind === 'notFound' && folder !== '') return [];
    throw error;
  }
}

/** bytes */
const limits = { image: largestImage, text: mostText, wholeText: largestImage } as const;

/** A whole image or text, or the beginning of a text. @throws MlflowError also for what is too large to be whole */
export async function readArtifact(
  store: ArtifactStore,
  { runId, path, as }: ArtifactWanted,
  signal: AbortSignal,
): Promise<ArtifactContent> {
  const download = (abort: AbortSignal) => store.downloadArtifact(runId, path, abort);
  if (as === 'text') return await readBeginning(download, limits.text, signal);
  const bytes = await readAtMost(download, limits[as], signal);
  if (bytes) return { bytes, cut: false };
  throw new MlflowError('invalid', `${path} is larger than 10 MB.`, { advice: 'Open it in an editor.' });
}
