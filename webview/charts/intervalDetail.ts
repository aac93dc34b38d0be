import type { SeriesBlock } from '../../src/shared/protocol/series';
import { joined, replaceInterval } from '../../src/shared/series/merge';
import { unpackSeries } from '../../src/shared/series/packing';
import type { Demand } from './questionQueue';
import type { StoreServices } from './storeServices';
import type { Viewer } from './viewer';

type Blocks = ReadonlyMap<string, SeriesBlock>;

/** Both inclusive. */
export interface StepInterval {
  readonly startStep: number;
  readonly endStep: number;
}

export interface Detail extends StepInterval {
  /** Up to which step the points of each run that was asked about are here. */
  readonly ends: ReadonlyMap<string, number>;
  readonly blocks: ReadonlyMap<string, SeriesBlock>;
}

interface Question {
  readonly wanted: string;
  readonly ends: Detail['ends'];
  readonly controller: AbortController;
  readonly answered: Promise<void>;
}

/** Points of a run that a server gives of one interval at most (it says so by sampling). */
const perQuestion = 2_499;
/** Questions that one interval is worth. */
const mostPieces = 4;
/** Intervals that are kept, beside those that charts on screen show. */
const mostKept = 4;

/** The intervals of steps that charts look at closely, point by point, each at its own. */
export class IntervalDetails {
  /** Looked at last first. */
  private found: readonly Detail[] = [];
  private shown = new WeakMap<Viewer, Detail>();
  private merged = new WeakMap<Detail, { readonly base: Blocks; readonly blocks: Blocks }>();
  /** One that failed stays: it is not asked again until the points are, or the chart shows something else. */
  private readonly questions = new Map<Viewer, Question>();

  constructor(
    private readonly key: string,
    private readonly services: StoreServices,
    private readonly viewers: ReadonlySet<Viewer>,
    private readonly onChange: () => void,
  ) {}

  forget(): void {
    for (const viewer of [...this.questions.keys()]) this.release(viewer);
    this.found = [];
    this.shown = new WeakMap();
  }

  /** Curves that were sampled anew say more of their end than what was found of them here, or is being asked. */
  renew(blocks: readonly { readonly runId: string }[]): void {
    const known = [...this.found, ...this.questions.values()];
    if (blocks.some(({ runId }) => known.some(({ ends }) => ends.has(runId)))) this.forget();
  }

  /** What nobody else waits for is not asked any more. */
  release(viewer: Viewer): void {
    const question = this.questions.get(viewer);
    this.questions.delete(viewer);
    if (question && ![...this.questions.values()].includes(question)) question.controller.abort();
  }

  /** The curves with what this chart looks at closely in its place. */
  blocks(base: Blocks, viewer: Viewer): Blocks {
    const detail = this.shown.get(viewer);
    if (!detail) return base;
    const known = this.merged.get(detail);
    if (known?.base === base) return known.blocks;
    const blocks = mergedBlocks(base, detail);
    this.merged.set(detail, { base, blocks });
    return blocks;
  }

  /** Every point of the run in these steps is among those the chart has. */
  isWhole(viewer: Viewer, runId: string, interval: StepInterval): boolean {
    const detail = this.shown.get(viewer);
    return detail?.blocks.get(runId)?.sampled === false && covers(detail, runId, interval);
  }

  /**
   * Shows the chart the interval, and fetches it before unless that would bring nothing finer. @throws RemoteError
   * @param points that the run with the most has in it
   */
  async load(
    viewer: Viewer,
    runs: readonly SeriesBlock[],
    interval: StepInterval,
    points: number,
    demand: Demand,
  ): Promise<void> {
    const runIds = runs.map(({ runId }) => runId);
    const own = this.shown.get(viewer);
    const known = [...(own ? [own] : []), ...this.found].find((detail) => has(detail, runIds, interval));
    if (known) {
      this.release(viewer);
      if (this.show([viewer], known)) this.onChange();
      return;
    }
    const ends = new Map(runs.map((run) => [run.runId, endOf(run, interval)] as const));
    const wanted = `${interval.startStep} ${[...ends].join()}`;
    if (this.questions.get(viewer)?.wanted === wanted) return;
    this.release(viewer);
    const asked = [...this.questions.values()].find((question) => question.wanted === wanted);
    const question = asked ?? this.question(wanted, ends, interval, points, demand);
    this.questions.set(viewer, question);
    await question.answered;
  }

