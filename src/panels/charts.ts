import * as vscode from 'vscode';
import type { Connections } from '../connections/connection';
import type { RunsService } from '../experiments/runsService';
import { Command } from '../platform/ids';
import type { Platform } from '../platform/services';
import type { ChartsPanels } from './chartsPanels';
import { chooseRuns } from './chooseRuns';

/** Charts of runs in editor tabs, brought back after the window was reloaded. Their code is read with the first tab. */
export function registerCharts(platform: Platform, connections: Connections, runs: RunsService): void {
  let panels: Promise<ChartsPanels> | undefined;
  const opened = () => {
    panels ??= import('./chartsPanels').then(({ ChartsPanels }) => {
      const made = new ChartsPanels({ platform, connections, runs });
      platform.context.subscriptions.push(made);
      return made;
    });
    return panels;
  };
  platform.context.subscriptions.push(
    vscode.window.registerWebviewPanelSerializer('flowdeck.charts', {
      deserializeWebviewPanel: async (panel, state: unknown) => (await opened()).restore(panel, state),
    }),
  );
  platform.commands.register(Command.charts.open, vscode.l10n.t('open charts'), async (...args) => {
    const connection = await connections.require();
    const runIds = await chooseRuns(args, connection, runs);
    if (runIds === undefined) return;
    if (runIds.length === 0) {
      void vscode.window.showInformationMessage(vscode.l10n.t('This experiment has no runs to chart yet.'));
      return;
    }
    (await opened()).open(connection.uri, runIds);
  });
}
