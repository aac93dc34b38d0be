import { chunks } from '../../shared/chunks';
import type { Metric, MetricSeries } from '../../shared/domain';
import type { HttpClient } from '../http/httpClient';
import { MlflowError } from '../mlflowError';
import type { MetricQuestions, NewPointsQuestion, SampledHistoryQuestion } from '../trackingStore';
import { decodeMetric } from '../wire/decoders';
import type { Fields } from '../wire/fields';
import { atMost, joinedSeries, toSeries } from '../wire/series';
import { newPoints } from './newPoints';
import { api2, getList, type QueryValue } from './restCall';

const path = `${api2}/metrics`;
/** MLflow 2 behind gunicorn refuses request lines over 4,094 bytes: 98 run ids are too many. */
const runsPerCall = 80;
const pageSize = 25_000;
const mostSampled = 2_500;
/** `get-history-bulk` gives at most this many rows over all runs, and says nothing when it cuts. */
const mostBulkRows = 25_000;
/** The last step that a double can count to. */
const lastStep = Number.MAX_SAFE_INTEGER;
/** The steps that MLflow can store. */
const [leastStep, largestStep] = ['-9223372036854775808', '9223372036854775807'];

export function metricQuestions(
  http: HttpClient,
  generation: (signal?: AbortSignal) => Promise<2 | 3>,
): MetricQuestions {
  const pageOfHistory: MetricQuestions['metricHistoryPage'] = async (runId, key, page, signal) => {
    const query = { run_id: runId, metric_key: key, max_results: page.maxResults, page_token: page.pageToken };
    const { items: rows, answer } = await getList(http, `${path}/get-history`, query, 'metrics', decodeMetric, signal);
    const nextPageToken = rows.length > 0 ? answer.optionalText('next_page_token') : undefined;
    return {
      series: toSeries(runId, key, rows, nextPageToken !== undefined),
      ...(nextPageToken ? { nextPageToken } : {}),
    };
  };

  const questions: Omit<MetricQuestions, 'newPoints'> = {
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
      return joinedSeries(runId, key, pages);
    },

    async sampledHistory(question, signal) {
      const pieces = chunks(question.runIds, runsPerCall).map((runIds) => ({ ...question, runIds }));
      const series: MetricSeries[] = [];
      for (const piece of pieces) series.push(...(await sampledPiece(http, piece, await generation(signal), signal)));
      return series;
    },
  };
  const store = { ...questions, fromStep: fromStep(http, generation) };
  return {
    ...questions,
    newPoints: async (question, signal) => await newPoints(store, (await generation(signal)) === 3, question, signal),
  };
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
      const { expectedPoints = mostBulkRows, maxPoints } = question;
      const isBulky = expectedPoints < mostBulkRows && maxPoints >= mostSampled;
      const whole = isBulky ? await bulk(http, question, signal) : undefined;
      return whole ?? (await interval(http, question, signal));
    }
    const complete = await bulk(http, question, signal);
    if (complete) return complete;
    const series: MetricSeries[] = [];
    for (const runId of question.runIds) series.push(await intervalOfTwo(http, { ...question, runId }, signal));
    return series;
  } catch (error) {
    if (!isMissing(error)) throw error;
    return await fullHistories(http, question, signal);
  }
}

/** A server that does not know the call. */
const isMissing = (error: unknown) =>
  error instanceof MlflowError && error.details.status === 404 && !error.details.errorCode;

async function interval(http: HttpClient, question: SampledHistoryQuestion, signal?: AbortSignal) {
  const { runIds, key } = question;
  const most = mostOf(question);
  const rows = await intervalRows(http, question, signal);
  return runIds.map((runId) => {
    const found = rows.get(runId) ?? [];
    return atMost(question.maxPoints, toSeries(runId, key, found, found.length >= most));
  });
}

/** One more than wanted tells a run with exactly as many points from a sampled one. */
const mostOf = ({ maxPoints }: SampledHistoryQuestion) => Math.max(1, Math.min(mostSampled, maxPoints + 1));

/**
 * Steps are always asked for by their span, all of them if need be: SQLite then finds the rows by run, key and step, where
 * it reads every row that any run has of the key otherwise (15 times as long among two million).
 */
async function intervalRows(http: HttpClient, question: SampledHistoryQuestion, signal?: AbortSignal) {
  const { runIds, key, startStep = leastStep, endStep = largestStep } = question;
  const span = { start_step: startStep, end_step: endStep };
  const query = { run_ids: runIds, metric_key: key, max_results: mostOf(question), ...span };
  return await rowsByRun(http, `${path}/get-history-bulk-interval`, query, signal);
}

