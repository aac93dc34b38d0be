import type { SeriesBlock } from '../../src/shared/protocol/series';
import { joined, replaceInterval } from '../../src/shared/series/merge';
import { unpackSeries } from '../../src/shared/series/packing';
import type { Demand } from './questionQueue';
import type { StoreServices } from './storeServices';

/** Both inclusive. */
export interface StepInterval {
  readonly startStep: number;
  readonly endStep: number;
}

export interface Detail extends StepInterval {
  readonly blocks: ReadonlyMap<string, SeriesBlock>;
}

/** Points of a run that a server gives of one interval at most (it says so by sampling). */
const perQuestion = 2_499;
/** Questions that one interval is worth. */
const mostPieces = 4;

/** An interval of steps that is looked at closely, point by point. */
export class IntervalDetail {
  found: Detail | undefined;
  private wanted = '';
  private controller: AbortController | undefined;

  constructor(
    private readonly key: string,
    private readonly services: StoreServices,
    private readonly onChange: () => void,
  ) {}

  forget(): void {
    this.abort();
    this.found = undefined;
  }

  /** Curves that were sampled anew say more of their end than what was found of them here. */
  renew(blocks: readonly { readonly runId: string }[]): void {
    if (blocks.some(({ runId }) => this.found?.blocks.has(runId))) this.forget();
  }

  abort(): void {
    this.controller?.abort();
    this.controller = undefined;
    this.wanted = '';
  }

  /**
   * Fetches the interval unless that would bring nothing finer. @throws RemoteError
   * @param points that the run with the most has in it
   */
  async load(runs: readonly SeriesBlock[], interval: StepInterval, points: number, demand: Demand): Promise<void> {
    const runIds = runs.map(({ runId }) => runId);
    const { startStep, endStep } = interval;
    const wanted = `${startStep} ${endStep} ${runIds.join()}`;
    if (this.wanted === wanted || this.has(runIds, startStep, endStep)) return;
    this.abort();
    this.wanted = wanted;
    const controller = new AbortController();
    this.controller = controller;
    const pieces = piecesOf(interval, points);
    const answers = await Promise.all(pieces.map((piece) => this.ask(runIds, piece, demand, controller.signal)));
    if (controller.signal.aborted) return;
    this.found = { startStep, endStep, blocks: joinedByRun(answers) };
    this.onChange();
  }

  private async ask(runIds: readonly string[], piece: StepInterval, demand: Demand, signal: AbortSignal) {
    const question = () => this.services.rpc.call('series', { key: this.key, runIds, ...piece }, signal);
    const { series } = await this.services.queue.ask(demand, question, signal);
    return series.map(unpackSeries);
  }

  /** All points are there, or nearly the same interval was asked. */
  private has(runIds: readonly string[], startStep: number, endStep: number): boolean {
    const { found } = this;
    if (!found || startStep < found.startStep || endStep > found.endStep) return false;
    if (!runIds.every((runId) => found.blocks.has(runId))) return false;
    if ([...found.blocks.values()].every(({ sampled }) => !sampled)) return true;
    return endStep - startStep > (found.endStep - found.startStep) * 0.8;
  }
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

/** A curve that is complete keeps all its points; so does one that goes on its points behind those that were found. */
export function mergedBlocks(
  base: ReadonlyMap<string, SeriesBlock>,
  { startStep, endStep, blocks }: Detail,
): ReadonlyMap<string, SeriesBlock> {
  return new Map(
    [...base].map(([runId, block]) => {
      const finer = blocks.get(runId);
      if (!finer || !block.sampled) return [runId, block];
      return [runId, { ...replaceInterval(block, finer, startStep, endStep), sampled: finer.sampled }];
    }),
  );
}
