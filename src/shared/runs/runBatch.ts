import { type DatasetInput, type Run, type RunStatus, TagKey } from '../domain';
import { isLive } from './runTable';

/**
 * Runs as they travel to a page: what repeats is said once and numbers are typed arrays, so that ten thousand runs are
 * neither ten thousand objects of objects nor megabytes of JSON.
 */
export interface RunBatch {
  readonly runs: readonly RunHead[];
  /** ms; NaN where there is none. */
  readonly startTimes: Float64Array;
  readonly endTimes: Float64Array;
  readonly metrics: PackedMetrics;
  readonly params: PackedTexts;
  readonly tags: PackedTexts;
}

/** What is a text of its own for nearly every run. */
export interface RunHead {
  readonly runId: string;
  readonly experimentId: string;
  readonly name: string;
  readonly status: RunStatus;
  readonly userId: string;
  readonly deleted?: true;
  /** Shown only because a child of it matches, or because it did when it was asked for. */
  readonly unmatched?: true;
  /** Matches too, but is here before its place in the order, because a child of it is. */
  readonly early?: true;
  readonly parentRunId?: string;
  /** As the run's tags say: a file, a notebook, an entry point. */
  readonly source?: string;
  readonly commit?: string;
  readonly branch?: string;
  readonly datasets?: readonly Pick<DatasetInput, 'name' | 'digest' | 'context'>[];
  readonly models?: readonly string[];
}

/** Of a page's runs: whether this is one of those that were asked for, where it stands in their order. */
export const isInPlace = ({ unmatched, early }: RunHead): boolean => !unmatched && !early;

/** Cells run by run: run `i` has `counts[i]` of them. `keyOf` points into `keys`. */
export interface PackedMetrics {
  readonly keys: readonly string[];
  readonly counts: Uint32Array;
  readonly keyOf: Uint32Array;
  readonly values: Float64Array;
  readonly steps: Float64Array;
  /** ms; of the cells of runs that go on: only these may have logged the same value at the same step again. */
  readonly times: Float64Array;
}

/** As `PackedMetrics`; `textOf` points into `texts`. */
export interface PackedTexts {
  readonly keys: readonly string[];
  readonly texts: readonly string[];
  readonly counts: Uint32Array;
  readonly keyOf: Uint32Array;
  readonly textOf: Uint32Array;
}

/** Takes runs one by one, so that whoever packs thousands can let others have their turn in between. */
export class BatchBuilder {
  private readonly heads: RunHead[] = [];
  private readonly startTimes: number[] = [];
  private readonly endTimes: number[] = [];
  private readonly metricKeys = new Numbering();
  private readonly metricCounts: number[] = [];
  private readonly metricKeyOf: number[] = [];
  private readonly values: number[] = [];
  private readonly steps: number[] = [];
  private readonly times: number[] = [];
  private readonly params = new TextsBuilder();
  private readonly tags = new TextsBuilder();

  add(
    run: Run,
    head: Pick<RunHead, 'unmatched' | 'early' | 'parentRunId' | 'source' | 'commit' | 'branch' | 'models'>,
  ): void {
    this.heads.push(headOf(run, head));
    this.startTimes.push(run.startTime);
    this.endTimes.push(run.endTime ?? Number.NaN);
    let count = 0;
    for (const key in run.metrics) {
      const metric = run.metrics[key];
      if (!metric) continue;
      this.metricKeyOf.push(this.metricKeys.of(key));
      this.values.push(metric.value);
      this.steps.push(metric.step);
      if (isLive(run.status)) this.times.push(metric.timestamp);
      count++;
    }
    this.metricCounts.push(count);
    this.params.add(run.params);
    this.tags.add(run.tags);
  }

  build(): RunBatch {
    return {
      runs: this.heads,
      startTimes: Float64Array.from(this.startTimes),
      endTimes: Float64Array.from(this.endTimes),
      metrics: {
        keys: this.metricKeys.names,
        counts: Uint32Array.from(this.metricCounts),
        keyOf: Uint32Array.from(this.metricKeyOf),
        values: Float64Array.from(this.values),
        steps: Float64Array.from(this.steps),
        times: Float64Array.from(this.times),
      },
      params: this.params.build(),
      tags: this.tags.build(),
    };
  }
}

function headOf(run: Run, head: Partial<RunHead>): RunHead {
  const { unmatched, early, parentRunId, source, commit, branch, models } = head;
  const datasets = run.datasets.map(({ name, digest, context }) => ({
    name,
    digest,
    ...(context === undefined ? {} : { context }),
  }));
  return {
    runId: run.runId,
    experimentId: run.experimentId,
    name: run.name,
    status: run.status,
    userId: run.tags[TagKey.user] || run.userId,
    ...(run.lifecycleStage === 'deleted' ? { deleted: true as const } : {}),
    ...(unmatched ? { unmatched } : {}),
    ...(early ? { early } : {}),
    ...(parentRunId === undefined ? {} : { parentRunId }),
    ...(source === undefined ? {} : { source }),
    ...(commit === undefined ? {} : { commit }),
    ...(branch === undefined ? {} : { branch }),
    ...(datasets.length > 0 ? { datasets } : {}),
    ...(models && models.length > 0 ? { models } : {}),
  };
}

class TextsBuilder {
  private readonly keys = new Numbering();
  private readonly texts = new Numbering();
  private readonly counts: number[] = [];
  private readonly keyOf: number[] = [];
  private readonly textOf: number[] = [];

  add(record: Readonly<Record<string, string>>): void {
    let count = 0;
    for (const key in record) {
      const text = record[key];
      if (text === undefined) continue;
      this.keyOf.push(this.keys.of(key));
      this.textOf.push(this.texts.of(text));
      count++;
    }
    this.counts.push(count);
  }

  build(): PackedTexts {
    return {
      keys: this.keys.names,
      texts: this.texts.names,
      counts: Uint32Array.from(this.counts),
      keyOf: Uint32Array.from(this.keyOf),
      textOf: Uint32Array.from(this.textOf),
    };
  }
}

/** Numbers for names, in the order they come. */
class Numbering {
  readonly names: string[] = [];
  private readonly numbers = new Map<string, number>();

  of(name: string): number {
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    const number = this.names.length;
    this.names.push(name);
    this.numbers.set(name, number);
    return number;
  }
}
