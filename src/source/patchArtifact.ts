import { MlflowError } from '../mlflow/mlflowError';
import type { ArtifactQuestions } from '../mlflow/trackingStore';
import { type Run, TagKey } from '../shared/domain';

/** Where the changes beyond the commit are stored with a run. */
export const patchPath = 'flowdeck/uncommitted.patch';

/** No patch of Flowdeck is larger. */
const largestKept = 10_000_000;

/** The patch that stands at `path` already and would be overwritten: Undo brings it back. Undefined when there is none. */
export async function replacedPatch(
  store: ArtifactQuestions,
  run: Pick<Run, 'runId' | 'tags'>,
  path: string,
  signal?: AbortSignal,
): Promise<Uint8Array | undefined> {
  if (run.tags[TagKey.gitPatch] !== path) return undefined;
  try {
    const { body } = await store.downloadArtifact(run.runId, path, signal, { start: 0, end: largestKept });
    const parts: Uint8Array[] = [];
    for await (const part of body) parts.push(part);
    return Buffer.concat(parts);
  } catch (error) {
    if (error instanceof MlflowError && error.kind === 'notFound') return undefined;
    throw error;
  }
}

const withdrawn = 'The patch that stood here was withdrawn.\n';

/**
 * After an undo: brings the former patch back, or else overwrites what was stored. Not every server can delete one
 * file, and all of them can write one; what matters is that its content is gone.
 */
export async function withdrawPatch(
  store: ArtifactQuestions,
  runId: string,
  replaced: Uint8Array | undefined,
): Promise<void> {
  await store.uploadArtifact(runId, patchPath, replaced ?? Buffer.from(withdrawn));
}
