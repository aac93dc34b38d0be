import type { MetricQuestions } from '../mlflow/trackingStore';
import type { MetricSeries } from '../shared/domain';
import { mapLimited } from '../shared/mapLimited';
import type { PackedSeries } from '../shared/protocol/packedSeries';
import type {
  HistoryPage,
  HistoryQuestion,
  LastPoint,
  PointCount,
  SeriesAnswer,
  SeriesQuestion,
} from '../shared/protocol/series';
import { packSeries } from '../shared/series/packing';
import { Turns } from './turns';

/** What charts ask of a server. */
export type SeriesStore = Pick<MetricQuestions, 'metricHistoryPage' | 'newPoints' | 'sampledHistory'>;

/** Points per run that a server samples at most, less one that tells whether there are more. */
const mostPerInterval = 2_499;
const countPage = 25_000;
const atOnce = 6;
/** What keeps a server busy; a fourth makes the first chart of long curves a quarter later. */
const mostCurves = 3;

/** Answers a page's questions for points. Holds none. */
export class SeriesData {
  private readonly turns = new Turns(mostCurves);

  constructor(
    private readonly store: () => Promise<SeriesStore>,
    private readonly pointBudget: () => number,
  ) {}

  async series(question: SeriesQuestion, signal?: AbortSignal): Promise<SeriesAnswer> {
    const store = await this.store();
    const { key, runIds, startStep, endStep, maxPoints = Number.POSITIVE_INFINITY, expectedPoints } = question;
    const interval =
      startStep === undefined || endStep === undefined
        ? {
            maxPoints: Math.min(this.pointBudget(), maxPoints),
            ...(expectedPoints === undefined ? {} : { expectedPoints }),
          }
        : { maxPoints: mostPerInterval, startStep, endStep };
    const ask = () => store.sampledHistory({ runIds, key, ...interval }, signal);
    const series = await this.turns.take(ask, signal);
    return { series: series.map(pack) };
  }

  async history({ key, runId, pageToken }: HistoryQuestion, signal?: AbortSignal): Promise<HistoryPage> {
    const store = await this.store();
    const page = { maxResults: countPage, ...(pageToken === undefined ? {} : { pageToken }) };
    const { series, nextPageToken } = await store.metricHistoryPage(runId, key, page, signal);
    const block = { ...pack(series), sampled: false };
    return { block, ...(nextPageToken === undefined ? {} : { nextPageToken }) };
  }

  async newPoints(key: string, after: readonly LastPoint[], signal?: AbortSignal): Promise<SeriesAnswer> {
    const store = await this.store();
    const series = await mapLimited(after, atOnce, (last) => store.newPoints({ ...last, key }, signal));
    return { series: series.map(pack) };
  }

  async count(key: string, runIds: readonly string[], signal?: AbortSignal): Promise<readonly PointCount[]> {
    const store = await this.store();
    return await mapLimited(runIds, 2, async (runId) => {
      const page = await store.metricHistoryPage(runId, key, { maxResults: countPage }, signal);
      return { runId, points: page.series.steps.length, exact: page.nextPageToken === undefined };
    });
  }
}

function pack({ runId, steps, timestamps, values, sampled }: MetricSeries): PackedSeries {
  return packSeries({ runId, steps, timestamps, values, sampled });
}
