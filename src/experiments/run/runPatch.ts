import { maxPatchBytes } from '../../git/applyPatch';
import { GitError } from '../../git/gitError';
import { readAtMost } from '../../mlflow/readAtMost';
import { recordedPatch } from '../../mlflow/runSource';
import type { ArtifactQuestions } from '../../mlflow/trackingStore';
import { isSafePath, parentOf } from '../../shared/artifactPath';
import type { Run } from '../../shared/domain';

/** Of a run's artifacts: what Flowdeck stores with it. Of a tag that points elsewhere nothing is read. */
export const patchFolder = 'flowdeck';

/**
 * The uncommitted changes that a run carries, as the bytes of a patch; undefined when it carries none. Throws `MlflowError`
 * when the artifact cannot be had, `GitError` when it is too large or has an impossible name.
 */
export async function patchOfRun(
  store: Pick<ArtifactQuestions, 'downloadArtifact'>,
  run: Pick<Run, 'runId' | 'tags'>,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  const recorded = recordedPatch(run);
  if (!recorded) return undefined;
  if (recorded.kind === 'text') return isEmpty(recorded.text) ? undefined : Buffer.from(recorded.text);
  const { path } = recorded;
  if (!isSafePath(path) || parentOf(path) !== patchFolder)
    throw new GitError('patch', `${JSON.stringify(path.slice(0, 200))} names no patch that was stored with a run.`);
  const bytes = await readAtMost((abort) => store.downloadArtifact(run.runId, path, abort), maxPatchBytes, signal);
  if (!bytes) throw new GitError('tooLarge', `${path} is larger than ${maxPatchBytes / 1024 / 1024} MB.`);
  const patch = Buffer.from(bytes);
  return isEmpty(patch.toString('latin1')) ? undefined : patch;
}

const isEmpty = (text: string) => text.trim() === '';
