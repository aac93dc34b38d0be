import type { PointCount } from '../protocol/series';
import { count } from './format';

export interface ShownSeries {
  readonly runId: string;
  readonly points: number;
  readonly sampled: boolean;
}

/**
 * What a chart says of its points: nothing when all are there, `1,001 of 12,000 points` when it is known how many are
 * stored, else of about how many they are a sample.
 * @param estimate points of a run that was not counted, by its last step
 */
export function badgeText(
  shown: readonly ShownSeries[],
  counts: ReadonlyMap<string, PointCount>,
  estimate: (runId: string) => number,
): string {
  const sampled = shown.filter((series) => series.sampled && !isComplete(series, counts.get(series.runId)));
  if (sampled.length === 0) return '';
  const drawn = shown.reduce((sum, { points }) => sum + points, 0);
  const uncounted = new Set(sampled.filter(({ runId }) => !counts.has(runId)).map(({ runId }) => runId));
  const storedOf = (runId: string) => (uncounted.has(runId) ? estimate(runId) : (counts.get(runId)?.points ?? 0));
  const stored = shown.reduce((sum, { runId, points }) => sum + Math.max(points, storedOf(runId)), 0);
  // Logged every tenth step or several times a step: the last step says nothing of how many there are.
  if (uncounted.size > 0)
    return stored > drawn ? `${count(drawn)} of about ${count(stored)} points` : `sampled: ${count(drawn)} points`;
  const exact = sampled.every(({ runId }) => counts.get(runId)?.exact === true);
  return `${count(drawn)} of ${exact ? '' : 'over '}${count(stored)} points`;
}

/** A run that has exactly as many points as were asked for looks sampled until it is counted. */
const isComplete = (series: ShownSeries, stored: PointCount | undefined) =>
  stored?.exact === true && stored.points <= series.points;

export interface JoinedSeries {
  /** Steps that all metrics have of it, as far as their points are here. */
  readonly joined: number;
  /** Steps that there are to join: those of the metric with the fewest. */
  readonly steps: number;
  readonly exact: boolean;
  readonly sampled: boolean;
}

/** What a chart over joined metrics says of its points: nothing when all are there, else `joined 320 of 12,000 steps`. */
export function joinedText(series: readonly JoinedSeries[]): string {
  const partial = series.filter(({ sampled, joined, steps, exact }) => sampled && !(exact && joined >= steps));
  if (partial.length === 0) return '';
  const joined = series.reduce((sum, one) => sum + one.joined, 0);
  const steps = series.reduce((sum, one) => sum + Math.max(one.joined, one.steps), 0);
  const isExact = partial.every(({ exact }) => exact);
  // Logged every tenth step: the last step says nothing of how many there are.
  if (steps === joined) return `joined ${count(joined)} steps of samples`;
  return `joined ${count(joined)} of ${isExact ? '' : 'about '}${count(steps)} steps`;
}

export interface Unshown {
  readonly nan: number;
  readonly infinite: number;
  /** Zero or negative; only a log axis leaves these out. */
  readonly notPositive: number;
}

export function unshownOf(values: readonly Float64Array[], logY: boolean): Unshown {
  let nan = 0;
  let infinite = 0;
  let notPositive = 0;
  for (const list of values) {
    for (const value of list) {
      if (Number.isNaN(value)) nan++;
      else if (!Number.isFinite(value)) infinite++;
      else if (logY && value <= 0) notPositive++;
    }
  }
  return { nan, infinite, notPositive };
}

/** `2 NaN`, `1 infinite`, `12 values ≤ 0 not shown`. */
export function notesOf({ nan, infinite, notPositive }: Unshown): string[] {
  return [
    ...(nan > 0 ? [`${count(nan)} NaN`] : []),
    ...(infinite > 0 ? [`${count(infinite)} infinite`] : []),
    ...(notPositive > 0 ? [`${count(notPositive)} ${notPositive === 1 ? 'value' : 'values'} ≤ 0 not shown`] : []),
  ];
}
