import * as vscode from 'vscode';
import type { Connections } from '../connections/connection';
import type { RunsService } from '../experiments/runsService';
import { Command, PanelType } from '../platform/ids';
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
    vscode.window.registerWebviewPanelSerializer(PanelType.runs, {
      deserializeWebviewPanel: async (panel, state: unknown) => (await opened()).restore(panel, state),
    }),
  );
  const open = async (tab: Tab, args: readonly unknown[]) => {
    const [{ openPanel }, made] = await Promise.all([import('./openPanel'), opened()]);
    await openPanel(tab, args, { panels: made, connections, runs });
  };
  const { commands } = platform;
  commands.register(Command.runs.openTable, vscode.l10n.t('open the runs table'), (...args) => open('table', args));
  commands.register(Command.table.export, vscode.l10n.t('export the runs'), async () =>
    (await opened()).inFront.export(),
  );
  commands.register(Command.charts.open, vscode.l10n.t('open charts'), (...args) => open('charts', args));
  const views = async () => {
    const [{ ViewCommands }, made] = await Promise.all([import('./views/viewCommands'), opened()]);
    return new ViewCommands(platform, { panels: made, connections, runs });
  };
  commands.register(Command.views.save, vscode.l10n.t('save the view'), async () => (await views()).save());
  commands.register(Command.views.open, vscode.l10n.t('open the view'), async (...args) => (await views()).open(args));
  commands.register(Command.links.copy, vscode.l10n.t('copy the link'), async (...args) =>
    (await views()).copyLink(args),
  );
  commands.register(Command.links.open, vscode.l10n.t('open the link'), async (...args) =>
    (await views()).openLink(args),
  );
  platform.context.subscriptions.push(
    vscode.window.registerUriHandler({
      handleUri: async (uri) => {
        try {
          await (await views()).handle(uri);
        } catch (error) {
          commands.report(vscode.l10n.t('open the link'), error);
        }
      },
    }),
  );
  commands.register(Command.runs.compare, vscode.l10n.t('compare the runs'), (...args) => open('compare', args));
}
