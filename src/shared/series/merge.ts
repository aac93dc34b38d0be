import type { SeriesBlock } from '../protocol/series';

/** Adds points that were logged later. Points that are there already are not added twice. */
export function appendPoints(series: SeriesBlock, added: SeriesBlock): SeriesBlock {
  const known = new Set<string>();
  const last = series.steps[series.steps.length - 1] ?? Number.NEGATIVE_INFINITY;
  for (let at = series.steps.length - 1; at >= 0 && known.size < added.steps.length + 1; at--) {
    if ((series.steps[at] ?? 0) < last - added.steps.length) break;
    known.add(keyOf(series, at));
  }
  const fresh = indices(added, (at) => !known.has(keyOf(added, at)));
  if (fresh.length === 0) return series;
  return joined(series, [...indices(series, () => true)], added, fresh);
}

/** Puts the points of an interval of steps in the place of those that a coarser answer had there. */
export function replaceInterval(
  series: SeriesBlock,
  detail: SeriesBlock,
  startStep: number,
  endStep: number,
): SeriesBlock {
  const before = indices(series, (at) => (series.steps[at] ?? 0) < startStep);
  const after = indices(series, (at) => (series.steps[at] ?? 0) > endStep);
  const inside = indices(detail, (at) => {
    const step = detail.steps[at] ?? 0;
    return step >= startStep && step <= endStep;
  });
  const withDetail = joined(series, before, detail, inside);
  return joined(withDetail, [...indices(withDetail, () => true)], series, after);
}

const keyOf = (series: SeriesBlock, at: number) => `${series.steps[at]} ${series.timestamps[at]} ${series.values[at]}`;

function indices(series: SeriesBlock, wanted: (at: number) => boolean): number[] {
  const found: number[] = [];
  for (let at = 0; at < series.steps.length; at++) if (wanted(at)) found.push(at);
  return found;
}

function joined(a: SeriesBlock, fromA: readonly number[], b: SeriesBlock, fromB: readonly number[]): SeriesBlock {
  const take = (field: 'steps' | 'timestamps' | 'values') => {
    const all = new Float64Array(fromA.length + fromB.length);
    fromA.forEach((index, at) => {
      all[at] = a[field][index] ?? Number.NaN;
    });
    fromB.forEach((index, at) => {
      all[fromA.length + at] = b[field][index] ?? Number.NaN;
    });
    return all;
  };
  return {
    runId: a.runId,
    steps: take('steps'),
    timestamps: take('timestamps'),
    values: take('values'),
    sampled: a.sampled,
  };
}
