import type { SeriesBlock } from '../protocol/series';
import { ascending, type Curve, gather, orderOf } from './axis';
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
  const placed = finiteIndices(places);
  const curve = { x: gather(places, placed), y: gather(values, placed), steps: gather(shared, placed) };
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
  return { x: gather(x, order), y: gather(y, order), steps: gather(steps, order) };
}

function finiteIndices(values: Float64Array): Uint32Array {
  const indices = new Uint32Array(values.length);
  let size = 0;
  for (let at = 0; at < values.length; at++) if (Number.isFinite(values[at])) indices[size++] = at;
  return indices.subarray(0, size);
}
