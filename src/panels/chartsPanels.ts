import * as vscode from 'vscode';
import { pageOptions } from '../platform/webviewHost';
import { decodePanelState, mostRuns } from '../shared/viewState';
import { ChartsPanel, type ChartsServices } from './chartsPanel';

const chartsViewType = 'flowdeck.charts';

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
      vscode.window.createWebviewPanel(chartsViewType, '', vscode.ViewColumn.Active, options),
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
