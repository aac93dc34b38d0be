import * as vscode from 'vscode';
import type { Connections } from '../connections/connection';
import type { RunsService } from '../experiments/runsService';
import type { RunsView, Scope, Tab } from '../shared/view/runsView';
import { chooseScope, decodeAskedRuns } from './chooseScope';
import type { RunsPanel } from './runsPanel';
import type { RunsPanels } from './runsPanels';

interface Services {
  readonly panels: RunsPanels;
  readonly connections: Connections;
  readonly runs: RunsService;
}

/** Opens the tab of what a command is about. Undefined when the person cancelled. */
export async function openPanel(
  tab: Tab,
  args: readonly unknown[],
  { panels, connections, runs }: Services,
): Promise<RunsPanel | undefined> {
  const connection = await connections.require();
  const asked = decodeAskedRuns(args[0]);
  const chosen = asked ?? (await chooseScope(args, tab, titles()[tab], runs));
  if (!chosen) return undefined;
  const { scope, title } = chosen;
  // What another feature found is found by its filter; all else stays as it was set up.
  const change = (view: RunsView) => ({ ...view, tab, ...(asked ? { filter: asked.filter } : {}) });
  return panels.open({ serverUri: connection.uri, scope }, title ?? titleOf(scope, runs), change, asked?.filter);
}

const titles = (): Readonly<Record<Tab, string>> => ({
  table: vscode.l10n.t('Open Runs Table'),
  charts: vscode.l10n.t('Open Charts'),
  compare: vscode.l10n.t('Compare Runs'),
});

export function titleOf(scope: Scope, runs: RunsService): string {
  if ('runIds' in scope) {
    const { runIds } = scope;
    const [only] = runIds;
    if (runIds.length === 1 && only) return runs.cachedRun(only)?.name ?? only;
    return vscode.l10n.t('{0} runs', runIds.length);
  }
  const { experimentIds } = scope;
  const [only] = experimentIds;
  if (experimentIds.length === 1 && only) return runs.experimentName(only) ?? vscode.l10n.t('Experiment {0}', only);
  return vscode.l10n.t('{0} experiments', experimentIds.length);
}
