import * as vscode from 'vscode';
import type { Connections } from '../connections/connection';
import { Poller } from '../platform/poller';
import { settings } from '../platform/settings';
import type { ExperimentsStore } from './experimentsStore';
import type { ExperimentsNode } from './experimentsTree';

/**
 * Keeps what is in sight up to date: in expanded experiments, runs that are running and runs that are new. Nothing is
 * asked while the view is hidden or the window is not focused.
 */
export class LiveRefresh implements vscode.Disposable {
  private readonly expanded = new Set<string>();
  private readonly poller: Poller;
  private readonly listening: vscode.Disposable;
  private readonly asking = new AbortController();

  constructor(
    private readonly store: ExperimentsStore,
    private readonly connections: Connections,
    private readonly view: vscode.TreeView<ExperimentsNode>,
  ) {
    this.poller = new Poller({
      intervalSeconds: () => settings.refreshIntervalSeconds.get(),
      wanted: () => this.isWanted(),
      poll: () => this.poll(),
    });
    const update = () => this.poller.update();
    this.listening = vscode.Disposable.from(
      view.onDidExpandElement(({ element }) => this.setExpanded(element, true)),
      view.onDidCollapseElement(({ element }) => this.setExpanded(element, false)),
      view.onDidChangeVisibility(update),
      vscode.window.onDidChangeWindowState(update),
      settings.refreshIntervalSeconds.onDidChange(update),
      connections.onDidChange(update),
    );
  }

  dispose(): void {
    this.asking.abort();
    this.listening.dispose();
    this.poller.dispose();
  }

  private isWanted(): boolean {
    const isConnected = this.connections.state.kind === 'connected';
    return isConnected && this.view.visible && vscode.window.state.focused && this.expanded.size > 0;
  }

  private setExpanded(node: ExperimentsNode, isExpanded: boolean): void {
    if (node.kind !== 'experiment') return;
    if (isExpanded) this.expanded.add(node.experiment.experimentId);
    else this.expanded.delete(node.experiment.experimentId);
    this.poller.update();
  }

  private async poll(): Promise<void> {
    const { signal } = this.asking;
    for (const experimentId of this.expanded) {
      const list = this.store.list(experimentId);
      // One that was never loaded, or failed, is somebody else's to load.
      if (list.state !== 'ready') continue;
      if (await list.hasNewRuns(signal)) this.store.refreshList(experimentId);
      else if (await list.refreshRuns(list.runningIds, signal)) this.store.announce(experimentId);
    }
  }
}
