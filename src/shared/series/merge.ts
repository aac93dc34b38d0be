import type { SeriesBlock } from '../protocol/series';

/** Adds points that were logged later. Points that are there already are not added again; stores of files keep twins. */
export function appendPoints(series: SeriesBlock, added: SeriesBlock): SeriesBlock {
  const sampled = series.sampled || added.sampled;
  const from = added.steps.reduce((least, step) => Math.min(least, step), Number.POSITIVE_INFINITY);
  const twins = new Map<string, number>();
  const take = (key: string, by: number) => {
    const left = twins.get(key) ?? 0;
    twins.set(key, left + by);
    return left;
  };
  for (const [at, step] of series.steps.entries()) if (step >= from) take(keyOf(series, at), 1);
  const isFresh = Array.from(added.steps, (_, at) => take(keyOf(added, at), -1) <= 0);
  const fresh = taken(added, (at) => isFresh[at] === true);
  return fresh.steps.length === 0 ? series : joined(series.runId, sampled, [series, fresh]);
}

/**
 * Puts the points of an interval of steps in the place of those that a coarser answer had there. What was logged since
 * the finer answer stands behind it.
 */
export function replaceInterval(
  series: SeriesBlock,
  detail: SeriesBlock,
  startStep: number,
  endStep: number,
): SeriesBlock {
  const before = taken(series, (at) => (series.steps[at] ?? 0) < startStep);
  const inside = taken(detail, (at) => {
    const step = detail.steps[at] ?? 0;
    return step >= startStep && step <= endStep;
  });
  const last = inside.steps.reduce((most, step) => Math.max(most, step), startStep - 1);
  const since = taken(series, (at) => (series.steps[at] ?? 0) > Math.min(last, endStep));
  return joined(series.runId, series.sampled, [before, inside, since]);
}

type Points = Pick<SeriesBlock, 'steps' | 'timestamps' | 'values'>;

/** Points of several answers as one series, one after the other. */
export function joined(runId: string, sampled: boolean, parts: readonly Points[]): SeriesBlock {
  const take = (field: keyof Points) => {
    const all = new Float64Array(parts.reduce((sum, part) => sum + part[field].length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part[field], at);
      at += part[field].length;
    }
    return all;
  };
  return { runId, steps: take('steps'), timestamps: take('timestamps'), values: take('values'), sampled };
}

const keyOf = (series: Points, at: number) => `${series.steps[at]} ${series.timestamps[at]} ${series.values[at]}`;

function taken({ steps, timestamps, values }: Points, wanted: (at: number) => boolean): Points {
  const inside = (_: number, at: number) => wanted(at);
  return { steps: steps.filter(inside), timestamps: timestamps.filter(inside), values: values.filter(inside) };
}
