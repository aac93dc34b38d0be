import * as vscode from 'vscode';
import type { Connections } from '../connections/connection';
import type { RunsService } from '../experiments/runsService';
import { isCancelled, MlflowError } from '../mlflow/mlflowError';
import { Poller } from '../platform/poller';
import type { Platform } from '../platform/services';
import { settings } from '../platform/settings';
import { pageHtml, pageOptions, webviewPort, wireError } from '../platform/webviewHost';
import type { ChartsSnapshot, Contact, DrawnChart, HostEvents, HostMethods, PageMethods } from '../shared/protocol';
import { type Handlers, Rpc } from '../shared/rpc';
import { ChartsData, type ChartsStore } from './chartsData';
import { decodeParams } from './chartsParams';

export interface ChartsServices {
  readonly platform: Pick<Platform, 'context' | 'log' | 'commands'>;
  readonly connections: Connections;
  readonly runs: RunsService;
}

type HostRpc = Rpc<PageMethods, HostMethods, HostEvents, object>;

/** One tab of charts over a fixed list of runs of one server. */
export class ChartsPanel {
  private readonly data: ChartsData;
  private readonly rpc: HostRpc;
  private readonly poller: Poller;
  private readonly disposables: vscode.Disposable[] = [];
  private readonly closing = new AbortController();
  private contact: Contact = { ok: true, at: Date.now() };

  constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly services: ChartsServices,
    readonly serverUri: string,
    readonly runIds: readonly string[],
  ) {
    const { extensionUri } = services.platform.context;
    this.data = new ChartsData(
      runIds,
      () => this.store(),
      () => settings.chartsPointBudget.get(),
    );
    this.rpc = new Rpc(webviewPort(panel.webview), this.handlers(), wireError);
    this.poller = new Poller({
      intervalSeconds: () => settings.refreshIntervalSeconds.get(),
      wanted: () => panel.visible && vscode.window.state.focused && this.data.anyRunning,
      poll: () => this.poll(),
    });
    panel.title = titleOf(runIds.length);
    panel.iconPath = {
      light: vscode.Uri.joinPath(extensionUri, 'media', 'charts-light.svg'),
      dark: vscode.Uri.joinPath(extensionUri, 'media', 'charts-dark.svg'),
    };
    this.listen();
    panel.webview.options = pageOptions(extensionUri);
    panel.webview.html = pageHtml(panel.webview, extensionUri, {
      page: 'charts',
      title: panel.title,
      data: { serverUri, runIds },
    });
  }

  reveal(): void {
    this.panel.reveal();
  }

  close(): void {
    this.panel.dispose();
  }

  /** What is drawn right now, read from the page. */
  inspect(signal?: AbortSignal): Promise<readonly DrawnChart[]> {
    return this.rpc.call('inspect', {}, signal);
  }

  onDidDispose(listener: () => void): void {
    this.panel.onDidDispose(listener);
  }

  private listen(): void {
    const { runs, connections } = this.services;
    this.disposables.push(
      this.panel.onDidDispose(() => this.dispose()),
      this.panel.onDidChangeViewState(() => {
        // A hidden page is gone: nothing it asked for is wanted any more.
        if (!this.panel.visible) this.rpc.reset();
        this.poller.update();
      }),
      vscode.window.onDidChangeWindowState(() => this.poller.update()),
      settings.refreshIntervalSeconds.onDidChange(() => this.poller.update()),
      runs.onDidColorsChange(() => this.send()),
      runs.onDidRunsChange(() => this.adoptRuns()),
      connections.onDidChange(() => void this.reconnected()),
    );
  }

  private handlers(): Handlers<HostMethods> {
    return {
      open: { decode: decodeParams.open, handle: (_, signal) => this.open(signal) },
      refresh: { decode: decodeParams.refresh, handle: (_, signal) => this.refresh(signal) },
      series: { decode: decodeParams.series, handle: (question, signal) => this.data.series(question, signal) },
      newPoints: {
        decode: decodeParams.newPoints,
        handle: ({ key, after }, signal) => this.data.newPoints(key, after, signal),
      },
      count: { decode: decodeParams.count, handle: ({ key, runIds }, signal) => this.data.count(key, runIds, signal) },
      reveal: { decode: decodeParams.reveal, handle: ({ runId }) => this.revealRun(runId) },
    };
  }

  /** The runs the page is about; those loaded before when the server does not answer now. */
  private async open(signal: AbortSignal): Promise<ChartsSnapshot> {
    try {
      return await this.refresh(signal);
    } catch (error) {
      if (isCancelled(error) || this.data.current.runs.length === 0) throw error;
      return this.snapshot();
    }
  }

  private async refresh(signal: AbortSignal): Promise<ChartsSnapshot> {
    await this.contacting(() => this.data.loadRuns(signal));
    return this.snapshot();
  }

  private async poll(): Promise<void> {
    const changed = await this.contacting(() => this.data.loadLiveRuns(this.closing.signal));
    if (changed) this.send();
  }

  /** Runs a question, and lets page and poller know whether the server answered. */
  private async contacting<T>(question: () => Promise<T>): Promise<T> {
    try {
      const answer = await question();
      const recovered = !this.contact.ok;
      this.contact = { ok: true, at: Date.now() };
      if (recovered) this.emitContact();
      this.poller.noteContact(true);
      return answer;
    } catch (error) {
      if (!isCancelled(error)) {
        const { message, advice } = wireError(error);
        const since = this.contact.at;
        this.contact = { ok: false, at: since, message, ...(advice ? { advice } : {}) };
        this.emitContact();
      }
      throw error;
    }
  }

  private emitContact(): void {
    if (this.panel.visible) this.rpc.emit('contact', this.contact);
  }

  private send(): void {
    if (this.panel.visible) this.rpc.emit('snapshot', this.snapshot());
  }

  private snapshot(): ChartsSnapshot {
    const { runs, missing } = this.data.current;
    const metrics = new Set(runs.flatMap((run) => Object.keys(run.metrics)));
    return {
      serverUri: this.serverUri,
      runs: runs.map(({ runId, name, status, startTime }) => ({
        runId,
        name,
        status,
        startTime,
        color: this.services.runs.colorOf(runId),
      })),
      missing,
      metrics: [...metrics].sort(),
      contact: this.contact,
      refreshSeconds: settings.refreshIntervalSeconds.get(),
    };
  }

  private adoptRuns(): void {
    const cached = this.runIds.flatMap((runId) => this.services.runs.cachedRun(runId) ?? []);
    const news = cached.map((run) => this.data.adopt(run));
    if (news.includes(true)) this.send();
    this.poller.update();
  }

  private async reconnected(): Promise<void> {
    const { state } = this.services.connections;
    if (state.kind !== 'connected' || state.connection.uri !== this.serverUri || this.contact.ok) return;
    try {
      await this.refresh(this.closing.signal);
      this.send();
    } catch (error) {
      this.services.platform.log.debug(`charts after reconnecting: ${wireError(error).message}`);
    }
  }

  private async revealRun(runId: string): Promise<void> {
    if (!this.runIds.includes(runId)) throw new Error('That run is not in this panel.');
    try {
      await this.services.runs.reveal(runId);
    } catch (error) {
      this.services.platform.commands.report('show the run', error);
    }
  }

  private async store(): Promise<ChartsStore> {
    const connection = await this.services.connections.require();
    if (connection.uri === this.serverUri) return connection.store;
    throw new MlflowError(
      'invalid',
      vscode.l10n.t('These runs are on {0}, but this window is connected to {1}', this.serverUri, connection.uri),
      { server: connection.uri, advice: vscode.l10n.t('Connect to {0} to see them.', this.serverUri) },
    );
  }

  private dispose(): void {
    this.closing.abort();
    this.poller.dispose();
    this.rpc.dispose();
    for (const disposable of this.disposables) disposable.dispose();
  }
}

function titleOf(runs: number): string {
  return runs === 1 ? vscode.l10n.t('Charts: 1 run') : vscode.l10n.t('Charts: {0} runs', runs);
}
