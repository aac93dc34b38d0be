import type { LoggedModel, Run, Tags } from '../shared/domain';
import { quoteValue } from './filterQuoting';
import { MlflowError } from './mlflowError';
import { namesCommit, type RunOrigin, runOrigin } from './runSource';
import type { LoggedModelQuestions } from './trackingStore';

export interface RecordedOrigin {
  readonly origin: RunOrigin;
  /** Those that may hold the patch. */
  readonly tags: Tags;
}

/** So many models are asked for by themselves; where a run logged more, checkpoints mostly, the others come in pages. */
const askedAlone = 5;
const pageSize = 100;

type Questions = Pick<LoggedModelQuestions, 'getLoggedModel' | 'searchLoggedModels'>;

/**
 * What the run's tags say of its code; where they name no commit, what the models it logged say (git versioning of
 * MLflow 3 writes there).
 */
export async function recordedOrigin(store: Questions, run: Run, signal?: AbortSignal): Promise<RecordedOrigin> {
  const origin = runOrigin(run);
  if (namesCommit(run)) return { origin, tags: run.tags };
  const model = await modelWithCommit(store, run, signal);
  if (!model) return { origin, tags: run.tags };
  return { origin: { ...runOrigin(model), source: origin.source }, tags: model.tags };
}

async function modelWithCommit(
  store: Questions,
  { runId, experimentId, modelIds }: Run,
  signal: AbortSignal | undefined,
): Promise<LoggedModel | undefined> {
  for (const modelId of modelIds.slice(0, askedAlone)) {
    const model = await store.getLoggedModel(modelId, signal).catch((error: unknown) => {
      if (error instanceof MlflowError && error.kind === 'notFound') return undefined;
      throw error;
    });
    if (model && namesCommit(model)) return model;
  }
  const others = new Set(modelIds.slice(askedAlone));
  const search = {
    experimentIds: [experimentId],
    filter: `source_run_id = ${quoteValue(runId)}`,
    maxResults: pageSize,
  };
  let pageToken: string | undefined;
  while (others.size > 0) {
    const page = await store.searchLoggedModels({ ...search, ...(pageToken ? { pageToken } : {}) }, signal);
    const found = page.items.find((model) => others.delete(model.modelId) && namesCommit(model));
    if (found || page.nextPageToken === undefined) return found;
    pageToken = page.nextPageToken;
  }
  return undefined;
}
