import { chunks } from '../../src/shared/chunks';
import type { HostEvents, HostMethods, PageMethods } from '../../src/shared/protocol/protocol';
import { RemoteError, type Rpc } from '../../src/shared/rpc';
import type { RunTable } from '../../src/shared/runs/runTable';

/** How runs are asked for. */
export type RunsRpc = Pick<Rpc<HostMethods, PageMethods, object, HostEvents>, 'call' | 'decline'>;

/** Runs that are read by their ids in one question. */
const mostRead = 500;

/** Puts single runs into the table, apart from what a question lists. */
export class RunReader {
  /** Ids that were asked for in vain. */
  private readonly absent = new Set<string>();

  constructor(
    private readonly rpc: RunsRpc,
    private readonly table: RunTable,
    private readonly onChange: () => void,
    /** What the rows are the answer to. */
    private readonly queryId: () => number | undefined,
  ) {}

  /** Batch by batch. @throws RemoteError */
  async read(runIds: readonly string[]): Promise<void> {
    for (const ids of chunks(runIds, mostRead)) {
      const queryId = this.queryId();
      this.table.add(await this.rpc.call('runsById', { runIds: ids, ...(queryId === undefined ? {} : { queryId }) }));
      for (const runId of ids) if (this.table.rowOf(runId) === undefined) this.absent.add(runId);
      this.onChange();
    }
  }

  /** The server was asked for it and does not have it. */
  isAbsent(runId: string): boolean {
    return this.absent.has(runId) && this.table.rowOf(runId) === undefined;
  }

  /** Those of the table; what is shown stays where they cannot be read. */
  readKnown(runIds: readonly string[]): Promise<void> {
    return this.tryToRead(runIds.filter((runId) => this.table.rowOf(runId) !== undefined));
  }

  /** Those that the table lacks: extras, which the next question asks for again. */
  readMissing(runIds: readonly string[]): Promise<void> {
    return this.tryToRead(runIds.filter((runId) => this.table.rowOf(runId) === undefined).slice(0, mostRead));
  }

  /** How many runs match. An extra: what is loaded is shown without it. */
  async count(queryId: number, signal: AbortSignal): Promise<number | undefined> {
    try {
      return (await this.rpc.call('countRuns', { queryId }, signal)).total;
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error;
      return undefined;
    }
  }

  private async tryToRead(runIds: readonly string[]): Promise<void> {
    try {
      await this.read(runIds);
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error;
    }
  }
}
