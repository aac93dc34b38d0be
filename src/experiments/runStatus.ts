import * as vscode from 'vscode';
import { age } from '../shared/age';
import type { Run, RunStatus } from '../shared/domain';
import { duration } from '../shared/series/format';

/** In one word, for the middle of a sentence. */
export function statusWord(status: RunStatus): string {
  const words: Readonly<Record<RunStatus, string>> = {
    SCHEDULED: vscode.l10n.t('scheduled'),
    RUNNING: vscode.l10n.t('running'),
    FINISHED: vscode.l10n.t('finished'),
    FAILED: vscode.l10n.t('failed'),
    KILLED: vscode.l10n.t('killed'),
    UNKNOWN: vscode.l10n.t('unknown status'),
  };
  return words[status];
}

export function statusText(run: Pick<Run, 'status' | 'lifecycleStage'>): string {
  const status = statusWord(run.status);
  return run.lifecycleStage === 'deleted' ? vscode.l10n.t('{0}, deleted', status) : status;
}

/** The shape says the status; the colour (1 … 12) says the run where it is charted, else the status too. */
export function statusIcon(status: RunStatus, color?: number, grey = false): vscode.ThemeIcon {
  const { icon, theme } = statusLooks(status);
  const shade = grey ? 'disabledForeground' : color === undefined ? theme : `flowdeck.run${color}`;
  return new vscode.ThemeIcon(icon, shade === undefined ? undefined : new vscode.ThemeColor(shade));
}

function statusLooks(status: RunStatus): { readonly icon: string; readonly theme?: string } {
  switch (status) {
    case 'RUNNING':
      return { icon: 'loading~spin', theme: 'charts.blue' };
    case 'SCHEDULED':
      return { icon: 'clock' };
    case 'FINISHED':
      return { icon: 'pass-filled', theme: 'testing.iconPassed' };
    case 'FAILED':
      return { icon: 'error', theme: 'testing.iconFailed' };
    case 'KILLED':
      return { icon: 'circle-slash', theme: 'testing.iconSkipped' };
    case 'UNKNOWN':
      return { icon: 'question' };
  }
}

/** `3 days ago`; '' when nobody recorded its start. */
export const startedText = ({ startTime }: Pick<Run, 'startTime'>, now: number): string =>
  startTime > 0 ? age(startTime, now, vscode.env.language) : '';

/** `3 min 20 s`, still growing while the run is running; undefined when nobody recorded its start or its end. */
export function durationText(run: Pick<Run, 'status' | 'startTime' | 'endTime'>, now: number): string | undefined {
  const end = run.endTime ?? (run.status === 'RUNNING' ? now : undefined);
  if (run.startTime <= 0 || end === undefined) return undefined;
  return duration(Math.max(0, (end - run.startTime) / 1000));
}
