import * as vscode from 'vscode';
import type { Connections } from '../connections/connection';
import type { RunsService } from '../experiments/runsService';
import { initialRunsView, mostChosen, type Scope, type Tab } from '../shared/view/runsView';
import { type AskedRuns, chooseScope, decodeAskedRuns } from './chooseScope';
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
  if (asked) return openAsked(tab, asked, connection.uri, { panels, runs });
  const chosen = await chooseScope(args, titles()[tab], runs);
  if (!chosen) return undefined;
  const { scope } = chosen;
  const view = {
    ...initialRunsView,
    tab,
    ...('runIds' in scope ? { chosen: { first: mostChosen }, showDeleted: true } : {}),
  };
  return panels.open({ serverUri: connection.uri, scope, view }, chosen.title ?? titleOf(scope, runs));
}

/** What another feature found: its filter takes the place of the one that the tab of the same runs has. */
function openAsked(
  tab: Tab,
  { scope, filter, title }: AskedRuns,
  serverUri: string,
  { panels, runs }: Pick<Services, 'panels' | 'runs'>,
): RunsPanel {
  const chosen = 'runIds' in scope ? { chosen: { first: mostChosen } } : {};
  const view = { ...initialRunsView, tab, filter, ...chosen };
  const panel = panels.open({ serverUri, scope, view }, title ?? titleOf(scope, runs));
  panel.show(view);
  return panel;
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