  private question(
    wanted: string,
    ends: Detail['ends'],
    interval: StepInterval,
    points: number,
    demand: Demand,
  ): Question {
    const controller = new AbortController();
    const answer = async () => {
      const pieces = piecesOf(interval, points);
      const asked = pieces.map((piece) => this.ask([...ends.keys()], piece, demand, controller.signal));
      try {
        const answers = await Promise.all(asked);
        if (!controller.signal.aborted) this.take(question, { ...interval, ends, blocks: joinedByRun(answers) });
      } catch (error) {
        if (!controller.signal.aborted) throw error;
      }
    };
    const question: Question = { wanted, ends, controller, answered: answer() };
    return question;
  }

  private take(question: Question, detail: Detail): void {
    const waiting = [...this.questions].flatMap(([viewer, asked]) => (asked === question ? [viewer] : []));
    for (const viewer of waiting) this.questions.delete(viewer);
    this.show(waiting, detail);
    this.onChange();
  }

  /** @returns whether a chart showed another before */
  private show(viewers: readonly Viewer[], detail: Detail): boolean {
    const changed = viewers.filter((viewer) => this.shown.get(viewer) !== detail);
    for (const viewer of changed) this.shown.set(viewer, detail);
    const inUse = new Set([...this.viewers].map((viewer) => this.shown.get(viewer)));
    const all = [detail, ...this.found.filter((other) => other !== detail)];
    this.found = all.filter((one, at) => at < mostKept || inUse.has(one));
    return changed.length > 0;
  }

  private async ask(runIds: readonly string[], piece: StepInterval, demand: Demand, signal: AbortSignal) {
    const question = () => this.services.rpc.call('series', { key: this.key, runIds, ...piece }, signal);
    const { series } = await this.services.queue.ask(demand, question, signal);
    return series.map(unpackSeries);
  }
}

/** Behind a run's last point all that comes later is added whole. */
const endOf = ({ steps }: SeriesBlock, { endStep }: StepInterval): number =>
  steps.every((step) => step <= endStep) ? Number.POSITIVE_INFINITY : endStep;

const covers = ({ startStep, ends }: Detail, runId: string, interval: StepInterval): boolean =>
  interval.startStep >= startStep && interval.endStep <= (ends.get(runId) ?? Number.NEGATIVE_INFINITY);

/** All points are there, or nearly the same interval was asked. */
function has(detail: Detail, runIds: readonly string[], interval: StepInterval): boolean {
  if (!runIds.every((runId) => covers(detail, runId, interval))) return false;
  if ([...detail.blocks.values()].every(({ sampled }) => !sampled)) return true;
  return interval.endStep - interval.startStep > (detail.endStep - detail.startStep) * 0.8;
}

/** The interval in pieces that fit into one answer each, where a few do; else the whole, which is sampled again. */
export function piecesOf(interval: StepInterval, points: number): readonly StepInterval[] {
  const { startStep, endStep } = interval;
  const steps = endStep - startStep + 1;
  const count = Math.min(steps, Math.ceil(points / perQuestion));
  if (count <= 1 || count > mostPieces) return [interval];
  const each = Math.ceil(steps / count);
  return Array.from({ length: Math.ceil(steps / each) }, (_, at) => ({
    startStep: startStep + at * each,
    endStep: Math.min(endStep, startStep + (at + 1) * each - 1),
  }));
}

function joinedByRun(answers: readonly (readonly SeriesBlock[])[]): Map<string, SeriesBlock> {
  const parts = new Map<string, SeriesBlock[]>();
  for (const block of answers.flat()) parts.set(block.runId, [...(parts.get(block.runId) ?? []), block]);
  return new Map(
    [...parts].map(([runId, blocks]) => [
      runId,
      joined(
        runId,
        blocks.some(({ sampled }) => sampled),
        blocks,
      ),
    ]),
  );
}

/**
 * A curve that is complete keeps all its points; so does one that goes on its points behind those that were found. One
 * that is sampled stays so: beside the interval nothing came.
 */
export function mergedBlocks(base: Blocks, { startStep, endStep, blocks }: Detail): Blocks {
  return new Map(
    [...base].map(([runId, block]) => {
      const finer = blocks.get(runId);
      if (!finer || !block.sampled) return [runId, block];
      return [runId, replaceInterval(block, finer, startStep, endStep)];
    }),
  );
}
