import type { MetricQuestions } from '../../mlflow/trackingStore';
import type { MetricSeries } from '../../shared/domain';
import { mapLimited } from '../../shared/mapLimited';
import type { MetricExtremes } from '../../shared/protocol/runs';

const atOnce = 4;
/** Extremes of that many histories are kept: some 10 MB. */
const mostKept = 100_000;

/** Of one history; NaN where there is nothing finite in it. */
interface Extremes {
  readonly min: number;
  readonly max: number;
  readonly minStep: number;
  readonly maxStep: number;
}

export type HistoryStore = Pick<MetricQuestions, 'metricHistory'>;

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
    const found = await mapLimited(runIds, atOnce, (runId) => this.ofRun(store, key, runId, signal));
    return {
      min: Float64Array.from(found, ({ min }) => min),
      max: Float64Array.from(found, ({ max }) => max),
      minSteps: Float64Array.from(found, ({ minStep }) => minStep),
      maxSteps: Float64Array.from(found, ({ maxStep }) => maxStep),
    };
  }

  private async ofRun(store: HistoryStore, key: string, runId: string, signal: AbortSignal): Promise<Extremes> {
    // Asked before the history is read: a run that ends meanwhile may have more points then.
    const end = this.endOf(runId);
    const id = JSON.stringify([runId, end, key]);
    const known = end === undefined ? undefined : this.kept.get(id);
    if (known) {
      // The least recently used one goes first.
      this.kept.delete(id);
      this.kept.set(id, known);
      return known;
    }
    signal.throwIfAborted();
    const extremes = extremesOf(await store.metricHistory(runId, key, signal));
    if (end !== undefined) this.keep(id, extremes);
    return extremes;
  }

  private keep(id: string, extremes: Extremes): void {
    this.kept.set(id, extremes);
    const [oldest] = this.kept.keys();
    if (this.kept.size > mostKept && oldest !== undefined) this.kept.delete(oldest);
  }
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
