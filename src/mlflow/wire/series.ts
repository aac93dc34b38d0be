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

/** At most `most` points, evenly chosen with the first and the last kept, as MLflow 3 itself samples. */
export function atMost(most: number, series: MetricSeries): MetricSeries {
  const { length } = series.steps;
  const count = Math.max(1, Math.floor(most));
  if (length <= count) return series;
  const index = (at: number) => (count === 1 ? length - 1 : Math.round((at * (length - 1)) / (count - 1)));
  const choose = (values: Float64Array) => Float64Array.from({ length: count }, (_, at) => values[index(at)] ?? 0);
  return {
    ...series,
    steps: choose(series.steps),
    timestamps: choose(series.timestamps),
    values: choose(series.values),
    sampled: true,
  };
}
