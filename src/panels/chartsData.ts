import { MlflowError } from '../mlflow/mlflowError';
import type { MetricQuestions, RunQuestions } from '../mlflow/trackingStore';
import type { MetricSeries, Run } from '../shared/domain';
import { mapLimited } from '../shared/mapLimited';
import type { LastPoint, PointCount, SeriesAnswer, SeriesBlock, SeriesQuestion } from '../shared/protocol';

/** What charts ask of a server. */
export type ChartsStore = Pick<RunQuestions, 'getRun'> &
  Pick<MetricQuestions, 'metricHistory' | 'metricHistoryPage' | 'sampledHistory'>;

/** Points per run of one answer: the server's own limit for an interval. */
const mostPerInterval = 2_499;
const countPage = 25_000;
const atOnce = 6;
/** The last step that a double can count to. */
const lastStep = Number.MAX_SAFE_INTEGER;

export interface LoadedRuns {
  readonly runs: readonly Run[];
  /** Ids the server does not know. */
  readonly missing: readonly string[];
}

/** Answers the page's questions about one fixed list of runs. Holds the runs as last loaded, but no points. */
export class ChartsData {
  private loaded = new Map<string, Run>();
  private missing = new Set<string>();

  constructor(
    readonly runIds: readonly string[],
    private readonly store: () => Promise<ChartsStore>,
    private readonly pointBudget: () => number,
  ) {}

  get current(): LoadedRuns {
    const runs = this.runIds.flatMap((runId) => this.loaded.get(runId) ?? []);
    return { runs, missing: this.runIds.filter((runId) => this.missing.has(runId)) };
  }

  get anyRunning(): boolean {
    return [...this.loaded.values()].some(isLive);
  }

  /** Fetches all runs. One that is not there is remembered as missing; any other failure is thrown. */
  async loadRuns(signal?: AbortSignal): Promise<LoadedRuns> {
    await this.fetchRuns(this.runIds, signal);
    return this.current;
  }

  /** Fetches the runs that may still change. Gives whether anything a page shows did. */
  async loadLiveRuns(signal?: AbortSignal): Promise<boolean> {
    const live = [...this.loaded.values()].filter(isLive);
    await this.fetchRuns(
      live.map(({ runId }) => runId),
      signal,
    );
    return live.some((before) => {
      const now = this.loaded.get(before.runId);
      return JSON.stringify([before.status, before.name, before.metrics]) !== jsonOf(now);
    });
  }

  /** Takes over what another view learned, a new name for instance. Gives whether it was news. */
  adopt(run: Run): boolean {
    const known = this.loaded.get(run.runId);
    if (!known || (known.name === run.name && known.status === run.status)) return false;
    this.loaded.set(run.runId, { ...known, name: run.name, status: run.status });
    return true;
  }

  async series(question: SeriesQuestion, signal?: AbortSignal): Promise<SeriesAnswer> {
    const store = await this.store();
    const runIds = this.runsWith(question.key);
    if (question.full) {
      const whole = await mapLimited(runIds, atOnce, (runId) => store.metricHistory(runId, question.key, signal));
      return { series: whole.map(toBlock) };
    }
    const interval =
      question.startStep === undefined || question.endStep === undefined
        ? { maxPoints: Math.min(mostPerInterval, this.pointBudget()) }
        : { maxPoints: mostPerInterval, startStep: question.startStep, endStep: question.endStep };
    const series = await store.sampledHistory({ runIds, key: question.key, ...interval }, signal);
    return { series: series.map(toBlock) };
  }

  /** Asks only for runs whose latest value is newer than what the page has. */
  async newPoints(key: string, after: readonly LastPoint[], signal?: AbortSignal): Promise<SeriesAnswer> {
    const stale = after.filter(({ runId, step, timestamp }) => {
      const latest = this.loaded.get(runId)?.metrics[key];
      return latest !== undefined && (latest.step > step || latest.timestamp > timestamp);
    });
    if (stale.length === 0) return { series: [] };
    const store = await this.store();
    const answers = await mapLimited(stale, atOnce, ({ runId, step }) =>
      store.sampledHistory(
        { runIds: [runId], key, maxPoints: mostPerInterval, startStep: step + 1, endStep: lastStep },
        signal,
      ),
    );
    return { series: answers.flat().map(toBlock) };
  }

  async count(key: string, runIds: readonly string[], signal?: AbortSignal): Promise<readonly PointCount[]> {
    const store = await this.store();
    const mine = runIds.filter((runId) => this.loaded.has(runId));
    return await mapLimited(mine, 2, async (runId) => {
      const page = await store.metricHistoryPage(runId, key, { maxResults: countPage }, signal);
      return { runId, points: page.series.steps.length, exact: page.nextPageToken === undefined };
    });
  }

  private runsWith(key: string): string[] {
    return this.current.runs.filter((run) => Object.hasOwn(run.metrics, key)).map(({ runId }) => runId);
  }

  private async fetchRuns(runIds: readonly string[], signal?: AbortSignal): Promise<void> {
    const store = await this.store();
    await mapLimited(runIds, atOnce, async (runId) => {
      try {
        this.loaded.set(runId, await store.getRun(runId, signal));
        this.missing.delete(runId);
      } catch (error) {
        if (!(error instanceof MlflowError) || error.kind !== 'notFound') throw error;
        this.loaded.delete(runId);
        this.missing.add(runId);
      }
    });
  }
}

const isLive = (run: Run) => run.status === 'RUNNING' || run.status === 'SCHEDULED';
const jsonOf = (run: Run | undefined) => JSON.stringify([run?.status, run?.name, run?.metrics]);

function toBlock({ runId, steps, timestamps, values, sampled }: MetricSeries): SeriesBlock {
  return { runId, steps, timestamps, values, sampled };
}
