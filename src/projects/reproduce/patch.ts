import type { TrackingStore } from '../../mlflow/trackingStore';
import { isSafePath } from '../../shared/artifactPath';
import type { Run } from '../../shared/domain';
import { downloadedText } from './downloadedText';

/** Flowdeck's own tag, whose value is the path of an artifact, and MLflow 3's, which holds the text itself. */
const artifactTag = 'flowdeck.git.patch';
const diffTags = ['mlflow.source.git.diff', 'mlflow.git.diff'];
const mostBytes = 10_000_000;

/** The uncommitted changes that a run carries. */
export async function patchOf(
  run: Pick<Run, 'runId' | 'tags'>,
  store: Pick<TrackingStore, 'downloadArtifact'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const file = run.tags[artifactTag];
  if (file !== undefined && isSafePath(file))
    return withLineEnd(
      await downloadedText((abort) => store.downloadArtifact(run.runId, file, abort), mostBytes, signal),
    );
  const text = diffTags.map((tag) => run.tags[tag]).find((value) => value !== undefined && value.trim() !== '');
  return text === undefined ? undefined : withLineEnd(text);
}

/** git takes a patch without one for damaged, and MLflow leaves it out. */
const withLineEnd = (text: string) => (text.endsWith('\n') ? text : `${text}\n`);
