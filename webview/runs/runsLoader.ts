import type { RunsPage } from '../../src/shared/protocol/runs';
import { RemoteError } from '../../src/shared/rpc';
import { isLive, type RunTable } from '../../src/shared/runs/runTable';
import { questionOf, serverSort } from '../../src/shared/runs/serverSort';
import type { RunsView, Sort } from '../../src/shared/view/runsView';
import { mostRead, RunReader, type RunsRpc } from './runReader';

/** How far "Load all" has come. */
export interface LoadProgress {
  readonly loaded: number;
  /** How many are wanted; undefined for all there are. */
  readonly until: number | undefined;
  readonly perSecond: number;
}

/** Rows that are asked for again with the first page, when there were as many; where all are loaded, all of them. */
export const mostReread = 5_000;
const newestFirst: Sort = { column: 'attributes.start_time', descending: true };

/** Puts runs into the table: page by page, all of them, or again what may have changed. Old rows survive a failure. */
export class RunsLoader {
  /** Rows that match, as the server gave them. */
  order: readonly number[] = [];
  /** What the server sorted them by; undefined where newer runs were put above them. */
  orderedBy: readonly Sort[] | undefined;
  /** Parents that do not match, in the order they came. */
  parents: readonly number[] = [];
  problem: RemoteError | undefined;
  /** A question is under way, and since when (ms). */
  loadingSince: number | undefined;
  more = false;
  total: number | undefined;
  all: LoadProgress | undefined;
  /** How many of very many rows are read again. */
  again: { readonly read: number; readonly of: number } | undefined;
  /** How many were loaded before they were asked for anew, where not as many were read again. */
  cutFrom: number | undefined;
  /** Counts answers: another order each time. */
  edition = 0;
  /** What the rows are the answer to. */
  private asked: Pick<RunsView, 'filter' | 'showDeleted'> | undefined;
  private queryId: number | undefined;
  private expected: { readonly question: string; readonly id: number } | undefined;
  private abort = new AbortController();
  private adding: Promise<void> | undefined;
  private readonly reader: RunReader;

  constructor(
    private readonly rpc: RunsRpc,
    private readonly table: RunTable,
    private readonly onChange: () => void,
  ) {
    this.reader = new RunReader(rpc, table, onChange);
  }

  /** Everything that matches is here, and is the answer to this. */
  isComplete({ filter, showDeleted }: Pick<RunsView, 'filter' | 'showDeleted'>): boolean {
    const { asked } = this;
    const isAnswered = asked?.filter === filter && asked.showDeleted === showDeleted;
    return this.edition > 0 && !this.more && isAnswered && this.loadingSince === undefined;
  }

  /** More are known than come with a few answers. */
  private get isLarge(): boolean {
    return this.order.length > mostReread;
  }

  /** Pages keep coming. */
  get arriving(): boolean {
    return this.all !== undefined || this.again !== undefined;
  }

  /** The host is answering this already. @param id as `Rpc.ahead` gave it */
  expect(view: RunsView, id: number): void {
    this.expected = { question: JSON.stringify(questionOf(view)), id };
  }

  /** Asks anew and, where more than one page was loaded of the same question, for as many runs again. */
  async query(view: RunsView): Promise<void> {
    const wasComplete = this.isComplete(view);
    this.abort.abort();
    const abort = new AbortController();
    this.abort = abort;
    this.all = undefined;
    this.again = undefined;
    this.adding = undefined;
    this.loadingSince = performance.now();
    this.onChange();
    try {
      if (wasComplete && this.isLarge) await this.readAllAgain(view, abort.signal);
      else await this.readPages(view, abort.signal);
    } catch (error) {
      if (this.abort === abort) this.fail(error);
      return;
    }
    if (abort.signal.aborted) return;
    if (this.more) void this.count(abort.signal);
    // Pinned runs that do not match are shown too.
    void this.reader.readMissing(view.pinnedRuns);
  }

  /** What was shown stays until there is as much to take its place: rows that vanish and come back would jump. */
  private async readPages(view: RunsView, signal: AbortSignal): Promise<void> {
    const { asked } = this;
    const sameRuns = asked?.filter === view.filter && asked.showDeleted === view.showDeleted;
    const there = sameRuns ? this.order.length : 0;
    const before = sameRuns ? Math.max(there, this.cutFrom ?? 0) : 0;
    const wanted = Math.min(mostReread, there);
    let page = await this.rpc.call('queryRuns', questionOf(view), signal, this.takeExpected(view));
    const pages = [page];
    for (let read = page.batch.runs.length; page.more && read < wanted; read += page.batch.runs.length) {
      page = await this.rpc.call('moreRuns', { queryId: page.queryId, all: !page.begun }, signal);
      pages.push(page);
    }
    if (signal.aborted) return;
    this.begin(view);
    for (const one of pages) this.take(one);
    // A second new order says the same as the first: what was loaded once is not forgotten.
    if (page.more && this.order.length < before) this.cutFrom = before;
    if (page.begun) void this.loadMore();
  }

