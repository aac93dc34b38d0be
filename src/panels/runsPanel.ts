import * as vscode from 'vscode';
import { isCancelled, MlflowError } from '../mlflow/mlflowError';
import type { TrackingStore } from '../mlflow/trackingStore';
import { type Clock, Poller } from '../platform/poller';
import { settings } from '../platform/settings';
import { pageHtml, pageOptions, webviewPort, wireError } from '../platform/webviewHost';
import type { ServerInfo } from '../shared/domain';
import { dialectOf } from '../shared/filter/lowering';
import type { HostEvents, HostMethods, PageMethods } from '../shared/protocol/protocol';
import type { PanelSnapshot } from '../shared/protocol/runs';
import type { DrawnChart } from '../shared/protocol/series';
import { type Handlers, Rpc } from '../shared/rpc';
import { questionOf } from '../shared/runs/serverSort';
import { firstQuestions } from '../shared/series/firstQuestions';
import { texts } from '../shared/view/decode';
import type { PanelState } from '../shared/view/panelState';
import { mostChosen, type RunsView } from '../shared/view/runsView';
import { Attention } from './attention';
import { ExperimentNames } from './experimentNames';
import { pageHandlers } from './pageHandlers';
import type { PanelContext, PanelServices } from './panelContext';
import { ExtremesReader } from './runs/metricExtremes';
import { RunsQueries } from './runs/runsQueries';
import { SeriesAhead } from './seriesAhead';
import { SeriesData } from './seriesData';
import { ServerContact } from './serverContact';

/** One tab: the runs of experiments, or chosen ones, of one server as a table, charts and a comparison. */
export class RunsPanel {
  private readonly rpc: Rpc<PageMethods, HostMethods, HostEvents, object>;
  private readonly queries: RunsQueries;
  private readonly series = new SeriesData(
    () => this.store(),
    () => settings.chartsPointBudget.get(),
  );
  private readonly contact = new ServerContact(() => this.send());
  private readonly ahead = new SeriesAhead((question, signal) =>
    this.contact.during(() => this.series.series(question, signal)),
  );
  private readonly poller: Poller;
  private readonly disposables: vscode.Disposable[] = [];
  private readonly closing = new AbortController();
  private readonly attention: Attention;
  private readonly names = new ExperimentNames(
    () => this.store(),
    (id) => this.services.runs.experimentName(id),
  );
  /** The page has asked: there is somebody to tell. */
  private live = false;
  /** A set-up that was asked for while nobody was there. */
  private waiting: RunsView | undefined;
  /** The run that is marked because it is pointed at in this page. */
  private pointedAt: string | undefined;
  /** As the page last said. */
  view: RunsView;

  constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly services: PanelServices,
    readonly state: PanelState,
    title: string,
    clock?: Clock,
  ) {
    const { extensionUri } = services.platform.context;
    const { runs } = services;
    this.view = state.view;
    this.queries = new RunsQueries({
      scope: state.scope,
      store: () => this.store(),
      dialect: () => dialectOf(this.server),
      pageSize: () => settings.runsPageSize.get(),
      cachedRun: (runId) => runs.cachedRun(runId),
    });
    this.rpc = new Rpc(webviewPort(panel.webview), this.handlers(), wireError);
    this.attention = new Attention(() => vscode.window.state.focused, clock?.now);
    const polls = {
      intervalSeconds: () => settings.refreshIntervalSeconds.get(),
      wanted: () => panel.visible && this.attention.lasts && this.live,
      poll: () => this.rpc.call('poll', {}, this.closing.signal),
    };
    this.poller = new Poller(polls, clock);
    panel.title = title;
    panel.iconPath = {
      light: vscode.Uri.joinPath(extensionUri, 'media', 'charts-light.svg'),
      dark: vscode.Uri.joinPath(extensionUri, 'media', 'charts-dark.svg'),
    };
    this.listen();
    // The server's answer and the page's beginning take their time side by side.
    const ahead = panel.visible ? { ahead: this.rpc.ahead('queryRuns', questionOf(state.view)) } : {};
    panel.webview.options = pageOptions(extensionUri);
    panel.webview.html = pageHtml(panel.webview, extensionUri, {
      page: 'runs',
      title,
      tab: state.view.tab,
      data: { ...state, ...ahead },
    });
  }

  get title(): string {
    return this.panel.title;
  }

  get isActive(): boolean {
    return this.panel.active;
  }

  reveal(): void {
    this.panel.reveal();
  }

  close(): void {
    this.panel.dispose();
  }

  /** What was asked last: only one experiment has a name of its own. */
  rename(title: string): void {
    const { scope } = this.state;
    if ('runIds' in scope || scope.experimentIds.length !== 1) this.panel.title = title;
    this.send();
  }

  /** Shows another set-up of the same runs. */
  show(view: RunsView): void {
    this.view = view;
    if (this.live) this.rpc.emit('showView', { view });
    else this.waiting = view;
  }

  export(): void {
    this.reveal();
    this.rpc.emit('exportWanted', {});
  }

  /** Names of experiments on the panel's server, in the order of the ids. @throws MlflowError */
  experimentNames(experimentIds: readonly string[]): Promise<readonly string[]> {
    return this.names.of(experimentIds);
  }

  /** What is drawn right now, read from the page. */
  inspect(signal?: AbortSignal): Promise<readonly DrawnChart[]> {
    return this.rpc.call('inspect', {}, signal);
  }

  /** Ids of the runs whose colours are seen, read from the page; none where it is going. */
  async coloredRuns(): Promise<readonly string[]> {
    const found: unknown = await this.rpc.call('coloredRuns', {}, this.closing.signal).catch(() => []);
    return texts(found).slice(0, mostChosen);
  }

  onDidDispose(listener: () => void): void {
    this.panel.onDidDispose(listener);
  }

  private listen(): void {
    const { runs, connections } = this.services;
    let selected = runs.selectedRunId;
    this.disposables.push(
      this.panel.onDidDispose(() => this.dispose()),
      this.panel.onDidChangeViewState(() => {
        // A hidden page is gone: nothing it asked for is wanted any more.
        if (!this.panel.visible) {
          this.live = false;
          this.highlight(undefined);
          this.rpc.reset();
          this.ahead.reset();
        }
        this.poller.update();
      }),
      vscode.window.onDidChangeWindowState(() => {
        this.attention.note();
        this.poller.update();
      }),
      settings.refreshIntervalSeconds.onDidChange(() => {
        this.poller.update();
        this.send();
      }),
      runs.onDidColorsChange(() => this.emit('colorsChanged', {})),
      runs.onDidHighlightChange(() => {
        const { highlightedRunId: runId } = runs;
        this.emit('highlighted', runId === undefined ? {} : { runId });
      }),
      runs.onDidMarkChanged((runIds) => this.emit('runsChanged', { runIds })),
      runs.onDidSelectionChange(() => {
        if (selected !== runs.selectedRunId) this.send();
        selected = runs.selectedRunId;
      }),
      connections.onDidChange(() => this.send()),
    );
  }

  private handlers(): Handlers<HostMethods> {
    const { services, queries, state } = this;
    const context: PanelContext = {
      services,
      queries,
      serverUri: state.serverUri,
      scope: state.scope,
      series: this.series,
      ahead: this.ahead,
      extremes: new ExtremesReader((runId) => queries.endOf(runId)),
      store: (anew) => this.store(anew),
      contacting: (question) => this.contact.during(question),
      answered: (page) => this.ahead.begin(() => firstQuestions(page, this.view, settings.chartsPointBudget.get())),
      open: (signal) => this.open(signal),
      keepView: (view) => {
        this.view = view;
      },
      highlight: (runId) => this.highlight(runId),
      title: () => this.panel.title,
      onDispose: (dispose) => this.disposables.push({ dispose }),
    };
    return pageHandlers(context);
  }

  /** Another panel's mark is not taken away by this one. */
  private highlight(runId: string | undefined): void {
    const { runs } = this.services;
    if (runId !== undefined || runs.highlightedRunId === this.pointedAt) runs.highlight(runId);
    this.pointedAt = runId;
  }

  private async open(signal: AbortSignal): Promise<PanelSnapshot> {
    this.live = true;
    this.poller.update();
    await this.services.connections.require();
    void this.learnNames(signal);
    const { waiting: view } = this;
    this.waiting = undefined;
    return { ...this.snapshot(), ...(view ? { view } : {}) };
  }

  /** Names of experiments are an extra: where they cannot be had, ids stand in their place. */
  private async learnNames(signal: AbortSignal): Promise<void> {
    try {
      const ids = (await this.queries.experiments(signal)).slice(0, mostNames);
      const names = await this.names.learn(ids, signal);
      const [only] = names;
      if (names.length === 1 && only && 'experimentIds' in this.state.scope) this.panel.title = only;
      this.send();
    } catch (error) {
      if (!isCancelled(error)) this.services.platform.log.debug(`names of experiments: ${wireError(error).message}`);
    }
  }

  private send(): void {
    this.emit('snapshot', this.snapshot());
  }

  private emit<Name extends keyof HostEvents & string>(name: Name, payload: HostEvents[Name]): void {
    // In this order: a tab that is closed may not be asked.
    if (this.live && this.panel.visible) this.rpc.emit(name, payload);
  }

  private snapshot(): PanelSnapshot {
    const { connections, runs } = this.services;
    const connection = connections.state.kind === 'connected' ? connections.state.connection : undefined;
    const { selectedRunId } = runs;
    return {
      serverUri: this.state.serverUri,
      title: this.panel.title,
      scope: this.state.scope,
      experiments: this.names.all,
      readOnly: connection?.readOnly ?? false,
      generation: this.server.generation,
      contact: this.contact.last,
      refreshSeconds: settings.refreshIntervalSeconds.get(),
      pageSize: settings.runsPageSize.get(),
      pointBudget: settings.chartsPointBudget.get(),
      ...(selectedRunId === undefined ? {} : { selectedRunId }),
    };
  }

  private get server(): Pick<ServerInfo, 'generation' | 'storeType'> {
    const { state } = this.services.connections;
    return state.kind === 'connected' ? state.connection.server : { generation: 3 };
  }

  private async store(anew = false): Promise<TrackingStore> {
    const connection = await this.services.connections.require(anew);
    const { serverUri } = this.state;
    if (connection.uri === serverUri) return connection.store;
    throw new MlflowError(
      'invalid',
      vscode.l10n.t('These runs are on {0}, but this window is connected to {1}', serverUri, connection.uri),
      { server: connection.uri, advice: vscode.l10n.t('Connect to {0} to see them.', serverUri) },
    );
  }

  private dispose(): void {
    this.live = false;
    this.highlight(undefined);
    this.closing.abort();
    this.poller.dispose();
    this.rpc.dispose();
    this.ahead.reset();
    for (const disposable of this.disposables) disposable.dispose();
  }
}

const mostNames = 20;
