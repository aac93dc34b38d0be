import type { KnownPoints, MetricSeries } from '../../shared/domain';
import { tokenAt } from '../pageToken';
import type { MetricQuestions, NewPointsQuestion } from '../trackingStore';
import { joinedSeries } from '../wire/series';

interface Histories extends Pick<MetricQuestions, 'metricHistory' | 'metricHistoryPage'> {
  /** Points from a step on; a sample where there are more than one answer holds. */
  fromStep(question: NewPointsQuestion, signal?: AbortSignal): Promise<MetricSeries>;
}

const pageSize = 25_000;
/** Known points that may come again. Skipping those before them costs MLflow 3 a sort of all, so a few are cheaper. */
const mostAgain = 100;
/** Points that are read anew where nothing else brings all new ones; of more a sample has to do until the run is over. */
const mostAnew = 100_000;

/** By steps where that brings little that is known already and all that is new; else behind the known points. */
export async function newPoints(
  store: Histories,
  pages: boolean,
  question: NewPointsQuestion,
  signal?: AbortSignal,
): Promise<MetricSeries> {
  const { known } = question;
  const isCheap = !(pages && known && known.again > mostAgain);
  const found = isCheap ? await store.fromStep(question, signal) : undefined;
  if (found && (!found.sampled || !known)) return found;
  const behind = pages && known ? await allBehind(store, question, known, signal) : undefined;
  if (behind) return behind;
  if (known && known.points <= mostAnew) return await store.metricHistory(question.runId, question.key, signal);
  return found ?? (await store.fromStep(question, signal));
}

/** All points behind those that are known; undefined where some have come between these. */
async function allBehind(
  store: Histories,
  { runId, key }: NewPointsQuestion,
  { points, last }: KnownPoints,
  signal?: AbortSignal,
): Promise<MetricSeries | undefined> {
  const parts: MetricSeries[] = [];
  for (let pageToken: string | undefined = tokenAt(points - 1); pageToken !== undefined; ) {
    const page = await store.metricHistoryPage(runId, key, { maxResults: pageSize, pageToken }, signal);
    if (parts.length === 0 && !beginsWith(page.series, last)) return undefined;
    parts.push(page.series);
    pageToken = page.nextPageToken;
  }
  return joinedSeries(runId, key, parts);
}

/** Where the last known point stands where it stood, none has come before it. */
function beginsWith({ steps, timestamps, values }: MetricSeries, last: KnownPoints['last']): boolean {
  return steps[0] === last.step && timestamps[0] === last.timestamp && String(values[0]) === last.value;
}