  private takeExpected(view: RunsView): number | undefined {
    const { expected } = this;
    this.expected = undefined;
    if (!expected || expected.question === JSON.stringify(questionOf(view))) return expected?.id;
    this.rpc.decline(expected.id);
    return undefined;
  }

  /** Runs are put in their rows as they come; who is there and who has gone is said in the end. */
  private async readAllAgain(view: RunsView, signal: AbortSignal): Promise<void> {
    const found: number[] = [];
    const parents: number[] = [];
    const of = this.order.length;
    this.again = { read: 0, of };
    let page = await this.rpc.call('queryRuns', questionOf(view), signal);
    // The question before is answered no more.
    this.queryId = page.queryId;
    while (!signal.aborted) {
      const { matching, others } = this.put(page);
      found.push(...matching);
      parents.push(...others);
      this.again = { read: found.length, of };
      this.onChange();
      if (!page.more) break;
      page = await this.rpc.call('moreRuns', { queryId: page.queryId, all: !page.begun }, signal);
    }
    if (signal.aborted) return;
    this.begin(view);
    this.order = [...new Set(found)];
    this.parents = parents;
    this.finish(page);
  }

  private begin(view: RunsView): void {
    this.problem = undefined;
    this.again = undefined;
    this.order = [];
    this.parents = [];
    this.total = undefined;
    this.cutFrom = undefined;
    this.asked = view;
    this.orderedBy = serverSort(view.table.sort);
  }

  /** The next page; asked twice at once it is one question. */
  loadMore(): Promise<void> {
    this.adding ??= this.addPages(false).finally(() => {
      this.adding = undefined;
    });
    return this.adding;
  }

  /** Every page, or those until this many are there; `stop` ends it with what has come. */
  loadAll(until?: number): Promise<void> {
    if (this.all) return this.adding ?? Promise.resolve();
    this.all = { loaded: this.order.length, perSecond: 0, until };
    this.onChange();
    this.adding = this.addPages(true).finally(() => {
      this.all = undefined;
      this.adding = undefined;
      this.onChange();
    });
    return this.adding;
  }

  /** Ends "Load all" or reading again; what has come stays, and so does what was there. */
  stop(): void {
    if (this.again) {
      this.abort.abort();
      this.abort = new AbortController();
      this.loadingSince = undefined;
    }
    this.all = undefined;
    this.again = undefined;
    this.onChange();
  }

  /** Live runs and new ones. @throws RemoteError */
  async poll(view: RunsView): Promise<void> {
    const live = this.order.filter((row) => isLive(this.table.head(row).status)).slice(0, mostRead);
    await this.reader.read(live.map((row) => this.table.head(row).runId));
    if (this.queryId === undefined || this.adding || this.again) return;
    if (!(await this.rpc.call('hasNewRuns', { queryId: this.queryId }))) return;
    if (this.isLarge && this.isComplete(view)) await this.addNew(view);
    else await this.query(view);
  }

  /** Very many are here: only those that have come since are asked for. @throws RemoteError */
  private async addNew(view: RunsView): Promise<void> {
    const { signal } = this.abort;
    const known = new Set(this.order);
    const found: number[] = [];
    let page = await this.rpc.call('queryRuns', { ...questionOf(view), sort: [newestFirst] }, signal);
    this.queryId = page.queryId;
    while (!signal.aborted) {
      const { matching, others } = this.put(page);
      const fresh = matching.filter((row) => !known.has(row));
      found.push(...fresh);
      this.parents = [...new Set([...this.parents, ...others])];
      if (!page.more || fresh.length === 0) break;
      page = await this.rpc.call('moreRuns', { queryId: page.queryId, all: false }, signal);
    }
    if (signal.aborted) return;
    this.order = [...found, ...this.order];
    this.orderedBy = undefined;
    this.edition++;
    this.onChange();
  }

  /** Runs that may have changed; the next poll or a refresh brings those that cannot be read now. */
  readAgain(runIds: readonly string[]): Promise<void> {
    return this.reader.readKnown(runIds);
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
      const { until } = this.all;
      if (until !== undefined && this.order.length >= until) return;
      const seconds = (performance.now() - started) / 1000;
      this.all = { loaded: this.order.length, perSecond: (this.order.length - before) / seconds, until };
      this.onChange();
    }
  }

  private take(page: RunsPage): void {
    const { matching, others } = this.put(page);
    const known = new Set(this.order);
    this.order = [...this.order, ...matching.filter((row) => !known.has(row))];
    this.parents = [...this.parents, ...others];
    this.finish(page);
  }

  private put({ batch }: RunsPage): { readonly matching: readonly number[]; readonly others: readonly number[] } {
    const rows = this.table.add(batch);
    return {
      matching: rows.filter((_, at) => !batch.runs[at]?.unmatched),
      others: rows.filter((_, at) => batch.runs[at]?.unmatched),
    };
  }

  private finish({ queryId, more }: RunsPage): void {
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
    this.again = undefined;
    if (known.kind !== 'cancelled') this.problem = known;
    this.onChange();
  }
}
