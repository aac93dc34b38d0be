import { RemoteError } from '../../src/shared/rpc';
import { readExtremes, unreadRows } from '../../src/shared/runs/historyCells';
import type { Session } from './session';

/** Metrics of rows whose histories are to be read. */
export interface Wish {
  readonly rows: readonly number[];
  readonly keys: readonly string[];
}

/** Runs in one question: each costs the server a read of its history. */
const atOnce = 20;

/**
 * Reads least and largest values of metrics for runs that are looked at, one question at a time, the latest wanted
 * first, and puts them into the table. Those of a run that has gone on since stay until the new ones are there.
 */
export class ExtremesLoader {
  private readonly wanted = new Map<string, Set<string>>();
  /** `key runId` of what is asked right now. */
  private readonly asking = new Set<string>();
  private running = false;
  private abort = new AbortController();

  constructor(private readonly session: Session) {}

  isPending(key: string, row: number): boolean {
    const { runId } = this.session.table.head(row);
    return this.asking.has(`${key} ${runId}`) || (this.wanted.get(key)?.has(runId) ?? false);
  }

  /** Histories that are still to be read. */
  get left(): number {
    return [...this.wanted.values()].reduce((sum, { size }) => sum + size, this.asking.size);
  }

  /** What is wanted from now on, the first first. What was wanted before and is not begun is no longer. */
  want(...wishes: readonly Wish[]): void {
    this.wanted.clear();
    for (const wish of wishes) this.add(wish);
    void this.run();
  }

  private add({ rows, keys }: Wish): void {
    const { table, sorted } = this.session;
    for (const key of keys) {
      const missing = unreadRows(table, rows, key).flatMap((row) => {
        const { runId } = table.head(row);
        return sorted.isUnreadable(key, row) || this.asking.has(`${key} ${runId}`) ? [] : [runId];
      });
      const before = this.wanted.get(key) ?? [];
      if (missing.length > 0) this.wanted.set(key, new Set([...before, ...missing]));
    }
  }

  dispose(): void {
    this.wanted.clear();
    this.abort.abort();
    this.abort = new AbortController();
  }

  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    const { signal } = this.abort;
    try {
      for (let next = this.take(); next; next = this.take()) {
        if (signal.aborted) return;
        await this.ask(next.key, next.runIds, signal);
      }
    } finally {
      this.running = false;
    }
  }

  private take(): { readonly key: string; readonly runIds: readonly string[] } | undefined {
    const [first] = this.wanted;
    if (!first) return undefined;
    const [key, ids] = first;
    const runIds = [...ids].slice(0, atOnce);
    for (const runId of runIds) ids.delete(runId);
    if (ids.size === 0) this.wanted.delete(key);
    return { key, runIds };
  }

  private async ask(key: string, runIds: readonly string[], signal: AbortSignal): Promise<void> {
    const names = runIds.map((runId) => `${key} ${runId}`);
    for (const name of names) this.asking.add(name);
    try {
      const { rpc, table } = this.session;
      await readExtremes(table, key, runIds, (ids) => rpc.call('metricExtremes', { key, runIds: ids }, signal));
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error;
      // The banner says that the server is gone; a history that cannot be read leaves its cells empty.
      if (error.kind !== 'cancelled') this.giveUp(key, runIds);
    } finally {
      for (const name of names) this.asking.delete(name);
      this.session.changed();
    }
  }

  private giveUp(key: string, runIds: readonly string[]): void {
    const { table, sorted } = this.session;
    for (const runId of runIds) {
      const row = table.rowOf(runId);
      if (row !== undefined) sorted.giveUp(key, row);
    }
  }
}
