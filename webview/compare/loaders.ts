import type { RunEnvironment } from '../../src/shared/protocol/compare';
import { RemoteError } from '../../src/shared/rpc';
import type { RunTable } from '../../src/shared/runs/runTable';
import type { HostRpc } from '../runs/session';

/** Runs of one question: what has come is shown while the rest is read. */
const runsAtOnce = 8;
const metricsAtOnce = 2;

/** What runs were made with: asked when the section is open, kept while other tabs are looked at. */
export class EnvironmentLoader {
  problem = '';
  edition = 0;
  private readonly known = new Map<string, RunEnvironment>();
  private wanted: readonly string[] = [];
  private asking = false;

  constructor(
    private readonly rpc: HostRpc,
    private readonly onChange: () => void,
  ) {}

  get loading(): boolean {
    return this.asking;
  }

  of(runId: string): RunEnvironment | undefined {
    return this.known.get(runId);
  }

  /** Says what is on screen: runs that left it are not asked for. */
  want(runIds: readonly string[]): void {
    this.wanted = runIds;
    if (!this.asking && this.problem === '' && this.missing.length > 0) void this.load();
  }

  /** What could not be read is asked for again. */
  retry(): void {
    this.problem = '';
    for (const [runId, { files, problem }] of this.known)
      if (problem !== undefined && files.length === 0) this.known.delete(runId);
    this.want(this.wanted);
  }

  private get missing(): readonly string[] {
    return this.wanted.filter((runId) => !this.known.has(runId));
  }

  private async load(): Promise<void> {
    this.asking = true;
    try {
      for (let runIds = this.missing; runIds.length > 0; runIds = this.missing) {
        const found = await this.rpc.call('environments', { runIds: runIds.slice(0, runsAtOnce) });
        for (const environment of found) this.known.set(environment.runId, environment);
        this.changed();
      }
    } catch (error) {
      this.problem = problemText(error);
    } finally {
      this.asking = false;
      this.changed();
    }
  }

  private changed(): void {
    this.edition++;
    this.onChange();
  }
}

/** Least and largest values of the metrics that are in sight, written into the table of runs. */
export class ExtremesLoader {
  /** By metric: why it could not be read. */
  readonly problems = new Map<string, string>();
  private readonly queue = new Map<string, readonly string[]>();
  private running = 0;

  constructor(
    private readonly rpc: HostRpc,
    private readonly table: RunTable,
    private readonly onChange: () => void,
  ) {}

  /** Asks for what is missing of these metrics; what was in the queue and is out of sight leaves it. */
  want(keys: readonly string[], rows: readonly number[]): void {
    this.queue.clear();
    for (const key of keys) {
      const missing = this.missing(key, rows);
      if (missing.length > 0 && !this.problems.has(key) && !this.asked.has(key)) this.queue.set(key, missing);
    }
    while (this.running < metricsAtOnce && this.queue.size > 0) void this.next();
  }

  isMissing(key: string, row: number): boolean {
    return this.missing(key, [row]).length > 0;
  }

  private readonly asked = new Set<string>();

  private missing(key: string, rows: readonly number[]): readonly string[] {
    const { last } = this.table.metric(key) ?? {};
    const min = this.table.stat('min', key);
    return rows.flatMap((row) => (last?.has(row) && !min.has(row) ? [this.table.head(row).runId] : []));
  }

  private async next(): Promise<void> {
    const [entry] = this.queue;
    if (!entry) return;
    const [key, runIds] = entry;
    this.queue.delete(key);
    this.asked.add(key);
    this.running++;
    try {
      const { min, max } = await this.rpc.call('metricExtremes', { key, runIds });
      for (const [at, runId] of runIds.entries()) this.write(key, runId, min[at], max[at]);
      this.table.touch();
    } catch (error) {
      this.problems.set(key, problemText(error));
    } finally {
      this.running--;
      this.asked.delete(key);
      this.onChange();
      if (this.queue.size > 0) void this.next();
    }
  }

  /** NaN where a run has nothing else: that is an answer too. */
  private write(key: string, runId: string, min = Number.NaN, max = Number.NaN): void {
    const row = this.table.rowOf(runId);
    if (row === undefined) return;
    this.table.stat('min', key).set(row, min);
    this.table.stat('max', key).set(row, max);
  }
}

/** Words for a failure of the other side; anything else is a bug and goes on. */
export function problemText(error: unknown): string {
  if (!(error instanceof RemoteError)) throw error;
  return error.kind === 'cancelled' ? '' : `${error.message}${error.advice ? ` ${error.advice}` : ''}`;
}
