import type { MetricQuestions } from '../../mlflow/trackingStore';
import { mapLimited } from '../../shared/mapLimited';
import type { MetricExtremes } from '../../shared/protocol/runs';

const atOnce = 4;

/**
 * Least and largest value of a metric in the full history of each run, with the first step where it stood, in the order
 * of `runIds`. NaN and ±Infinity are no extremes; a run with nothing else has NaN.
 */
export async function metricExtremes(
  store: Pick<MetricQuestions, 'metricHistory'>,
  key: string,
  runIds: readonly string[],
  signal: AbortSignal,
): Promise<MetricExtremes> {
  const empty = () => new Float64Array(runIds.length).fill(Number.NaN);
  const extremes = { min: empty(), max: empty(), minSteps: empty(), maxSteps: empty() };
  await mapLimited(runIds, atOnce, async (runId, row) => {
    const { values, steps } = await store.metricHistory(runId, key, signal);
    for (const [at, value] of values.entries()) {
      if (!Number.isFinite(value)) continue;
      if (!(value >= (extremes.min[row] ?? Number.NaN))) {
        extremes.min[row] = value;
        extremes.minSteps[row] = steps[at] ?? Number.NaN;
      }
      if (!(value <= (extremes.max[row] ?? Number.NaN))) {
        extremes.max[row] = value;
        extremes.maxSteps[row] = steps[at] ?? Number.NaN;
      }
    }
  });
  return extremes;
}
