import { chunks } from '../../shared/chunks';
import type { Metric, MetricSeries } from '../../shared/domain';
import type { HttpClient } from '../http/httpClient';
import { MlflowError } from '../mlflowError';
import type { MetricQuestions, SampledHistoryQuestion } from '../trackingStore';
import { decodeMetric } from '../wire/decoders';
import type { Fields } from '../wire/fields';
import { atMost, toSeries } from '../wire/series';
import { api2, get } from './restCall';

const path = `${api2}/metrics`;
/** MLflow 2 behind gunicorn refuses request lines over 4,094 bytes: 98 run ids are too many. */
const runsPerCall = 80;
const pageSize = 25_000;
const mostSampled = 2_500;
/** `get-history-bulk` gives at most this many rows over all runs, and says nothing when it cuts. */
const mostBulkRows = 25_000;

export function metricQuestions(
  http: HttpClient,
  generation: (signal?: AbortSignal) => Promise<2 | 3>,
): MetricQuestions {
  const pageOfHistory: MetricQuestions['metricHistoryPage'] = async (runId, key, page, signal) => {
    const query = { run_id: runId, metric_key: key, max_results: page.maxResults, page_token: page.pageToken };
    const answer = await get(http, `${path}/get-history`, query, signal);
    const rows = await answer.listInSlices('metrics', decodeMetric);
    const nextPageToken = rows.length > 0 ? answer.optionalText('next_page_token') : undefined;
    return {
      series: toSeries(runId, key, rows, nextPageToken !== undefined),
      ...(nextPageToken ? { nextPageToken } : {}),
    };
  };

  return {
    metricHistoryPage: pageOfHistory,

    async metricHistory(runId, key, signal, progress) {
      const pages: MetricSeries[] = [];
      let points = 0;
      for (let pageToken: string | undefined, first = true; first || pageToken; first = false) {
        const page = await pageOfHistory(
          runId,
          key,
          { maxResults: pageSize, ...(pageToken ? { pageToken } : {}) },
          signal,
        );
        pages.push(page.series);
        points += page.series.steps.length;
        progress?.({ points });
        pageToken = page.nextPageToken;
      }
      return joined(runId, key, pages, points);
    },

    async sampledHistory(question, signal) {
      const pieces = chunks(question.runIds, runsPerCall).map((runIds) => ({ ...question, runIds }));
      const series: MetricSeries[] = [];
      for (const piece of pieces) series.push(...(await sampledPiece(http, piece, await generation(signal), signal)));
      return series;
    },
  };
}

function joined(runId: string, key: string, pages: readonly MetricSeries[], points: number): MetricSeries {
  const [only] = pages;
  if (pages.length === 1 && only) return { ...only, sampled: false };
  const all = {
    steps: new Float64Array(points),
    timestamps: new Float64Array(points),
    values: new Float64Array(points),
  };
  let at = 0;
  for (const page of pages) {
    all.steps.set(page.steps, at);
    all.timestamps.set(page.timestamps, at);
    all.values.set(page.values, at);
    at += page.steps.length;
  }
  return { runId, key, ...all, sampled: false };
}

/**
 * MLflow 3 samples each run by itself: the interval endpoint is right. MLflow 2 chooses one set of steps for all
 * runs, which starves short ones, and reads everything anyway: there the bulk endpoint is asked for all rows
 * first, and the interval endpoint run by run only when these do not fit.
 */
async function sampledPiece(
  http: HttpClient,
  question: SampledHistoryQuestion,
  generation: 2 | 3,
  signal: AbortSignal | undefined,
): Promise<MetricSeries[]> {
  try {
    if (generation === 3) {
      // Sampling reads run by run, several times; all rows of a few come in one go.
      const isSmall = question.expectedPoints !== undefined && question.expectedPoints < mostBulkRows;
      const whole = isSmall ? await bulk(http, question, signal) : undefined;
      return whole ?? (await interval(http, question, signal));
    }
    // New points of a run that goes on: there is no other run that could be starved.
    const isSpanOfOne = question.startStep !== undefined && question.runIds.length === 1;
    const complete = isSpanOfOne ? undefined : await bulk(http, question, signal);
    if (complete) return complete;
    const series: MetricSeries[] = [];
    for (const runId of question.runIds)
      series.push(...(await interval(http, { ...question, runIds: [runId] }, signal)));
    return series;
  } catch (error) {
    if (!(error instanceof MlflowError) || error.details.status !== 404 || error.details.errorCode) throw error;
    return await fullHistories(http, question, signal);
  }
}

async function interval(
  http: HttpClient,
  question: SampledHistoryQuestion,
  signal?: AbortSignal,
): Promise<MetricSeries[]> {
  const { runIds, key, startStep, endStep } = question;
  // One more than wanted tells a run with exactly as many points from a sampled one.
  const most = Math.max(1, Math.min(mostSampled, question.maxPoints + 1));
  const query = {
    run_ids: runIds,
    metric_key: key,
    max_results: most,
    ...(startStep === undefined || endStep === undefined ? {} : { start_step: startStep, end_step: endStep }),
  };
  const answer = await get(http, `${path}/get-history-bulk-interval`, query, signal);
  const rows = await rowsByRun(answer);
  return runIds.map((runId) => {
    const found = rows.get(runId) ?? [];
    return atMost(question.maxPoints, toSeries(runId, key, found, found.length >= most));
  });
}

/** Every row of every run, or undefined when there may be more than the endpoint gives. */
async function bulk(http: HttpClient, question: SampledHistoryQuestion, signal?: AbortSignal) {
  const { runIds, key } = question;
  const query = { run_id: runIds, metric_key: key, max_results: mostBulkRows };
  const answer = await get(http, `${path}/get-history-bulk`, query, signal);
  const rows = await rowsByRun(answer);
  const total = [...rows.values()].reduce((sum, list) => sum + list.length, 0);
  if (total >= mostBulkRows) return undefined;
  return runIds.map((runId) => wanted(question, runId, rows.get(runId) ?? []));
}

/** The rows in the span of steps that was asked for, no more of them than wanted. */
function wanted(question: SampledHistoryQuestion, runId: string, rows: readonly Metric[]): MetricSeries {
  const { key, startStep = Number.NEGATIVE_INFINITY, endStep = Number.POSITIVE_INFINITY, maxPoints } = question;
  const inSpan = rows.filter(({ step }) => step >= startStep && step <= endStep);
  return atMost(maxPoints, toSeries(runId, key, inSpan, false));
}

async function rowsByRun(answer: Fields): Promise<Map<string, Metric[]>> {
  const rows = new Map<string, Metric[]>();
  await answer.listInSlices('metrics', (fields) => {
    const runId = fields.id('run_id');
    const list = rows.get(runId) ?? [];
    if (list.length === 0) rows.set(runId, list);
    list.push(decodeMetric(fields));
  });
  return rows;
}

async function fullHistories(http: HttpClient, question: SampledHistoryQuestion, signal?: AbortSignal) {
  const series: MetricSeries[] = [];
  for (const runId of question.runIds) {
    const query = { run_id: runId, metric_key: question.key };
    const answer = await get(http, `${path}/get-history`, query, signal);
    series.push(wanted(question, runId, await answer.listInSlices('metrics', decodeMetric)));
  }
  return series;
}
