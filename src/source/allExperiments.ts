import type { ExperimentQuestions } from '../mlflow/trackingStore';

const pageSize = 1_000;
const mostPages = 20;

/** Ids of the active experiments, the newest first, at most 20,000: MLflow searches runs in named experiments only. */
export async function allExperimentIds(
  store: Pick<ExperimentQuestions, 'searchExperiments'>,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const ids: string[] = [];
  let pageToken: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const search = { maxResults: pageSize, ...(pageToken ? { pageToken } : {}) };
    const { items, nextPageToken } = await store.searchExperiments(search, signal);
    ids.push(...items.map(({ experimentId }) => experimentId));
    if (!nextPageToken) break;
    pageToken = nextPageToken;
  }
  return ids;
}
