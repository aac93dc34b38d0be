import { isCancelled, MlflowError } from '../../mlflow/mlflowError';
import type { ArtifactQuestions } from '../../mlflow/trackingStore';
import { parentOf } from '../../shared/artifactPath';
import { type PathPattern, parsePathPattern } from '../../shared/charts/pathPattern';
import { mapLimited } from '../../shared/mapLimited';
import type { ArtifactContent, FoundArtifacts } from '../../shared/protocol/exports';

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

/** A whole image, or the beginning of a text. @throws MlflowError also for an image that is too large */
export async function readArtifact(
  store: ArtifactStore,
  { runId, path, as }: { readonly runId: string; readonly path: string; readonly as: 'image' | 'text' },
  signal: AbortSignal,
): Promise<ArtifactContent> {
  const most = as === 'image' ? largestImage : mostText;
  const abort = new AbortController();
  const { body, totalBytes } = await store.downloadArtifact(runId, path, AbortSignal.any([signal, abort.signal]));
  if (as === 'image' && totalBytes !== undefined && totalBytes > most) {
    abort.abort();
    throw tooLarge(path);
  }
  const chunks: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    received += chunk.length;
    if (received <= most) continue;
    // Leaving the loop gives the connection up.
    if (as === 'image') throw tooLarge(path);
    break;
  }
  const whole = Buffer.concat(chunks);
  // A buffer of its own: what is posted to a page takes all of the memory behind a view with it.
  return { bytes: new Uint8Array(whole.subarray(0, most)), cut: received > most };
}

const tooLarge = (path: string) => new MlflowError('invalid', `${path} is larger than 10 MB.`);
