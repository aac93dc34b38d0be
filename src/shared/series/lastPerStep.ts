import type { SeriesBlock } from '../protocol/series';
import { gather, orderOf } from './axis';

/** Values of one series, one for each step. */
export interface StepValues {
  /** Rising, each once. */
  readonly steps: Float64Array;
  readonly values: Float64Array;
  /** ms */
  readonly timestamps: Float64Array;
}

/**
 * One value for each step: of several the one that stands last in the server's order, so the one logged last. NaN and
 * ±Infinity are values like others. Without copying where nothing has to be changed.
 */
export function lastPerStep(series: Pick<SeriesBlock, 'steps' | 'values' | 'timestamps'>): StepValues {
  const { steps, values, timestamps } = series;
  if (rises(steps)) return { steps, values, timestamps };
  const order = orderOf(steps);
  const kept = order.filter((from, at) => steps[from] !== steps[order[at + 1] ?? -1]);
  return { steps: gather(steps, kept), values: gather(values, kept), timestamps: gather(timestamps, kept) };
}

function rises(steps: Float64Array): boolean {
  for (let at = 1; at < steps.length; at++) if (!((steps[at - 1] ?? 0) < (steps[at] ?? 0))) return false;
  return true;
}
