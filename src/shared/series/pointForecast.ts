import { chunks } from '../chunks';
import type { SeriesBlock } from '../protocol/series';
import type { RunTable } from '../runs/runTable';
import type { LatestPoint } from './lastKnown';
import { mostWhole } from './pointBudget';

/**
 * Points of one question at most, and parts of one: a server that works on several processors answers the first chart
 * in half the time, and one that does not loses nothing.
 */
const heavy = { points: 350_000, parts: 3 };

/** How a run's points lie, as a sample of them tells. */
interface Spacing {
  readonly first: number;
  /** Steps from one point to the next. */
  readonly every: number;
  /** Points that are known to be there. */
  readonly least: number;
}

const nothingKnown: Spacing = { first: 0, every: 1, least: 1 };

/** What the list of runs, which is there already, tells of a metric's points, and what samples of them add to it. */
export class PointForecast {
  private readonly spacings = new Map<string, Spacing>();

  constructor(
    private readonly key: string,
    private readonly table: RunTable,
  ) {}

  /** At which step the metric was logged last. Undefined where the run does not have it. */
  lastStep(runId: string): number | undefined {
    const row = this.table.rowOf(runId);
    return row === undefined ? undefined : this.table.metric(this.key)?.steps.get(row);
  }

  /** Points of a run came: a training that logs every hundredth step has a hundredth of the points. */
  learn({ runId, steps, sampled }: Pick<SeriesBlock, 'runId' | 'steps' | 'sampled'>): void {
    if (!sampled) return;
    const every = everyOf(steps);
    if (every > 0) this.spacings.set(runId, { first: Math.min(...steps), every, least: steps.length });
    else this.spacings.delete(runId);
  }

  /** How many points a run has, by its last step: most training logs every step until a sample tells otherwise. */
  estimate(runId: string): number {
    const { least, first } = this.spacing(runId);
    return Math.max(least, this.within(runId, first, this.lastStep(runId) ?? 0));
  }

  /** Points of a run that an interval of steps has room for, one each time the run logs. */
  within(runId: string, startStep: number, endStep: number): number {
    return Math.floor((endStep - startStep) / this.spacing(runId).every) + 1;
  }

  private spacing(runId: string): Spacing {
    return this.spacings.get(runId) ?? nothingKnown;
  }

  /** How many points these runs have in all, where they are few enough to be had whole; undefined where they are not. */
  whole(runIds: readonly string[], mostPoints: number): number | undefined {
    const points = runIds.map((runId) => this.estimate(runId));
    const sum = points.reduce((all, one) => all + one, 0);
    return sum <= mostWhole && Math.max(...points) <= mostPoints ? sum : undefined;
  }

  /** How runs are best asked for: long curves in a few parts at once; short ones in as many as are needed to get each whole. */
  parts<Run extends { readonly runId: string }>(runs: readonly Run[], mostPoints: number): readonly (readonly Run[])[] {
    const points = runs.map(({ runId }) => this.estimate(runId));
    const longest = Math.max(...points);
    if (longest <= mostPoints) return chunks(runs, Math.max(1, Math.floor(mostWhole / longest)));
    const sum = points.reduce((all, one) => all + one, 0);
    const parts = Math.min(heavy.parts, runs.length, Math.ceil(sum / heavy.points));
    return parts <= 1 ? [runs] : chunks(runs, Math.ceil(runs.length / parts));
  }

  /** The list of runs carries the latest point of each metric: where it is known already, nobody is asked. */
  hasNewer(runId: string, known: LatestPoint | undefined): boolean {
    const row = this.table.rowOf(runId);
    const latest = this.lastStep(runId);
    if (row === undefined || latest === undefined) return false;
    if (!known || latest > known.step) return true;
    // Without steps every point is at step 0, and its value may be that of the one before.
    return (
      !Object.is(this.table.metric(this.key)?.last.get(row), known.value) ||
      (this.table.metricTime(this.key, row) ?? 0) > known.timestamp
    );
  }
}

/** So many unequal gaps are no rounding of the one who sampled. */
const leastUnequal = 3;

/**
 * How many steps apart a run logs, told by a sample of its points: samples are even, so their gaps are so many and one
 * more times that. The last point, which each sample has, may be beside the others: it counts only where these tell
 * nothing. 0 where nothing tells.
 */
function everyOf(steps: Float64Array): number {
  const inner = gapsOf(steps.subarray(0, -1));
  if (inner.common < inner.least || inner.unequal >= leastUnequal) return inner.common;
  const all = gapsOf(steps);
  return all.common < all.least ? all.common : 0;
}

function gapsOf(steps: Float64Array) {
  const gaps = steps
    .subarray(1)
    .map((step, at) => Math.abs(step - (steps[at] ?? 0)))
    .filter((gap) => gap > 0);
  const least = gaps.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  return { least, common: gaps.reduce(commonDivisor, 0), unequal: gaps.filter((gap) => gap !== least).length };
}

function commonDivisor(a: number, b: number): number {
  let [divisor, rest] = [a, b];
  while (rest > 0) [divisor, rest] = [rest, divisor % rest];
  return divisor;
}
