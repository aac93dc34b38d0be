import * as vscode from 'vscode';
import { messages } from './messages';
import { isRefreshAllowed, longestRefresh, refreshSeconds, shortestRefresh } from './refreshInterval';
import { settings } from './settings';

/** Says what becomes of an interval that is not allowed, when it is set. */
export function watchRefreshInterval(subscriptions: vscode.Disposable[]): void {
  subscriptions.push(settings.refreshIntervalSeconds.onDidChange(() => void warn()));
}

async function warn(): Promise<void> {
  const set = settings.refreshIntervalSeconds.asSet();
  if (isRefreshAllowed(set)) return;
  const used = refreshSeconds(set);
  const limits = vscode.l10n.t(
    'flowdeck.refresh.intervalSeconds is {0}, but it takes {1} to {2} seconds, or 0 for off.',
    set,
    shortestRefresh,
    longestRefresh,
  );
  const meanwhile =
    used === 0
      ? vscode.l10n.t('Until it is changed nothing is refreshed by itself.')
      : vscode.l10n.t('Until it is changed Flowdeck refreshes every {0} seconds.', used);
  const open = vscode.l10n.t('Change Setting');
  const chosen = await messages.showWarningMessage(`${limits} ${meanwhile}`, open);
  if (chosen === open)
    await vscode.commands.executeCommand('workbench.action.openSettings', 'flowdeck.refresh.intervalSeconds');
}
