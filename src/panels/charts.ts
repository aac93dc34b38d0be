import * as vscode from 'vscode';
import type { Connections } from '../connections/connection';
import type { RunsService } from '../experiments/runsService';
import { Command } from '../platform/ids';
import type { Platform } from '../platform/services';
import { pageOptions } from '../platform/webviewHost';
import { decodePanelState, mostRuns } from '../shared/viewState';
import { ChartsPanel, type ChartsServices } from './chartsPanel';
import { chooseRuns } from './chooseRuns';

const viewType = 'flowdeck.charts';

/** Charts of runs in editor tabs, brought back after the window was reloaded. */
export function registerCharts(platform: Platform, connections: Connections, runs: RunsService): void {
  const panels = new ChartsPanels({ platform, connections, runs });
  platform.context.subscriptions.push(
    panels,
    vscode.window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: async (panel, state: unknown) => panels.restore(panel, state),
    }),
  );
  platform.commands.register(Command.charts.open, 'open charts', async (...args) => {
    const connection = await connections.require();
    const runIds = await chooseRuns(args, connection, runs);
    if (runIds === undefined) return;
    if (runIds.length === 0) {
      void vscode.window.showInformationMessage(vscode.l10n.t('This experiment has no runs to chart yet.'));
      return;
    }
    panels.open(connection.uri, runIds);
  });
}

/** The open tabs. The same runs asked for twice show the tab that is there. */
export class ChartsPanels {
  private readonly panels = new Set<ChartsPanel>();

  constructor(private readonly services: ChartsServices) {}

  open(serverUri: string, wanted: readonly string[]): ChartsPanel {
    const runIds = [...new Set(wanted)].slice(0, mostRuns);
    const same = [...this.panels].find(
      (panel) => panel.serverUri === serverUri && panel.runIds.join() === runIds.join(),
    );
    if (same) {
      same.reveal();
      return same;
    }
    const options = pageOptions(this.services.platform.context.extensionUri);
    return this.add(
      vscode.window.createWebviewPanel(viewType, '', vscode.ViewColumn.Active, options),
      serverUri,
      runIds,
    );
  }

  restore(panel: vscode.WebviewPanel, state: unknown): void {
    const known = decodePanelState(state);
    if (known) this.add(panel, known.serverUri, known.runIds);
    else panel.dispose();
  }

  dispose(): void {
    for (const panel of [...this.panels]) panel.close();
  }

  private add(webviewPanel: vscode.WebviewPanel, serverUri: string, runIds: readonly string[]): ChartsPanel {
    const panel = new ChartsPanel(webviewPanel, this.services, serverUri, runIds);
    this.panels.add(panel);
    panel.onDidDispose(() => this.panels.delete(panel));
    return panel;
  }
}
