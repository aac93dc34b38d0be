import type { Run, Tags } from '../shared/domain';
import { MlflowError } from './mlflowError';
import { namesCommit, type RunOrigin, runOrigin } from './runSource';
import type { LoggedModelQuestions } from './trackingStore';

export interface RecordedOrigin {
  readonly origin: RunOrigin;
  /** Those that may hold the patch. */
  readonly tags: Tags;
}

const mostModels = 5;

/**
 * What the run's tags say of its code; where they name no commit, what the models it logged say (git versioning of
 * MLflow 3 writes there).
 */
export async function recordedOrigin(
  store: Pick<LoggedModelQuestions, 'getLoggedModel'>,
  run: Run,
  signal?: AbortSignal,
): Promise<RecordedOrigin> {
  const origin = runOrigin(run);
  if (namesCommit(run)) return { origin, tags: run.tags };
  for (const modelId of run.modelIds.slice(0, mostModels)) {
    const model = await store.getLoggedModel(modelId, signal).catch((error: unknown) => {
      if (error instanceof MlflowError && error.kind === 'notFound') return undefined;
      throw error;
    });
    if (model && namesCommit(model))
      return { origin: { ...runOrigin(model), source: origin.source }, tags: model.tags };
  }
  return { origin, tags: run.tags };
}
