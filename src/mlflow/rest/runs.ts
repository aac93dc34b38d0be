import { chunks } from '../../shared/chunks';
import type { Metric } from '../../shared/domain';
import type { HttpClient } from '../http/httpClient';
import { MlflowError } from '../mlflowError';
import type { RunBatch, RunQuestions } from '../trackingStore';
import { decodeRun } from '../wire/decoders';
import { api2, askList, get, pageOf, tagList, write } from './restCall';

const path = `${api2}/runs`;

export function runQuestions(http: HttpClient): RunQuestions {
  return {
    async searchRuns({ experimentIds, filter, orderBy, viewType, maxResults, pageToken }, signal) {
      const json = {
        experiment_ids: experimentIds,
        max_results: maxResults ?? 100,
        run_view_type: viewType ?? 'ACTIVE_ONLY',
        ...(filter ? { filter } : {}),
        ...(orderBy ? { order_by: orderBy } : {}),
        ...(pageToken ? { page_token: pageToken } : {}),
      };
      const { items, answer } = await askList(http, `${path}/search`, json, 'runs', decodeRun, signal);
      return pageOf(items, answer);
    },

    async getRun(runId, signal) {
      return decodeRun((await get(http, `${path}/get`, { run_id: runId }, signal)).object('run'));
    },

    async createRun({ experimentId, name, startTime, tags }, signal) {
      const json = {
        experiment_id: experimentId,
        start_time: Math.round(startTime ?? Date.now()),
        ...(name ? { run_name: name } : {}),
        tags: tagList(tags),
      };
      return decodeRun((await write(http, 'POST', `${path}/create`, json, signal)).object('run'));
    },

    async updateRun(runId, { name, status, endTime }, signal) {
      const json = {
        run_id: runId,
        ...(name ? { run_name: name } : {}),
        ...(status ? { status } : {}),
        ...(endTime === undefined ? {} : { end_time: Math.round(endTime) }),
      };
      await write(http, 'POST', `${path}/update`, json, signal);
    },

    async deleteRun(runId, signal) {
      await write(http, 'POST', `${path}/delete`, { run_id: runId }, signal);
    },

    async restoreRun(runId, signal) {
      await write(http, 'POST', `${path}/restore`, { run_id: runId }, signal);
    },

    async logParam(runId, key, value, signal) {
      await write(http, 'POST', `${path}/log-parameter`, { run_id: runId, key, value }, signal);
    },

    async logMetric(runId, metric, signal) {
      await write(http, 'POST', `${path}/log-metric`, { run_id: runId, ...encodeMetric(metric) }, signal);
    },

    async logBatch(runId, batch, signal) {
      for (const piece of splitBatch(batch))
        await write(http, 'POST', `${path}/log-batch`, { run_id: runId, ...piece }, signal);
    },

    async setRunTag(runId, key, value, signal) {
      await write(http, 'POST', `${path}/set-tag`, { run_id: runId, key, value }, signal);
    },

    async deleteRunTag(runId, key, signal) {
      try {
        await write(http, 'POST', `${path}/delete-tag`, { run_id: runId, key }, signal);
      } catch (error) {
        // A missing run and a missing tag give the same code: only the run's absence is an error.
        if (!(error instanceof MlflowError) || error.kind !== 'notFound') throw error;
        await get(http, `${path}/get`, { run_id: runId }, signal);
      }
    },
  };
}

/** MLflow stores what it cannot read as 0 without a word, so nothing unreadable may be sent. */
export function encodeMetric({ key, value, timestamp, step, exactStep }: Metric) {
  const encoded = Number.isFinite(value) ? value : String(value);
  return { key, value: encoded, timestamp: Math.round(timestamp), step: exactStep ?? Math.round(step) };
}

const mostMetrics = 1000;
const mostParamsOrTags = 100;

/** Pieces within the server's limits. Params and tags travel alone, so that a piece has at most 1,000 entries. */
export function splitBatch({ metrics = [], params, tags }: RunBatch): object[] {
  return [
    ...chunks(tagList(params), mostParamsOrTags).map((piece) => ({ params: piece })),
    ...chunks(tagList(tags), mostParamsOrTags).map((piece) => ({ tags: piece })),
    ...chunks(metrics, mostMetrics).map((piece) => ({ metrics: piece.map(encodeMetric) })),
  ];
}
