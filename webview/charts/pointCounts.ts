import type { PointCount, SeriesBlock } from '../../src/shared/protocol/series';
import { RemoteError } from '../../src/shared/rpc';
import { latestOf } from '../../src/shared/series/lastKnown';
import type { PointForecast } from '../../src/shared/series/pointForecast';
import type { StepInterval } from './intervalDetail';
import type { Demand } from './questionQueue';
import type { StoreServices } from './storeServices';

/** Counting reads the points: no more runs than this, nor longer ones, are counted without being asked. */
const countedUnasked = { runs: 10, points: 25_000 };

/** How many points there are of runs of which a sample is drawn. */
export class PointCounts {
  known: ReadonlyMap<string, PointCount> = new Map();

  constructor(
    private readonly key: string,
    private readonly services: StoreServices,
    private readonly forecast: PointForecast,
  ) {}

  /** How many points a run has, and whether that is known or estimated. */
  stored(runId: string): Pick<PointCount, 'points' | 'exact'> {
    const counted = this.known.get(runId);
    if (counted?.exact) return counted;
    return { points: Math.max(counted?.points ?? 0, this.forecast.estimate(runId)), exact: false };
  }

  /** About how many of a run's points are in an interval of steps. Samples are even: its share of them tells. */
  within({ runId, steps }: SeriesBlock, { startStep, endStep }: StepInterval): number {
    const { points } = this.stored(runId);
    const inside = steps.reduce((sum, step) => (step >= startStep && step <= endStep ? sum + 1 : sum), 0);
    const share = Math.min(1, (inside + 1) / Math.max(1, steps.length));
    const perStep = Math.max(1, points / this.forecast.estimate(runId));
    return Math.ceil(Math.min(points * share, perStep * this.forecast.within(runId, startStep, endStep)));
  }

  /** Counts these runs, where they are few and short and not counted yet. @returns whether it did */
  async count(blocks: readonly SeriesBlock[], demand: Demand, signal: AbortSignal): Promise<boolean> {
    const runIds = blocks.map(({ runId }) => runId);
    const isShort = (runId: string) => this.forecast.estimate(runId) <= countedUnasked.points;
    const uncounted = runIds.filter((runId) => !this.known.has(runId));
    if (uncounted.length === 0 || runIds.length > countedUnasked.runs || !runIds.every(isShort)) return false;
    try {
      const question = () => this.services.rpc.call('count', { key: this.key, runIds: uncounted }, signal);
      const counts = await this.services.queue.ask({ ...demand, idle: true }, question, signal);
      this.known = new Map([...this.known, ...counts.map((found) => [found.runId, found] as const)]);
      return true;
    } catch (error) {
      // Not knowing how many there are is no failure of the chart: its badge says that it is a sample.
      if (!(error instanceof RemoteError) && !signal.aborted) throw error;
      return false;
    }
  }

  /** Of a curve that was asked for anew and ends elsewhere now, what was counted before is not all of it. */
  renew(before: ReadonlyMap<string, SeriesBlock> | undefined, blocks: readonly SeriesBlock[]): void {
    const grown = blocks.filter((block) => {
      const known = before?.get(block.runId);
      return known && !isSame(latestOf(known), latestOf(block));
    });
    if (grown.length === 0) return;
    const counts = new Map(this.known);
    for (const { runId } of grown) counts.delete(runId);
    this.known = counts;
  }
}

type Latest = ReturnType<typeof latestOf>;

const isSame = (a: Latest, b: Latest) =>
  a?.step === b?.step && a?.timestamp === b?.timestamp && Object.is(a?.value, b?.value);
