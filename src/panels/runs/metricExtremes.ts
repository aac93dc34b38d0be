import type { MetricQuestions } from '../../mlflow/trackingStore';
import { chunks } from '../../shared/chunks';
import type { MetricSeries } from '../../shared/domain';
import { mapLimited } from '../../shared/mapLimited';
import type { MetricExtremes } from '../../shared/protocol/runs';

const atOnce = 4;
/** Histories in one question; all that come whole in one fit into one answer of MLflow 2. */
const runsPerQuestion = 10;
/** What the server gives whole in such a question: points of a run. */
const mostWhole = 2_499;
/** Extremes of that many histories are kept: some 10 MB. */
const mostKept = 100_000;

/** Of one history; NaN where there is nothing finite in it. */
interface Extremes {
  readonly min: number;
  readonly max: number;
  readonly minStep: number;
  readonly maxStep: number;
}

const none: Extremes = { min: Number.NaN, max: Number.NaN, minStep: Number.NaN, maxStep: Number.NaN };

/** `id`: under which its extremes are kept; not those of a run that goes on. */
interface Wanted {
  readonly runId: string;
  readonly id: string | undefined;
}

export type HistoryStore = Pick<MetricQuestions, 'metricHistory' | 'sampledHistory'>;

/**
 * Least and largest values of metrics. Those of runs that ended are kept, since reading a history can take seconds; one
 * that went on and ended again is read again.
 */
export class ExtremesReader {
  private readonly kept = new Map<string, Extremes>();

  /** @param endOf when a run ended (ms); undefined while it is running or where that is not known */
  constructor(private readonly endOf: (runId: string) => number | undefined) {}

  /**
   * Least and largest value of a metric in the full history of each run, with the first step where it stood, in the
   * order of `runIds`. NaN and ±Infinity are no extremes; a run with nothing else has NaN. What was read before it was
   * aborted is kept.
   */
  async read(
    store: HistoryStore,
    key: string,
    runIds: readonly string[],
    signal: AbortSignal,
  ): Promise<MetricExtremes> {
    const found = new Map<string, Extremes>();
    const unknown: Wanted[] = [];
    for (const runId of runIds) {
      // Asked before the history is read: a run that ends meanwhile may have more points then.
      const end = this.endOf(runId);
      const id = end === undefined ? undefined : JSON.stringify([runId, end, key]);
      const known = id === undefined ? undefined : this.recall(id);
      if (known) found.set(runId, known);
      else unknown.push({ runId, id });
    }
    await mapLimited(chunks(unknown, runsPerQuestion), atOnce, async (wanted) => {
      signal.throwIfAborted();
      const read = await extremesIn(
        store,
        key,
        wanted.map(({ runId }) => runId),
        signal,
      );
      for (const { runId, id } of wanted) {
        const extremes = read.get(runId) ?? none;
        found.set(runId, extremes);
        if (id !== undefined) this.keep(id, extremes);
      }
    });
    const all = runIds.map((runId) => found.get(runId) ?? none);
    return {
      min: Float64Array.from(all, ({ min }) => min),
      max: Float64Array.from(all, ({ max }) => max),
      minSteps: Float64Array.from(all, ({ minStep }) => minStep),
      maxSteps: Float64Array.from(all, ({ maxStep }) => maxStep),
    };
  }

  /** The least recently used one goes first. */
  private recall(id: string): Extremes | undefined {
    const known = this.kept.get(id);
    if (!known) return undefined;
    this.kept.delete(id);
    this.kept.set(id, known);
    return known;
  }

  private keep(id: string, extremes: Extremes): void {
    this.kept.set(id, extremes);
    const [oldest] = this.kept.keys();
    if (this.kept.size > mostKept && oldest !== undefined) this.kept.delete(oldest);
  }
}

/** Several short histories come in one question; one that does not fit in is read by itself. */
async function extremesIn(store: HistoryStore, key: string, runIds: readonly string[], signal: AbortSignal) {
  const found = new Map<string, Extremes>();
  for (const series of await store.sampledHistory({ runIds, key, maxPoints: mostWhole }, signal)) {
    const { runId, sampled } = series;
    found.set(runId, extremesOf(sampled ? await store.metricHistory(runId, key, signal) : series));
  }
  return found;
}

function extremesOf({ values, steps }: Pick<MetricSeries, 'values' | 'steps'>): Extremes {
  let [least, largest] = [-1, -1];
  for (const [at, value] of values.entries()) {
    if (!Number.isFinite(value)) continue;
    if (least < 0 || value < (values[least] ?? Number.NaN)) least = at;
    if (largest < 0 || value > (values[largest] ?? Number.NaN)) largest = at;
  }
  return {
    min: values[least] ?? Number.NaN,
    max: values[largest] ?? Number.NaN,
    minStep: steps[least] ?? Number.NaN,
    maxStep: steps[largest] ?? Number.NaN,
  };
}
