import type { HostEvents, HostMethods, PageMethods } from '../../src/shared/protocol/protocol';
import type { PanelSnapshot } from '../../src/shared/protocol/runs';
import type { DrawnChart } from '../../src/shared/protocol/series';
import { RemoteError, Rpc } from '../../src/shared/rpc';
import { chosenRows } from '../../src/shared/runs/chosenRows';
import { RunTable } from '../../src/shared/runs/runTable';
import { TableOrder } from '../../src/shared/runs/tableOrder';
import { isRecord } from '../../src/shared/view/decode';
import { decodePanelState } from '../../src/shared/view/panelState';
import { decodeRunsView, mostChosen, type RunsView, type TableView } from '../../src/shared/view/runsView';
import { Drafts } from './drafts';
import type { HostRpc } from './hostRpc';
import { RunColors } from './runColors';
import { RunsLoader } from './runsLoader';
import { hostPort, vscodeApi } from './vscodeApi';

/** A pointer on its way is not told of, ms. */
const pointerRest = 80;

/**
 * What all parts of the page share: the channel, what the host said of the panel, the view a person set up, and the
 * runs. Fires `change` whenever any of it did; parts read what they need.
 */
export class Session extends EventTarget {
  readonly rpc: HostRpc;
  readonly table = new RunTable();
  readonly loader: RunsLoader;
  private readonly order = new TableOrder(this.table, () => performance.now());
  readonly colors: RunColors;
  /** Charts that are on screen answer `inspect`. */
  readonly drawn = new Set<() => DrawnChart>();
  /** Parts that read more than runs when it is time for news. */
  readonly pollers = new Set<() => Promise<void>>();
  readonly drafts = new Drafts(keptDrafts(), () => this.remember());
  snapshot: PanelSnapshot | undefined;
  view: RunsView;
  /** The run that is pointed at in a chart of this page, or anywhere in another. */
  highlighted: string | undefined;
  /** The run that the pointer is on in this page. */
  private pointed: string | undefined;
  private telling: ReturnType<typeof setTimeout> | undefined;
  private told: string | undefined;
  private scheduled = false;

  constructor() {
    super();
    this.view = decodePanelState(vscodeApi.getState())?.view ?? decodeRunsView(this.given.view);
    this.rpc = new Rpc<HostMethods, PageMethods, object, HostEvents>(hostPort, {
      inspect: { decode: () => ({}), handle: () => [...this.drawn].map((card) => card()) },
      coloredRuns: { decode: () => ({}), handle: () => this.colored },
      poll: { decode: () => ({}), handle: () => this.poll() },
    });
    this.loader = new RunsLoader(this.rpc, this.table, () => this.loaded());
    const { ahead, view } = this.given;
    if (typeof ahead === 'number') this.loader.expect(decodeRunsView(view), ahead);
    this.colors = new RunColors(this.rpc, () => this.changed());
    this.rpc.on('snapshot', (snapshot) => this.take(snapshot));
    this.rpc.on('runsChanged', ({ runIds }) => void this.loader.readAgain(runIds));
    this.rpc.on('colorsChanged', () => this.colors.forget());
    // What is pointed at elsewhere is of no interest to a page that has the pointer itself: it is told of what it said.
    this.rpc.on('highlighted', ({ runId }) => this.pointed === undefined && this.mark(runId));
    this.rpc.on('showView', ({ view }) => this.show(decodeRunsView(view)));
    this.keep();
  }

  /** Asks for everything; a failure is in `loader.problem`. */
  async start(): Promise<void> {
    // Both at once: the runs need nothing of the snapshot.
    const query = this.loader.query(this.view);
    try {
      const snapshot = await this.rpc.call('open', {});
      this.take(snapshot);
      if (snapshot.view) this.show(decodeRunsView(snapshot.view));
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error;
      // What is wrong with the server is said by the question for runs.
    }
    await query;
  }

  /** The page's own question for news; also behind the Refresh button. @throws RemoteError */
  async refresh(): Promise<void> {
    await this.loader.query(this.view);
    for (const poller of this.pollers) await poller();
  }

  update(change: Partial<RunsView>): void {
    const before = this.view;
    this.view = { ...before, ...change };
    this.keep();
    const { chosen, hiddenRuns } = this.view;
    if (this.mustAsk(before)) void this.loader.query(this.view);
    else if (before.chosen !== chosen || before.hiddenRuns !== hiddenRuns) this.loader.want(this.view);
    this.changed();
  }

