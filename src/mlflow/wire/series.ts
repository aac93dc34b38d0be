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

/** Pages of one history, one after the other: every point. */
export function joinedSeries(runId: string, key: string, pages: readonly MetricSeries[]): MetricSeries {
  const [only] = pages;
  if (pages.length === 1 && only) return { ...only, sampled: false };
  const points = pages.reduce((sum, { steps }) => sum + steps.length, 0);
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
