import type { HttpClient } from '../http/httpClient';
import { MlflowError } from '../mlflowError';
import type { ExperimentQuestions } from '../trackingStore';
import { decodeExperiment } from '../wire/decoders';
import { api2, ask, get, pageOf, tagList, write } from './restCall';

const path = `${api2}/experiments`;

export function experimentQuestions(http: HttpClient): ExperimentQuestions {
  return {
    async searchExperiments({ filter, orderBy, viewType, maxResults, pageToken }, signal) {
      const json = {
        max_results: maxResults ?? 1000,
        ...(filter ? { filter } : {}),
        ...(orderBy ? { order_by: orderBy } : {}),
        ...(viewType ? { view_type: viewType } : {}),
        ...(pageToken ? { page_token: pageToken } : {}),
      };
      const answer = await ask(http, `${path}/search`, json, signal);
      return pageOf(answer.list('experiments', decodeExperiment), answer);
    },

    async getExperiment(experimentId, signal) {
      const answer = await get(http, `${path}/get`, { experiment_id: experimentId }, signal);
      return decodeExperiment(answer.object('experiment'));
    },

    async getExperimentByName(name, signal) {
      try {
        const answer = await get(http, `${path}/get-by-name`, { experiment_name: name }, signal);
        return decodeExperiment(answer.object('experiment'));
      } catch (error) {
        if (error instanceof MlflowError && error.details.errorCode === 'RESOURCE_DOES_NOT_EXIST') return undefined;
        throw error;
      }
    },

    async createExperiment(name, tags, signal) {
      const answer = await write(http, 'POST', `${path}/create`, { name, tags: tagList(tags) }, signal);
      return answer.id('experiment_id');
    },

    async renameExperiment(experimentId, newName, signal) {
      await write(http, 'POST', `${path}/update`, { experiment_id: experimentId, new_name: newName }, signal);
    },

    async deleteExperiment(experimentId, signal) {
      await write(http, 'POST', `${path}/delete`, { experiment_id: experimentId }, signal);
    },

    async restoreExperiment(experimentId, signal) {
      await write(http, 'POST', `${path}/restore`, { experiment_id: experimentId }, signal);
    },

    async setExperimentTag(experimentId, key, value, signal) {
      await write(http, 'POST', `${path}/set-experiment-tag`, { experiment_id: experimentId, key, value }, signal);
    },

    async deleteExperimentTag(experimentId, key, signal) {
      try {
        await write(http, 'POST', `${path}/delete-experiment-tag`, { experiment_id: experimentId, key }, signal);
      } catch (error) {
        // A missing route answers without MLflow's error code; a missing tag has one.
        if (!(error instanceof MlflowError) || error.kind !== 'notFound') throw error;
        if (error.details.errorCode) return;
        throw new MlflowError('invalid', 'This server cannot delete tags of experiments.', {
          ...error.details,
          advice: 'MLflow 3 can. Set the tag to an empty value instead.',
        });
      }
    },
  };
}
