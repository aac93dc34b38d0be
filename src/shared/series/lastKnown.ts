import type { KnownPoints } from '../domain';
import type { LastPoint, SeriesBlock } from '../protocol/series';
import { joined } from './merge';

export interface LatestPoint {
  readonly step: number;
  /** ms */
  readonly timestamp: number;
  readonly value: number;
}

/** The point a list of runs shows of a metric: the latest by step, then by time, then by value. */
export function latestOf({ steps, timestamps, values }: SeriesBlock): LatestPoint | undefined {
  const at = lastBy(steps, timestamps, values);
  if (at === undefined) return undefined;
  return { step: steps[at] ?? 0, timestamp: timestamps[at] ?? 0, value: values[at] ?? Number.NaN };
}

/**
 * From where new points of a run are asked for.
 * @param points how many there are up to the last one, where that is known
 */
export function lastPointOf(block: SeriesBlock, points: number | undefined): LastPoint {
  const { runId, steps } = block;
  const step = latestOf(block)?.step ?? -1;
  const last = points === undefined ? undefined : lastServed(block);
  if (points === undefined || !last) return { runId, step };
  const again = steps.reduce((sum, value) => (value >= step ? sum + 1 : sum), 0);
  return { runId, step, known: { points, again, last } };
}

/** Not from its last step on, but behind all its points, whatever their steps. */
export function allOf(block: SeriesBlock, points: number): LastPoint {
  const { runId, steps } = block;
  const step = steps.reduce((least, value) => Math.min(least, value), latestOf(block)?.step ?? -1);
  const last = lastServed(block);
  return last ? { runId, step, known: { points, again: steps.length, last } } : { runId, step };
}

/** The point that came last is at an earlier step than another. */
export const isBehind = (block: SeriesBlock): boolean => (lastServed(block)?.step ?? 0) < (latestOf(block)?.step ?? 0);

/** Histories are served by time, then by step, then by value. */
function lastServed({ steps, timestamps, values }: SeriesBlock): KnownPoints['last'] | undefined {
  const at = lastBy(timestamps, steps, values);
  if (at === undefined) return undefined;
  return { step: steps[at] ?? 0, timestamp: timestamps[at] ?? 0, value: String(values[at]) };
}

/** How many points of an answer stand behind all known ones in a history. */
export function pointsBehind(known: SeriesBlock, added: SeriesBlock): number {
  const both = joined(known.runId, false, [known, added]);
  const fields = [both.timestamps, both.steps, both.values];
  const last = lastBy(known.timestamps, known.steps, known.values);
  if (last === undefined) return added.steps.length;
  return added.steps.reduce((sum, _, at) => (isLess(fields, last, known.steps.length + at) ? sum + 1 : sum), 0);
}

/** The place of the greatest, compared by one field after the other; of equal ones the last. */
function lastBy(...fields: readonly Float64Array[]): number | undefined {
  let best: number | undefined;
  for (let at = 0; at < (fields[0]?.length ?? 0); at++) if (best === undefined || !isLess(fields, at, best)) best = at;
  return best;
}

function isLess(fields: readonly Float64Array[], a: number, b: number): boolean {
  for (const field of fields) {
    const difference = ordered(field[a]) - ordered(field[b]);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** MLflow keeps NaN as 0, infinity as the greatest number. */
function ordered(value = 0): number {
  if (Number.isNaN(value)) return 0;
  return Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, value));
}
