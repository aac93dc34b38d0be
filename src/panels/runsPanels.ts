import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import { MlflowError } from '../mlflow/mlflowError';
import { PanelType } from '../platform/ids';
import { pageOptions } from '../platform/webviewHost';
import { decodePanelState, type PanelState } from '../shared/view/panelState';
import type { PanelServices } from './panelContext';
import { RunsPanel } from './runsPanel';

/** The open tabs. The same runs asked for twice show the tab that is there. */
export class RunsPanels {
  private readonly panels = new Set<RunsPanel>();

  constructor(private readonly services: PanelServices) {}

  /** @param title until the page knows better */
  open(state: PanelState, title: string): RunsPanel {
    const same = [...this.panels].find(
      (panel) => panel.state.serverUri === state.serverUri && isDeepStrictEqual(panel.state.scope, state.scope),
    );
    if (same) {
      same.reveal();
      if (same.view.tab !== state.view.tab) same.show({ ...same.view, tab: state.view.tab });
      return same;
    }
    const options = pageOptions(this.services.platform.context.extensionUri);
    return this.add(
      vscode.window.createWebviewPanel(PanelType.runs, title, vscode.ViewColumn.Active, options),
      state,
      title,
    );
  }

  restore(panel: vscode.WebviewPanel, raw: unknown): void {
    const state = decodePanelState(raw);
    if (state) this.add(panel, state, panel.title);
    else panel.dispose();
  }

  /** The tab in front, if it is one of these. */
  get active(): RunsPanel | undefined {
    return [...this.panels].find((panel) => panel.isActive);
  }

  /** @throws MlflowError when there is none */
  get inFront(): RunsPanel {
    const { active } = this;
    if (active) return active;
    throw new MlflowError('invalid', vscode.l10n.t('No runs table is in front'), {
      advice: vscode.l10n.t('Open one with "Flowdeck: Open Runs Table" first.'),
    });
  }

  dispose(): void {
    for (const panel of [...this.panels]) panel.close();
  }

  private add(webviewPanel: vscode.WebviewPanel, state: PanelState, title: string): RunsPanel {
    const panel = new RunsPanel(webviewPanel, this.services, state, title);
    this.panels.add(panel);
    panel.onDidDispose(() => this.panels.delete(panel));
    return panel;
  }
}
