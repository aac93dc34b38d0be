import * as vscode from 'vscode';
import type { EndedRun } from '../launch/launchTypes';
import type { EndedSweep } from '../launch/sweepTerminal';
import { taskName } from '../request/taskDefinition';

/** How a launch ended, for people. */
export function endText(ended: EndedRun | EndedSweep): string {
  const { request, runId, name, result, exitCode } = ended;
  const what = taskName(request);
  if ('counts' in ended) {
    const { counts, total } = ended;
    return result === 'KILLED'
      ? vscode.l10n.t('The sweep of {0} was stopped: {1} of {2} runs finished.', what, counts.FINISHED, total)
      : vscode.l10n.t('The sweep of {0} ended: {1} of {2} runs finished.', what, counts.FINISHED, total);
  }
  if ('reason' in ended && ended.reason && result === 'FAILED')
    return vscode.l10n.t('{0} failed: {1}', what, ended.reason);
  if (runId === undefined) return vscode.l10n.t('{0} ended with exit code {1} before there was a run.', what, exitCode);
  switch (result) {
    case 'FINISHED':
      return vscode.l10n.t('{0} finished: run {1}.', what, name);
    case 'KILLED':
      return vscode.l10n.t('{0} was stopped: run {1}.', what, name);
    case 'FAILED':
      return vscode.l10n.t('{0} failed with exit code {1}: run {2}.', what, exitCode, name);
  }
}
