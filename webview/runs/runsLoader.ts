import type { RunsPage, RunsQuestion } from '../../src/shared/protocol/runs';
import { RemoteError } from '../../src/shared/rpc';
import { isLive, type RunTable } from '../../src/shared/runs/runTable';
import { serverSort } from '../../src/shared/runs/serverSort';
import type { RunsView } from '../../src/shared/view/runsView';
import type { HostRpc } from './session';

/** How far "Load all" has come. */
export interface LoadProgress {
  readonly loaded: number;
  readonly perSecond: number;
}

/** Rows of live runs that are read again at once. */
const mostRead = 500;
/** Rows that are asked for again with the first page, when there were as many. */
const mostReread = 5_000;

/** Puts runs into the table: page by page, all of them, or again what may have changed. Old rows survive a failure. */
export class RunsLoader {
  /** Rows that match, in the server's order. */
  order: readonly number[] = [];
  /** Parents that do not match, in the order they came. */
  parents: readonly number[] = [];
  problem: RemoteError | undefined;
  /** A question is under way, and since when (ms). */
  loadingSince: number | undefined;
  more = false;
  total: number | undefined;
  all: LoadProgress | undefined;
  /** Counts answers: another order each time. */
  edition = 0;
  /** What the rows are the answer to. */
  private asked: Pick<RunsView, 'filter' | 'showDeleted'> | undefined;
  private queryId: number | undefined;
  private abort = new AbortController();
  private adding: Promise<void> | undefined;

  constructor(
    private readonly rpc: HostRpc,
    private readonly table: RunTable,
    private readonly onChange: () => void,
  ) {}

  /** Asks anew and, where more than one page was loaded of the same question, for as many runs again. */
  async query(view: RunsView): Promise<void> {
    this.abort.abort();
    const abort = new AbortController();
    this.abort = abort;
    this.all = undefined;
    this.adding = undefined;
    this.loadingSince = performance.now();
    this.onChange();
    try {
      const pages = await this.pagesOf(view, abort.signal);
      if (abort.signal.aborted) return;
      this.problem = undefined;
      this.order = [];
      this.parents = [];
      this.total = undefined;
      this.asked = view;
      for (const page of pages) this.take(page);
      if (pages.at(-1)?.begun) void this.loadMore();
    } catch (error) {
      if (this.abort === abort) this.fail(error);
      return;
    }
    if (this.more) void this.count(abort.signal);
    void this.readPinned(view.pinnedRuns);
  }

  /** What was shown stays until there is as much to take its place: rows that vanish and come back would jump. */
  private async pagesOf(view: RunsView, signal: AbortSignal): Promise<readonly RunsPage[]> {
    const { asked } = this;
    const sameRuns = asked?.filter === view.filter && asked.showDeleted === view.showDeleted;
    const wanted = sameRuns ? Math.min(mostReread, this.order.length) : 0;
    let page = await this.rpc.call('queryRuns', questionOf(view), signal);
    const pages = [page];
    for (let read = page.batch.runs.length; page.more && read < wanted; read += page.batch.runs.length) {
      page = await this.rpc.call('moreRuns', { queryId: page.queryId, all: !page.begun }, signal);
      pages.push(page);
    }
    return pages;
  }

  /** The next page; asked twice at once it is one question. */
  loadMore(): Promise<void> {
    this.adding ??= this.addPages(false).finally(() => {
      this.adding = undefined;
    });
    return this.adding;
  }

  /** Every page; `stop` ends it with what has come. */
  loadAll(): Promise<void> {
    if (this.all) return this.adding ?? Promise.resolve();
    this.all = { loaded: this.order.length, perSecond: 0 };
    this.onChange();
    this.adding = this.addPages(true).finally(() => {
      this.all = undefined;
      this.adding = undefined;
      this.onChange();
    });
    return this.adding;
  }

  stop(): void {
    this.all = undefined;
    this.onChange();
  }

  /** Live runs and new ones. @throws RemoteError */
  async poll(view: RunsView): Promise<void> {
    const live = this.order.filter((row) => isLive(this.table.head(row).status)).slice(0, mostRead);
    await this.read(live.map((row) => this.table.head(row).runId));
    if (this.queryId === undefined || this.adding) return;
    if (await this.rpc.call('hasNewRuns', { queryId: this.queryId })) await this.query(view);
  }

  async readAgain(runIds: readonly string[]): Promise<void> {
    const known = runIds.filter((runId) => this.table.rowOf(runId) !== undefined);
    try {
      await this.read(known);
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error;
      // The next poll or a refresh brings them; what is shown stays.
    }
  }

  /** Pinned runs that do not match are shown too. */
  private async readPinned(pinned: readonly string[]): Promise<void> {
    const missing = pinned.filter((runId) => this.table.rowOf(runId) === undefined).slice(0, mostRead);
    try {
      await this.read(missing);
    } catch (error) {
      // They are extras: the rows that match are there, and the next question asks for these again.
      if (!(error instanceof RemoteError)) throw error;
    }
  }

  private async read(runIds: readonly string[]): Promise<void> {
    if (runIds.length === 0) return;
    this.table.add(await this.rpc.call('runsById', { runIds }));
    this.onChange();
  }

  private async addPages(all: boolean): Promise<void> {
    const { signal } = this.abort;
    const started = performance.now();
    const before = this.order.length;
    while (this.more && this.queryId !== undefined && !signal.aborted) {
      try {
        const page = await this.rpc.call('moreRuns', { queryId: this.queryId, all }, signal);
        if (signal.aborted) return;
        this.take(page);
      } catch (error) {
        if (!signal.aborted) this.fail(error);
        return;
      }
      if (!all || !this.all) return;
      const seconds = (performance.now() - started) / 1000;
      this.all = { loaded: this.order.length, perSecond: (this.order.length - before) / seconds };
      this.onChange();
    }
  }

  private take({ queryId, batch, more }: RunsPage): void {
    const rows = this.table.add(batch);
    const known = new Set(this.order);
    const matching = rows.filter((_, at) => !batch.runs[at]?.unmatched);
    this.order = [...this.order, ...matching.filter((row) => !known.has(row))];
    this.parents = [...this.parents, ...rows.filter((_, at) => batch.runs[at]?.unmatched)];
    this.queryId = queryId;
    this.more = more;
    this.loadingSince = undefined;
    this.edition++;
    this.onChange();
  }

  private async count(signal: AbortSignal): Promise<void> {
    if (this.queryId === undefined) return;
    try {
      const { total } = await this.rpc.call('countRuns', { queryId: this.queryId }, signal);
      if (signal.aborted) return;
      this.total = total;
      this.onChange();
    } catch (error) {
      // The count is an extra: what is loaded is shown without it.
      if (!(error instanceof RemoteError)) throw error;
    }
  }

  private fail(error: unknown): void {
    const known = error instanceof RemoteError ? error : new RemoteError({ message: String(error) });
    this.loadingSince = undefined;
    if (known.kind !== 'cancelled') this.problem = known;
    this.onChange();
  }
}

function questionOf({ filter, showDeleted, table }: RunsView): RunsQuestion {
  return { filter, showDeleted, sort: serverSort(table.sort) };
}
