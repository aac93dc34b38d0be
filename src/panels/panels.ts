import * as vscode from 'vscode';
import type { Connections } from '../connections/connection';
import type { RunsService } from '../experiments/runsService';
import { Command } from '../platform/ids';
import type { Platform } from '../platform/services';
import type { Tab } from '../shared/view/runsView';
import type { RunsPanels } from './runsPanels';

/** Runs in editor tabs, brought back after the window was reloaded. Their code is read with the first tab. */
export function registerPanels(platform: Platform, connections: Connections, runs: RunsService): void {
  let panels: Promise<RunsPanels> | undefined;
  const opened = () => {
    panels ??= import('./runsPanels').then(({ RunsPanels }) => {
      const made = new RunsPanels({ platform, connections, runs });
      platform.context.subscriptions.push(made);
      return made;
    });
    return panels;
  };
  platform.context.subscriptions.push(
    vscode.window.registerWebviewPanelSerializer('flowdeck.runs', {
      deserializeWebviewPanel: async (panel, state: unknown) => (await opened()).restore(panel, state),
    }),
  );
  const open = async (tab: Tab, args: readonly unknown[]) => {
    const [{ openPanel }, made] = await Promise.all([import('./openPanel'), opened()]);
    await openPanel(tab, args, { panels: made, connections, runs });
  };
  const { commands } = platform;
  commands.register(Command.runs.openTable, vscode.l10n.t('open the runs table'), (...args) => open('table', args));
  commands.register(Command.charts.open, vscode.l10n.t('open charts'), (...args) => open('charts', args));
  commands.register(Command.runs.compare, vscode.l10n.t('compare the runs'), (...args) => open('compare', args));
}
