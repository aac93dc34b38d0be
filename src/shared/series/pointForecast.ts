import { chunks } from '../chunks';
import type { RunTable } from '../runs/runTable';
import type { LatestPoint } from './lastKnown';

/**
 * Points of one question for whole curves: below what servers give at once. MLflow 3 spends about 45 µs a point whatever
 * it is asked with, and 30 ms a run where it samples: of 1,000 points a run a sample of 400 costs it as much as all.
 */
const mostWhole = 20_000;
/**
 * Points of one question at most, and parts of one: a server that works on several processors answers the first chart
 * in half the time, and one that does not loses nothing.
 */
const heavy = { points: 350_000, parts: 3 };

/** What the list of runs, which is there already, tells of a metric's points before they are asked for. */
export class PointForecast {
  constructor(
    private readonly key: string,
    private readonly table: RunTable,
  ) {}

  /** At which step the metric was logged last. Undefined where the run does not have it. */
  lastStep(runId: string): number | undefined {
    const row = this.table.rowOf(runId);
    return row === undefined ? undefined : this.table.metric(this.key)?.steps.get(row);
  }

  /** How many points a run has, by its last step: most training logs every step. */
  estimate(runId: string): number {
    return Math.max(1, (this.lastStep(runId) ?? 0) + 1);
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