/**
 * MLflow 2 samples steps and gives every row of those. It counts them from the curve's first step where it means the
 * span's (mlflow/server/handlers.py, _get_sampled_steps_from_steps), so that of a later span nearly all are left out,
 * unless it does not have to sample: a span that may have too many steps is asked for from the first step on.
 */
async function intervalOfTwo(
  http: HttpClient,
  question: SampledHistoryQuestion & { readonly runId: string },
  signal?: AbortSignal,
): Promise<MetricSeries> {
  const { runId, key, startStep = -lastStep, endStep = lastStep, maxPoints } = question;
  const most = mostOf(question);
  const isNarrow = endStep - startStep < most;
  const span = { startStep: isNarrow ? startStep : -lastStep, endStep };
  const rows = (await intervalRows(http, { ...question, runIds: [runId], ...span }, signal)).get(runId) ?? [];
  const isCut = rows.length >= mostBulkRows || (!isNarrow && stepsIn(rows) >= most);
  const series = toSeries(runId, key, inSpan(rows, startStep, endStep), isCut);
  return isNarrow ? series : atMost(maxPoints, series);
}

const stepsIn = (rows: readonly Metric[]) => new Set(rows.map(({ step }) => step)).size;
const inSpan = (rows: readonly Metric[], startStep: number, endStep: number) =>
  rows.filter(({ step }) => step >= startStep && step <= endStep);

/** How points are asked for that come from a step on. */
function fromStep(http: HttpClient, generation: (signal?: AbortSignal) => Promise<2 | 3>) {
  return async ({ runId, key, step }: NewPointsQuestion, signal?: AbortSignal): Promise<MetricSeries> => {
    const question = { runId, runIds: [runId], key, maxPoints: mostSampled - 1, startStep: step, endStep: lastStep };
    try {
      if ((await generation(signal)) === 3) {
        const [found] = await interval(http, question, signal);
        return found ?? toSeries(runId, key, [], false);
      }
      const rows = (await intervalRows(http, question, signal)).get(runId) ?? [];
      // The last step is always there: as many steps as that leaves room for are not sampled.
      const last = rows.reduce((most, row) => Math.max(most, row.step), step);
      if (last - step < mostSampled && rows.length < mostBulkRows) return toSeries(runId, key, rows, false);
      return await intervalOfTwo(http, question, signal);
    } catch (error) {
      if (!isMissing(error)) throw error;
      return toSeries(runId, key, inSpan(await allRows(http, runId, key, signal), step, lastStep), false);
    }
  };
}

/** Every row of every run, or undefined when there may be more than the endpoint gives. */
async function bulk(http: HttpClient, question: SampledHistoryQuestion, signal?: AbortSignal) {
  const { runIds, key } = question;
  const query = { run_id: runIds, metric_key: key, max_results: mostBulkRows };
  const rows = await rowsByRun(http, `${path}/get-history-bulk`, query, signal);
  const total = [...rows.values()].reduce((sum, list) => sum + list.length, 0);
  if (total >= mostBulkRows) return undefined;
  return runIds.map((runId) => wanted(question, runId, rows.get(runId) ?? []));
}

/** The rows in the span of steps that was asked for, no more of them than wanted. */
function wanted(question: SampledHistoryQuestion, runId: string, rows: readonly Metric[]): MetricSeries {
  const { key, startStep = Number.NEGATIVE_INFINITY, endStep = Number.POSITIVE_INFINITY, maxPoints } = question;
  return atMost(maxPoints, toSeries(runId, key, inSpan(rows, startStep, endStep), false));
}

async function rowsByRun(
  http: HttpClient,
  url: string,
  query: Readonly<Record<string, QueryValue>>,
  signal: AbortSignal | undefined,
): Promise<Map<string, Metric[]>> {
  const rows = new Map<string, Metric[]>();
  const decode = (fields: Fields) => {
    const runId = fields.id('run_id');
    const list = rows.get(runId) ?? [];
    if (list.length === 0) rows.set(runId, list);
    list.push(decodeMetric(fields));
  };
  await getList(http, url, query, 'metrics', decode, signal);
  return rows;
}

async function fullHistories(http: HttpClient, question: SampledHistoryQuestion, signal?: AbortSignal) {
  const series: MetricSeries[] = [];
  for (const runId of question.runIds)
    series.push(wanted(question, runId, await allRows(http, runId, question.key, signal)));
  return series;
}

async function allRows(http: HttpClient, runId: string, key: string, signal?: AbortSignal) {
  const query = { run_id: runId, metric_key: key };
  return (await getList(http, `${path}/get-history`, query, 'metrics', decodeMetric, signal)).items;
}
