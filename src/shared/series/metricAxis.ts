import type { SeriesBlock } from '../protocol/series';
import { ascending, type Curve, orderOf } from './axis';
import { lastPerStep } from './lastPerStep';
import { intersectionOf, valuesAt } from './risingSets';

/** `x`: from left to right, as lines are drawn and buckets made. `step`: as the run went, to and fro. */
export type JoinOrder = 'x' | 'step';

export interface MetricCurve extends Curve {
  /** Steps that only the metric on the x axis has, or only the one on the y axis. */
  readonly unmatched: { readonly x: number; readonly y: number };
  /** Points that have no place, since the metric on the x axis is NaN or infinite there. */
  readonly withoutX: number;
}

/**
 * One metric of a run over another one of it: points are what both have logged at the same step, of several values of a
 * step the last one. NaN and ±Infinity of `y` stay as gaps. In order `step` x may fall.
 */
export function overMetric(xSeries: SeriesBlock, ySeries: SeriesBlock, order: JoinOrder): MetricCurve {
  const onX = lastPerStep(xSeries);
  const onY = lastPerStep(ySeries);
  const shared = intersectionOf(onX.steps, onY.steps);
  const places = valuesAt(shared, onX.steps, onX.values);
  const values = valuesAt(shared, onY.steps, onY.values);
  const placed = Uint32Array.from(shared.keys()).filter((at) => Number.isFinite(places[at]));
  const take = (column: Float64Array) => Float64Array.from(placed, (at) => column[at] ?? Number.NaN);
  const curve = { x: take(places), y: take(values), steps: take(shared) };
  return {
    ...(order === 'x' && !ascending(curve.x) ? sortedByX(curve) : curve),
    runId: ySeries.runId,
    sampled: xSeries.sampled || ySeries.sampled,
    unmatched: { x: onX.steps.length - shared.length, y: onY.steps.length - shared.length },
    withoutX: shared.length - placed.length,
  };
}

/** Points of the same x stay in the order of their steps. */
function sortedByX({ x, y, steps }: Pick<Curve, 'x' | 'y' | 'steps'>): Pick<Curve, 'x' | 'y' | 'steps'> {
  const order = orderOf(x);
  const take = (column: Float64Array) => Float64Array.from(order, (at) => column[at] ?? Number.NaN);
  return { x: take(x), y: take(y), steps: take(steps) };
}
