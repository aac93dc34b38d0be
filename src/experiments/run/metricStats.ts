import type { MetricSeries } from '../../shared/domain';

export interface Point {
  readonly value: number;
  readonly step: number;
}

/** What the whole history of a metric says. Which end of it is better is not for us to say. */
export interface MetricStats {
  readonly points: number;
  readonly nan: number;
  /** The first points with the least and the greatest value, ±Infinity included; undefined when every value is NaN. */
  readonly min?: Point;
  readonly max?: Point;
}

export function metricStats({ steps, values }: Pick<MetricSeries, 'steps' | 'values'>): MetricStats {
  let nan = 0;
  let [min, max] = [-1, -1];
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    if (Number.isNaN(value)) {
      nan++;
      continue;
    }
    if (min < 0 || value < (values[min] as number)) min = at;
    if (max < 0 || value > (values[max] as number)) max = at;
  }
  const point = (at: number): Point => ({ value: values[at] as number, step: steps[at] as number });
  return { points: values.length, nan, ...(min < 0 ? {} : { min: point(min), max: point(max) }) };
}
