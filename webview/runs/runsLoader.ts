import { RemoteError } from '../../src/shared/rpc';
import { chosenRows, namedRuns } from '../../src/shared/runs/chosenRows';
import { isLive, type RunTable } from '../../src/shared/runs/runTable';
import { questionOf } from '../../src/shared/runs/serverSort';
import type { RunsView, Sort } from '../../src/shared/view/runsView';
import { LoadedRuns } from './loadedRuns';
import { type LoadProgress, PageReader, type Pages } from './pageReader';
import { RunReader, type RunsRpc } from './runReader';

/** Rows that are asked for again with the first page, when there were as many; where all are loaded, all of them. */
export const mostReread = 5_000;
const newestFirst: Sort = { column: 'attributes.start_time', descending: true };

/** Asks for runs: page by page, all of them, or again for what may have changed. Old rows survive a failure. */
export class RunsLoader extends LoadedRuns implements Pages {
  problem: RemoteError | undefined;
  /** A question is under way, and since when (ms). */
  loadingSince: number | undefined;
  /** How many of very many rows are read again. */
  again: { readonly read: number; readonly of: number } | undefined;
  private expected: { readonly question: string; readonly id: number } | undefined;
  private abort = new AbortController();
  /** Runs to be read by their ids, where the first page does not bring them. */
  private named: readonly string[] = [];
  /** All there were were here, before the page came back: none that has come since is left out. */
  private whole = false;
  private readonly pages: PageReader;
  private readonly reader: RunReader;

  constructor(
    private readonly rpc: RunsRpc,
    table: RunTable,
    private readonly onChange: () => void,
  ) {
    super(table);
    this.reader = new RunReader(rpc, table, onChange, () => this.queryId);
    this.pages = new PageReader(this, onChange);
  }

  /** Everything that matches is here, and is the answer to this. */
  isComplete(view: Pick<RunsView, 'filter' | 'showDeleted'>): boolean {
    return this.edition > 0 && !this.more && this.answers(view) && this.loadingSince === undefined;
  }

  /** More are known than come with a few answers. */
  private get isLarge(): boolean {
    return this.order.length > mostReread;
  }

  get all(): LoadProgress | undefined {
    return this.pages.progress;
  }

  /** Pages keep coming. */
  get arriving(): boolean {
    return this.all !== undefined || this.again !== undefined;
  }

  /** Rows are still to come without anybody doing anything. */
  get isReading(): boolean {
    return this.loadingSince !== undefined || this.pages.isReading;
  }

  /** The server was asked for this run and does not have it. */
  isAbsent(runId: string): boolean {
    return this.reader.isAbsent(runId);
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
    this.again = undefined;
    this.counting = false;
    this.loadingSince = performance.now();
    // A page that begins is one that comes back.
    const before = this.edition === 0 ? (view.table.loaded ?? 0) : 0;
    this.whole = before > 0 && view.table.complete === true;
    this.pages.begin(Math.min(before, mostReread));
    this.onChange();
    try {
      if (wasComplete && this.isLarge) await this.readAllAgain(view, abort.signal);
      else await this.readPages(view, wasComplete, abort.signal);
    } catch (error) {
      if (this.abort === abort) this.fail(error);
      return;
    }
    if (abort.signal.aborted) return;
    if (this.more && before > mostReread) this.cutFrom = before;
    this.readRest(view, Math.min(before, mostReread));
  }

  /** What comes after the first answer: the rest of its page, what is shown besides, and how many runs there are. */
  private readRest(view: RunsView, rows: number): void {
    if (this.more) void this.count(this.abort.signal);
    this.pages.want(Math.max(rows, this.order.length + (this.begun ? 1 : 0)));
    this.wantWhole();
    this.want(view);
    const here = new Set(this.order);
    void this.reader.readKnown(namedRuns(view).filter((runId) => !here.has(this.table.rowOf(runId) ?? -1)));
  }

  /** What a view shows wherever it stands in the order: runs chosen one by one, pinned ones, and as many as are charted. */
  want(view: RunsView): void {
    const { chosen } = view;
    this.named = namedRuns(view);
    const there = chosenRows(this.table, this.order, view).length;
    void this.readTo('first' in chosen ? this.order.length + chosen.first - there : 0);
    if (!this.begun || !this.pages.isReading) this.readNamed();
  }

  private readNamed(): void {
    void this.reader.readMissing(this.named);
    this.named = [];
  }

  /**
   * What was shown stays until there is as much to take its place: rows that vanish and come back would jump.
   * @param whole all there were were shown, and shall be again
   */
  private async readPages(view: RunsView, whole: boolean, signal: AbortSignal): Promise<void> {
    const there = this.answers(view) ? this.order.length : 0;
    const before = this.answers(view) ? Math.max(there, this.cutFrom ?? 0) : 0;
    const wanted = whole ? mostReread : Math.min(mostReread, there);
    let page = await this.rpc.call('queryRuns', questionOf(view), signal, this.takeExpected(view));
    const pages = [page];
    for (let read = page.batch.runs.length; page.more && read < wanted; read += page.batch.runs.length) {
      page = await this.rpc.call('moreRuns', { queryId: page.queryId, all: !page.begun }, signal);
      pages.push(page);
    }
    if (signal.aborted) return;
    const rows = pages.map((one) => this.put(one));
    this.replace(view, rows, page);
    // A second new order says the same as the first: what was loaded once is not forgotten.
    if (page.more && this.order.length < before) this.cutFrom = before;
    this.succeed();
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
    const of = this.order.length;
    this.again = { read: 0, of };
    let page = await this.rpc.call('queryRuns', questionOf(view), signal);
    // The question before is answered no more.
    this.queryId = page.queryId;
    const rows = [this.put(page)];
    for (let read = 0; !signal.aborted; ) {
      read += rows.at(-1)?.matching.length ?? 0;
      this.again = { read, of };
      this.onChange();
      if (!page.more) break;
      page = await this.rpc.call('moreRuns', { queryId: page.queryId, all: !page.begun }, signal);
      rows.push(this.put(page));
    }
    if (signal.aborted) return;
    this.replace(view, rows, page);
    this.succeed();
  }

