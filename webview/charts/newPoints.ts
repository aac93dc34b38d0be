import type { PackedSeries } from '../../src/shared/protocol/packedSeries';
import type { ChartsRun, LastPoint, PointCount, SeriesBlock } from '../../src/shared/protocol/series';
import { isLive } from '../../src/shared/runs/runTable';
import { lastPointOf, latestOf, pointsBehind } from '../../src/shared/series/lastKnown';
import { appendPoints } from '../../src/shared/series/merge';
import { unpackSeries } from '../../src/shared/series/packing';
import type { PointForecast } from '../../src/shared/series/pointForecast';

/** The points of a metric as far as they are here, and how many there are of runs that are sampled. */
export interface KnownCurves {
  readonly blocks: ReadonlyMap<string, SeriesBlock>;
  readonly counts: ReadonlyMap<string, PointCount>;
}

/** From where runs that go on are asked about, where the list of runs knows of something new. */
export function whatIsLast(
  runs: readonly ChartsRun[],
  { blocks, counts }: KnownCurves,
  forecast: PointForecast,
): readonly LastPoint[] {
  return runs.flatMap(({ runId, status }) => {
    const block = isLive(status) ? blocks.get(runId) : undefined;
    if (!block) return [];
    if (!forecast.hasNewer(runId, latestOf(block))) return [];
    const counted = counts.get(runId);
    return [lastPointOf(block, block.sampled ? exactly(counted) : block.steps.length)];
  });
}

const exactly = (counted: PointCount | undefined) => (counted?.exact ? counted.points : undefined);

/** The curves with what an answer adds; undefined where it adds nothing. */
export function grown({ blocks, counts }: KnownCurves, series: readonly PackedSeries[]): KnownCurves | undefined {
  const merged = new Map(blocks);
  const counted = new Map(counts);
  for (const packed of series) {
    const added = unpackSeries(packed);
    const known = merged.get(added.runId);
    const before = counted.get(added.runId);
    const all = known ? withNew(known, added, before) : added;
    if (all === known) continue;
    merged.set(added.runId, all);
    if (known && before) counted.set(added.runId, countWith(known, added, before));
  }
  const isNew = [...merged].some(([runId, block]) => blocks.get(runId) !== block);
  return isNew ? { blocks: merged, counts: counted } : undefined;
}

/** An answer that has all that there was is the whole curve, in the server's order. */
function withNew(known: SeriesBlock, added: SeriesBlock, counted: PointCount | undefined): SeriesBlock {
  const all = appendPoints(known, added);
  if (all === known || added.sampled) return all;
  const again = added.steps.length - (all.steps.length - known.steps.length);
  const stored = known.sampled ? exactly(counted) : known.steps.length;
  return again === known.steps.length && stored !== undefined && added.steps.length >= stored ? added : all;
}

/** Of a sample nobody knows how many new ones it stands for. */
function countWith(known: SeriesBlock, added: SeriesBlock, before: PointCount): PointCount {
  const points = before.points + pointsBehind(known, added);
  return { ...before, points, exact: before.exact && !added.sampled };
}
