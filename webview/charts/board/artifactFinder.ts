import { chunks } from '../../../src/shared/chunks';
import type { FoundArtifacts } from '../../../src/shared/protocol/exports';
import { RemoteError } from '../../../src/shared/rpc';
import { isLive } from '../../../src/shared/runs/runTable';
import type { ChartDefinition } from '../../../src/shared/view/chartDefinition';
import type { Session } from '../../runs/session';
import { chartRows, wantColors } from './chartRows';

/** Runs of one question: what was found is shown while the rest is looked for. */
const runsAtOnce = 24;
/** Every run costs the server a few listings: beyond this a person says that it is wanted. */
const unasked = 200;

/** Keeps what artifacts of a chart's runs match; asks again when the runs, the pattern or a live run change. */
export class ArtifactFinder {
  problem: string | undefined;
  /** Looking for more. */
  busy = false;
  private readonly byRun = new Map<string, FoundArtifacts>();
  private runIds: readonly string[] = [];
  private pattern: string | undefined;
  private most = unasked;
  private abort = new AbortController();
  private readonly poll = () => this.refresh();

  constructor(
    private readonly session: Session,
    private readonly changed: () => void,
  ) {
    session.pollers.add(this.poll);
  }

  dispose(): void {
    this.session.pollers.delete(this.poll);
    this.abort.abort();
  }

  /** In the order of the runs, as far as they were looked through. */
  get found(): readonly FoundArtifacts[] {
    return this.runIds.flatMap((runId) => this.byRun.get(runId) ?? []);
  }

  /** All runs of the chart. */
  get total(): number {
    return this.runIds.length;
  }

  /** Nothing is known yet. */
  get isFirst(): boolean {
    return this.busy && this.byRun.size === 0;
  }

  /** Runs that are not looked through unless that is wanted. */
  get left(): number {
    return this.busy ? 0 : this.missing.length;
  }

  private get missing(): readonly string[] {
    return this.runIds.filter((runId) => !this.byRun.has(runId));
  }

  /** Asks if something changed; runs that were looked through already are not again. */
  sync({ path, runs }: ChartDefinition): void {
    const { table } = this.session;
    const rows = chartRows(this.session, runs);
    const runIds = rows.map((row) => table.head(row).runId);
    const isSame = path === this.pattern && runIds.length === this.runIds.length;
    if (isSame && runIds.every((runId, at) => runId === this.runIds[at])) return;
    if (path !== this.pattern) {
      this.byRun.clear();
      this.most = unasked;
    }
    this.runIds = runIds;
    this.pattern = path;
    wantColors(this.session, rows);
    void this.find();
  }

  /** Looks through all runs. */
  lookAtAll(): void {
    this.most = Number.POSITIVE_INFINITY;
    void this.find();
  }

  retry(): void {
    void this.find();
  }

  private async find(): Promise<void> {
    this.abort.abort();
    const abort = new AbortController();
    this.abort = abort;
    const { pattern } = this;
    const wanted = this.runIds.slice(0, this.most).filter((runId) => !this.byRun.has(runId));
    this.busy = pattern !== undefined && wanted.length > 0;
    this.problem = undefined;
    if (pattern === undefined || !this.busy) return;
    try {
      for (const runIds of chunks(wanted, runsAtOnce)) await this.ask(runIds, pattern, abort.signal);
    } catch (error) {
      if (abort.signal.aborted) return;
      this.problem = error instanceof RemoteError ? error.message : String(error);
    }
    if (abort.signal.aborted) return;
    this.busy = false;
    this.changed();
  }

  private async ask(runIds: readonly string[], pattern: string, signal: AbortSignal): Promise<void> {
    const found = await this.session.rpc.call('findArtifacts', { runIds, pattern }, signal);
    signal.throwIfAborted();
    for (const run of found) this.byRun.set(run.runId, run);
    this.changed();
  }

  /** A live run may have logged more. */
  private async refresh(): Promise<void> {
    const { table } = this.session;
    const { pattern, abort } = this;
    const live = this.runIds.filter((runId) => {
      const row = table.rowOf(runId);
      return this.byRun.has(runId) && row !== undefined && isLive(table.head(row).status);
    });
    if (pattern === undefined || this.busy) return;
    try {
      for (const runIds of chunks(live, runsAtOnce)) await this.ask(runIds, pattern, abort.signal);
    } catch (error) {
      // Other runs are looked through instead.
      if (!abort.signal.aborted) throw error;
    }
  }
}
