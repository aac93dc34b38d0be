import { createHash } from 'node:crypto';
import { patchFolder } from '../experiments/run/runPatch';
import type { ArtifactQuestions } from '../mlflow/trackingStore';
import { type Run, TagKey } from '../shared/domain';

/** Where the changes beyond the commit are stored with a run. Others have another name: what is stored is not written over. */
export function patchPath(patch: Uint8Array): string {
  const content = createHash('sha256').update(patch).digest('hex').slice(0, 12);
  return `${patchFolder}/uncommitted-${content}.patch`;
}

const withdrawn = 'The patch that stood here was withdrawn.\n';

/**
 * Overwrites the patch that was stored after `run` was read, unless `run` told of the same one already. Not every server
 * can delete one file, and all of them can write one; what matters is that its content is gone.
 */
export async function withdrawPatch(
  store: ArtifactQuestions,
  { runId, tags }: Pick<Run, 'runId' | 'tags'>,
  path: string,
): Promise<void> {
  if (tags[TagKey.gitPatch] !== path) await store.uploadArtifact(runId, path, Buffer.from(withdrawn));
}