  /** What is here to the last run is sorted here: a server would give back no more than was given before. */
  private mustAsk(before: RunsView): boolean {
    const { view, loader } = this;
    if (before.filter !== view.filter || before.showDeleted !== view.showDeleted) return true;
    return before.table.sort !== view.table.sort && !loader.isComplete(view);
  }

  updateTable(change: Partial<TableView>): void {
    this.update({ table: { ...this.view.table, ...change } });
  }

  /** Rows that are charted and compared, hidden ones left out, in the table's order. */
  get chosen(): readonly number[] {
    return chosenRows(this.table, this.sorted.rows, this.view);
  }

  /** A chart of all runs colours more than the chosen ones. */
  private get colored(): readonly string[] {
    const hasAll = this.view.charts.board.some(({ runs }) => runs === 'all');
    const rows = new Set(hasAll ? [...this.chosen, ...this.sorted.rows] : this.chosen);
    return [...rows].slice(0, mostChosen).map((row) => this.table.head(row).runId);
  }

  /** Runs that were chosen one by one are still to be read. */
  get awaitsChosen(): boolean {
    const { chosen } = this.view;
    const isMissing = (id: string) => this.table.rowOf(id) === undefined && !this.loader.isAbsent(id);
    return 'runIds' in chosen && chosen.runIds.some(isMissing);
  }

  /** The loaded rows that match, in the order asked for. */
  get sorted(): TableOrder {
    this.order.refresh(this.loader, this.view);
    return this.order;
  }

  /** A run is pointed at in a chart: it is marked in this page, and elsewhere. */
  highlight(runId: string | undefined): void {
    this.mark(runId);
    this.point(runId);
  }

  /** A run is pointed at: the host marks it elsewhere, once the pointer has stayed a moment. */
  point(runId: string | undefined): void {
    this.pointed = runId;
    clearTimeout(this.telling);
    this.telling = setTimeout(() => {
      if (this.told === runId) return;
      this.told = runId;
      // Only a mark: a host that has gone needs none.
      this.rpc.call('highlight', runId === undefined ? {} : { runId }).catch(() => undefined);
    }, pointerRest);
  }

  /** Fires `highlight`, which is no change of what is set up: marks are repainted, nothing is drawn anew. */
  private mark(runId: string | undefined): void {
    if (this.highlighted === runId) return;
    this.highlighted = runId;
    this.dispatchEvent(new Event('highlight'));
  }

  /** State without a redraw: scrolling. */
  keepQuietly(change: Partial<RunsView>): void {
    this.view = { ...this.view, ...change };
    this.keep();
  }

  changed(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    queueMicrotask(() => {
      this.scheduled = false;
      this.dispatchEvent(new Event('change'));
    });
  }

  private get given(): Record<string, unknown> {
    const given: unknown = JSON.parse(document.body.dataset.flowdeck ?? '{}');
    return given as Record<string, unknown>;
  }

  /** How much is loaded is a part of the set-up: a page that comes back reads as much. */
  private loaded(): void {
    const { loader, view } = this;
    const loaded = loader.order.length;
    const isSettled = loader.edition > 0 && !loader.isReading && loader.problem === undefined;
    const { complete: wasComplete = false, ...table } = view.table;
    const complete = loader.isComplete(view);
    if (isSettled && (loaded !== table.loaded || complete !== wasComplete))
      this.keepQuietly({ table: { ...table, loaded, ...(complete ? { complete } : {}) } });
    this.changed();
  }

  private async poll(): Promise<void> {
    await this.loader.poll(() => this.view);
    for (const poller of this.pollers) await poller();
  }

  private show(view: RunsView): void {
    this.view = view;
    this.keep();
    void this.loader.query(view);
    this.changed();
  }

  private take(snapshot: PanelSnapshot): void {
    const answersAgain = this.snapshot?.contact.ok === false && snapshot.contact.ok;
    this.snapshot = snapshot;
    if (answersAgain && this.loader.problem) {
      // What is over is said no more, though the rows be still on their way.
      this.loader.problem = undefined;
      if (this.loader.loadingSince === undefined) void this.loader.query(this.view);
    }
    this.changed();
  }

  /** For the page after this one: hiding the tab ends this one. */
  private remember(): void {
    const { ahead: _, ...given } = this.given;
    vscodeApi.setState({ ...given, view: this.view, drafts: this.drafts.all });
  }

  private keep(): void {
    this.remember();
    this.rpc?.call('keepView', { view: this.view }).catch(() => undefined);
  }
}

function keptDrafts(): unknown {
  const state = vscodeApi.getState();
  return isRecord(state) ? state.drafts : undefined;
}
