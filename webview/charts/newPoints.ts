import type { PackedSeries } from '../../src/shared/protocol/packedSeries';
import type { ChartsRun, LastPoint, PointCount, SeriesBlock } from '../../src/shared/protocol/series';
import { isLive } from '../../src/shared/runs/runTable';
import { allOf, isBehind, lastPointOf, latestOf, pointsBehind } from '../../src/shared/series/lastKnown';
import { appendPoints } from '../../src/shared/series/merge';
import { unpackSeries } from '../../src/shared/series/packing';
import type { PointForecast } from '../../src/shared/series/pointForecast';

/** The points of a metric as far as they are here, and how many there are of runs that are sampled. */
export interface KnownCurves {
  readonly blocks: ReadonlyMap<string, SeriesBlock>;
  readonly counts: ReadonlyMap<string, PointCount>;
}

/** Times that nothing is new of a run before it is asked about all the same; then twice as many, and so on. */
const patience = { first: 4, most: 64 };
/** Runs that are asked about without news at a time. */
const mostQuiet = 10;

/** Runs that go on: when they are asked about, and from where. */
export class LiveRuns {
  /** How often nothing was new, and how often it takes until the run is asked about all the same. */
  private readonly quiet = new Map<string, { times: number; until: number }>();
  /** Runs of which all points were asked for when they were over. */
  private readonly over = new Set<string>();

  constructor(private readonly forecast: PointForecast) {}

  /** The curves of these runs were asked for. */
  asked(runs: readonly ChartsRun[]): void {
    for (const { runId, status } of runs) if (!isLive(status)) this.over.add(runId);
  }

  /** The run has ended, and its curve is of before. */
  hasEnded({ runId, status }: ChartsRun): boolean {
    return !isLive(status) && !this.over.has(runId);
  }

  /**
   * To be called when it is time for news. Of points behind a run's last step the list of runs tells. Of a run that went
   * back to earlier steps, as one does that begins again at a checkpoint, it tells nothing: now and then that is asked for
   * what came behind all its points.
   */
  whatIsLast(runs: readonly ChartsRun[], { blocks, counts }: KnownCurves): readonly LastPoint[] {
    let left = mostQuiet;
    return runs.flatMap(({ runId, status }) => {
      const block = isLive(status) ? blocks.get(runId) : undefined;
      if (!block) return [];
      this.over.delete(runId);
      const points = block.sampled ? exactly(counts.get(runId)) : block.steps.length;
      const isNew = this.forecast.hasNewer(runId, latestOf(block));
      const quiet = this.quietOf(runId, isNew);
      if (points === undefined || (isNew && !isBehind(block))) return isNew ? [lastPointOf(block, points)] : [];
      if (!isNew && (quiet.times < quiet.until || left-- <= 0)) return [];
      quiet.until = quiet.times + Math.min(patience.most, Math.max(1, quiet.times));
      return [allOf(block, points)];
    });
  }

  /** Something came of runs: those that are behind their last step are asked about the next time too. @returns these */
  heard(before: KnownCurves['blocks'], now: KnownCurves['blocks']): readonly SeriesBlock[] {
    const changed = [...now.values()].filter((block) => before.get(block.runId) !== block);
    const behind = changed.filter(isBehind);
    for (const { runId } of changed) this.quiet.set(runId, { times: 0, until: patience.first });
    for (const { runId } of behind) this.quiet.set(runId, { times: 0, until: 1 });
    return behind;
  }

  private quietOf(runId: string, isNew: boolean): { times: number; until: number } {
    const quiet = this.quiet.get(runId) ?? { times: 0, until: patience.first };
    this.quiet.set(runId, quiet);
    if (!isNew) quiet.times++;
    return quiet;
  }
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
