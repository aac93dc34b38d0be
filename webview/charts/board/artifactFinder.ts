import type { FoundArtifacts } from '../../../src/shared/protocol/exports';
import { RemoteError } from '../../../src/shared/rpc';
import { isLive } from '../../../src/shared/runs/runTable';
import type { ChartDefinition } from '../../../src/shared/view/chartDefinition';
import type { Session } from '../../runs/session';
import { chartRows } from './chartRows';

/** Runs whose artifacts are looked at side by side. */
export const mostSideBySide = 24;

/** Keeps what artifacts of a chart's runs match; asks again when the runs, the pattern or a live run change. */
export class ArtifactFinder {
  found: readonly FoundArtifacts[] | undefined;
  problem: string | undefined;
  /** All runs of the chart, of which the first are looked at. */
  total = 0;
  private asked = '';
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

  /** Asks if something changed. */
  sync({ path, runs }: ChartDefinition): void {
    const { table } = this.session;
    const rows = chartRows(this.session, runs);
    this.total = rows.length;
    const runIds = rows.slice(0, mostSideBySide).map((row) => table.head(row).runId);
    const question = JSON.stringify([path, runIds]);
    if (question === this.asked || path === undefined) return;
    this.asked = question;
    void this.session.colors.want(runIds);
    void this.find(runIds, path);
  }

  retry(chart: ChartDefinition): void {
    this.asked = '';
    this.sync(chart);
  }

  private async find(runIds: readonly string[], pattern: string): Promise<void> {
    this.abort.abort();
    const abort = new AbortController();
    this.abort = abort;
    try {
      const found = await this.session.rpc.call('findArtifacts', { runIds, pattern }, abort.signal);
      if (abort.signal.aborted) return;
      this.found = found;
      this.problem = undefined;
    } catch (error) {
      if (abort.signal.aborted) return;
      this.problem = error instanceof RemoteError ? error.message : String(error);
    }
    this.changed();
  }

  /** A live run may have logged more. */
  private async refresh(): Promise<void> {
    const { table } = this.session;
    const [pattern, runIds]: [string, string[]] = this.asked === '' ? ['', []] : JSON.parse(this.asked);
    const someLive = runIds.some((runId) => {
      const row = table.rowOf(runId);
      return row !== undefined && isLive(table.head(row).status);
    });
    if (someLive) await this.find(runIds, pattern);
  }
}
