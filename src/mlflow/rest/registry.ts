import type { HttpClient } from '../http/httpClient';
import { MlflowError } from '../mlflowError';
import type { RegistryQuestions, RegistrySearch } from '../trackingStore';
import { decodeModelVersion, decodeRegisteredModel } from '../wire/decoders';
import { api2, get, pageOf, write } from './restCall';

const models = `${api2}/registered-models`;
const versions = `${api2}/model-versions`;

const searchQuery = ({ filter, orderBy, maxResults, pageToken }: RegistrySearch) => ({
  filter: filter || undefined,
  order_by: orderBy,
  max_results: maxResults ?? 100,
  page_token: pageToken,
});

type ModelQuestions = Pick<
  RegistryQuestions,
  | 'searchRegisteredModels'
  | 'getRegisteredModel'
  | 'createRegisteredModel'
  | 'renameRegisteredModel'
  | 'describeRegisteredModel'
  | 'deleteRegisteredModel'
  | 'setRegisteredModelTag'
  | 'deleteRegisteredModelTag'
  | 'setAlias'
  | 'deleteAlias'
  | 'getModelVersionByAlias'
>;

export const registryQuestions = (http: HttpClient): RegistryQuestions => ({
  ...modelQuestions(http),
  ...versionQuestions(http),
});

function modelQuestions(http: HttpClient): ModelQuestions {
  return {
    async searchRegisteredModels(search, signal) {
      const answer = await get(http, `${models}/search`, searchQuery(search), signal);
      return pageOf(answer.list('registered_models', decodeRegisteredModel), answer);
    },

    async getRegisteredModel(name, signal) {
      return decodeRegisteredModel((await get(http, `${models}/get`, { name }, signal)).object('registered_model'));
    },

    async createRegisteredModel(name, description, signal) {
      const json = { name, ...(description ? { description } : {}) };
      return decodeRegisteredModel(
        (await write(http, 'POST', `${models}/create`, json, signal)).object('registered_model'),
      );
    },

    async renameRegisteredModel(name, newName, signal) {
      await write(http, 'POST', `${models}/rename`, { name, new_name: newName }, signal);
    },

    async describeRegisteredModel(name, description, signal) {
      await write(http, 'PATCH', `${models}/update`, { name, description }, signal);
    },

    async deleteRegisteredModel(name, signal) {
      await write(http, 'DELETE', `${models}/delete`, { name }, signal);
    },

    async setRegisteredModelTag(name, key, value, signal) {
      await write(http, 'POST', `${models}/set-tag`, { name, key, value }, signal);
    },

    async deleteRegisteredModelTag(name, key, signal) {
      await write(http, 'DELETE', `${models}/delete-tag`, { name, key }, signal);
    },

    async setAlias(name, alias, version, signal) {
      await write(http, 'POST', `${models}/alias`, { name, alias, version }, signal);
    },

    async deleteAlias(name, alias, signal) {
      await write(http, 'DELETE', `${models}/alias`, { name, alias }, signal);
    },

    async getModelVersionByAlias(name, alias, signal) {
      try {
        const answer = await get(http, `${models}/alias`, { name, alias }, signal);
        return decodeModelVersion(answer.object('model_version'));
      } catch (error) {
        // MLflow calls a missing alias an invalid parameter.
        if (!(error instanceof MlflowError) || error.kind !== 'invalid' || !/not found/i.test(error.message))
          throw error;
        throw new MlflowError('notFound', error.message, error.details);
      }
    },
  };
}

function versionQuestions(http: HttpClient): Omit<RegistryQuestions, keyof ModelQuestions> {
  return {
    async searchModelVersions(search, signal) {
      const answer = await get(http, `${versions}/search`, searchQuery(search), signal);
      return pageOf(answer.list('model_versions', decodeModelVersion), answer);
    },

    async getModelVersion(name, version, signal) {
      return decodeModelVersion(
        (await get(http, `${versions}/get`, { name, version }, signal)).object('model_version'),
      );
    },

    async createModelVersion({ name, source, runId, description }, signal) {
      const json = { name, source, ...(runId ? { run_id: runId } : {}), ...(description ? { description } : {}) };
      return decodeModelVersion(
        (await write(http, 'POST', `${versions}/create`, json, signal)).object('model_version'),
      );
    },

    async describeModelVersion(name, version, description, signal) {
      await write(http, 'PATCH', `${versions}/update`, { name, version, description }, signal);
    },

    async deleteModelVersion(name, version, signal) {
      await write(http, 'DELETE', `${versions}/delete`, { name, version }, signal);
    },

    async setModelVersionTag(name, version, key, value, signal) {
      await write(http, 'POST', `${versions}/set-tag`, { name, version, key, value }, signal);
    },

    async deleteModelVersionTag(name, version, key, signal) {
      await write(http, 'DELETE', `${versions}/delete-tag`, { name, version, key }, signal);
    },

    async transitionStage(name, version, stage, archiveExisting, signal) {
      const json = { name, version, stage, archive_existing_versions: archiveExisting };
      return decodeModelVersion(
        (await write(http, 'POST', `${versions}/transition-stage`, json, signal)).object('model_version'),
      );
    },
  };
}
