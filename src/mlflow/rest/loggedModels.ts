import type { HttpClient } from '../http/httpClient';
import type { LoggedModelQuestions } from '../trackingStore';
import { decodeLoggedModel } from '../wire/decoders';
import { api2, ask, get, pageOf } from './restCall';

const path = `${api2}/logged-models`;

/** Logged models are MLflow 3's: MLflow 2 keeps them as artifacts and a tag of the run. */
export function loggedModelQuestions(
  http: HttpClient,
  generation: (signal?: AbortSignal) => Promise<2 | 3>,
): LoggedModelQuestions {
  return {
    async searchLoggedModels({ experimentIds, filter, maxResults, pageToken }, signal) {
      if ((await generation(signal)) === 2) return { items: [] };
      const json = {
        experiment_ids: experimentIds,
        max_results: maxResults ?? 50,
        ...(filter ? { filter } : {}),
        ...(pageToken ? { page_token: pageToken } : {}),
      };
      const answer = await ask(http, `${path}/search`, json, signal);
      return pageOf(answer.list('models', decodeLoggedModel), answer);
    },

    async getLoggedModel(modelId, signal) {
      return decodeLoggedModel((await get(http, `${path}/${encodeURIComponent(modelId)}`, {}, signal)).object('model'));
    },
  };
}
