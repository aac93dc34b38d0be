import type { Metric, MetricSeries } from '../../shared/domain';

/** Rows of one metric of one run as parallel arrays, in the order given. */
export function toSeries(runId: string, key: string, rows: readonly Metric[], sampled: boolean): MetricSeries {
  const steps = new Float64Array(rows.length);
  const timestamps = new Float64Array(rows.length);
  const values = new Float64Array(rows.length);
  rows.forEach((row, at) => {
    steps[at] = row.step;
    timestamps[at] = row.timestamp;
    values[at] = row.value;
  });
  return { runId, key, steps, timestamps, values, sampled };
}