  /** The next page; asked twice at once it is one question. */
  loadMore(): Promise<void> {
    return this.readTo(this.order.length + 1);
  }

  /** Every page, or those until this many are there; `stop` ends it with what has come. */
  loadAll(until = Number.POSITIVE_INFINITY): Promise<void> {
    return this.readTo(until);
  }

  /** What is wanted while a question is under way is read once that is answered. */
  private readTo(rows: number): Promise<void> {
    this.pages.want(rows);
    return this.loadingSince === undefined ? this.pages.read() : Promise.resolve();
  }

  /** The next page; what came of it. */
  async next(large: boolean): Promise<'full' | 'short' | undefined> {
    const { queryId, abort } = this;
    if (queryId === undefined) return undefined;
    const before = this.order.length;
    try {
      const page = await this.rpc.call('moreRuns', { queryId, all: large }, abort.signal);
      if (abort.signal.aborted) return undefined;
      this.append([this.put(page)], page);
      this.problem = undefined;
    } catch (error) {
      if (!abort.signal.aborted) this.fail(error);
      return undefined;
    }
    this.wantWhole();
    this.readNamed();
    this.onChange();
    return this.begun || this.order.length === before ? 'short' : 'full';
  }

  private wantWhole(): void {
    if (this.whole && this.more && this.order.length < mostReread) this.pages.want(this.order.length + 1);
  }

  /** Ends "Load all" or reading again; what has come stays, and so does what was there. */
  stop(): void {
    if (this.again) {
      this.abort.abort();
      this.abort = new AbortController();
      this.loadingSince = undefined;
    }
    this.again = undefined;
    this.whole = false;
    this.pages.stop();
    this.onChange();
  }

  /** Live runs and new ones. Whatever is asked meanwhile goes first. @throws RemoteError */
  async poll(viewOf: () => RunsView): Promise<void> {
    const { abort } = this;
    const rows = [...namedRuns(viewOf()).flatMap((runId) => this.table.rowOf(runId) ?? []), ...this.order];
    const live = [...new Set(rows)].filter((row) => isLive(this.table.head(row).status));
    await this.reader.read(live.map((row) => this.table.head(row).runId));
    const isOvertaken = () => this.abort !== abort || this.isReading;
    const { queryId } = this;
    if (queryId === undefined || isOvertaken()) return;
    const hasNew = await this.rpc.call('hasNewRuns', { queryId });
    const view = viewOf();
    if (isOvertaken()) return;
    if (hasNew) return this.isLarge && this.isComplete(view) ? this.addNew(view) : this.query(view);
    if (view.filter.trim() === '') return;
    const now = await this.rpc.call('begunToMatch', { queryId });
    if (isOvertaken() || now === this.arrivals.now) return;
    this.arrivals = { ...this.arrivals, now };
    this.onChange();
  }

  /** Very many are here: only those that have come since are asked for. @throws RemoteError */
  private async addNew(view: RunsView): Promise<void> {
    const { signal } = this.abort;
    const known = new Set(this.order);
    const found: number[] = [];
    let page = await this.rpc.call('queryRuns', { ...questionOf(view), sort: [newestFirst] }, signal);
    this.queryId = page.queryId;
    const pages = [this.put(page)];
    while (!signal.aborted) {
      const fresh = (pages.at(-1)?.matching ?? []).filter((row) => !known.has(row));
      found.push(...fresh);
      if (!page.more || fresh.length === 0) break;
      page = await this.rpc.call('moreRuns', { queryId: page.queryId, all: false }, signal);
      pages.push(this.put(page));
    }
    if (signal.aborted) return;
    this.prepend(found, pages);
    this.onChange();
  }

  /** Runs that may have changed; the next poll or a refresh brings those that cannot be read now. */
  readAgain(runIds: readonly string[]): Promise<void> {
    return this.reader.readKnown(runIds);
  }

  private async count(signal: AbortSignal): Promise<void> {
    if (this.queryId === undefined) return;
    this.counting = true;
    const total = await this.reader.count(this.queryId, signal);
    if (signal.aborted) return;
    this.total = total;
    this.counting = false;
    this.onChange();
  }

  private succeed(): void {
    this.problem = undefined;
    this.again = undefined;
    this.loadingSince = undefined;
    this.onChange();
  }

  private fail(error: unknown): void {
    const known = error instanceof RemoteError ? error : new RemoteError({ message: String(error) });
    this.loadingSince = undefined;
    this.again = undefined;
    this.pages.stop();
    if (known.kind !== 'cancelled') this.problem = known;
    this.onChange();
  }
}
