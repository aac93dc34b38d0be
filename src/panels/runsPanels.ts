import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import { MlflowError } from '../mlflow/mlflowError';
import { PanelType } from '../platform/ids';
import { pageOptions } from '../platform/webviewHost';
import { decodePanelState, type PanelState } from '../shared/view/panelState';
import { initialRunsView, mostChosen, type RunsView, type Scope } from '../shared/view/runsView';
import type { PanelServices } from './panelContext';
import { RunsPanel } from './runsPanel';

/** The open tabs. The same runs asked for twice show the tab that is there. */
export class RunsPanels {
  private readonly panels = new Set<RunsPanel>();
  /** The filter with which another feature asked for a tab last. */
  private readonly asked = new WeakMap<RunsPanel, string>();

  constructor(private readonly services: PanelServices) {}

  /**
   * @param title until the page knows better
   * @param change what is asked for: of the set-up that the tab of these runs has, or of a new one's beginning
   * @param filter what `change` filters by; a tab with a filter that a person typed keeps it, and another one is opened
   */
  open(
    runs: Omit<PanelState, 'view'>,
    title: string,
    change: (view: RunsView) => RunsView,
    filter?: string,
  ): RunsPanel {
    const shown = this.show(runs, title, change, filter);
    if (filter !== undefined) this.asked.set(shown, filter);
    return shown;
  }

  private show(
    runs: Omit<PanelState, 'view'>,
    title: string,
    change: (view: RunsView) => RunsView,
    filter: string | undefined,
  ): RunsPanel {
    const takes = (panel: RunsPanel) =>
      filter === undefined || ['', filter, this.asked.get(panel)].includes(panel.view.filter.trim());
    const same = [...this.panels].find(
      (panel) =>
        panel.state.serverUri === runs.serverUri && isDeepStrictEqual(panel.state.scope, runs.scope) && takes(panel),
    );
    if (same) {
      same.reveal();
      same.rename(title);
      const view = change(same.view);
      if (!isDeepStrictEqual(view, same.view)) same.show(view);
      return same;
    }
    const options = pageOptions(this.services.platform.context.extensionUri);
    return this.add(
      vscode.window.createWebviewPanel(PanelType.runs, title, vscode.ViewColumn.Active, options),
      { ...runs, view: change(beginningOf(runs.scope)) },
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

/** Runs that were chosen one by one are all charted, whatever became of them. */
const beginningOf = (scope: Scope): RunsView =>
  'runIds' in scope ? { ...initialRunsView, chosen: { first: mostChosen }, showDeleted: true } : initialRunsView;
