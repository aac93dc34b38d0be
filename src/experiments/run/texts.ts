import * as vscode from 'vscode';
import type { Metric, Run } from '../../shared/domain';
import { count, duration, shortNumber } from '../../shared/series/format';

/** Longer texts are cut in rows; tooltips and copies have more, and all, of them. */
const mostInRow = 200;

/** One line for a row: no line breaks, and nothing that turns the direction of what follows. */
export function oneLine(text: string, most = mostInRow): string {
  // Only the beginning is looked at: a value may be megabytes long.
  const line = text
    .slice(0, most * 2)
    .replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return line.length > most || text.length > most * 2 ? `${line.slice(0, most)}…` : line;
}

export function statusText(run: Pick<Run, 'status' | 'lifecycleStage'>): string {
  const status = {
    SCHEDULED: vscode.l10n.t('scheduled'),
    RUNNING: vscode.l10n.t('running'),
    FINISHED: vscode.l10n.t('finished'),
    FAILED: vscode.l10n.t('failed'),
    KILLED: vscode.l10n.t('killed'),
    UNKNOWN: vscode.l10n.t('unknown status'),
  }[run.status];
  return run.lifecycleStage === 'deleted' ? vscode.l10n.t('{0}, deleted', status) : status;
}

export function statusIcon({ status }: Pick<Run, 'status'>): vscode.ThemeIcon {
  switch (status) {
    case 'SCHEDULED':
      return new vscode.ThemeIcon('clock');
    case 'RUNNING':
      return new vscode.ThemeIcon('sync~spin', new vscode.ThemeColor('charts.blue'));
    case 'FINISHED':
      return new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed'));
    case 'FAILED':
      return new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed'));
    case 'KILLED':
      return new vscode.ThemeIcon('circle-slash', new vscode.ThemeColor('disabledForeground'));
    case 'UNKNOWN':
      return new vscode.ThemeIcon('question');
  }
}

/** `3 min 20 s`, still growing while the run is running; undefined when nobody recorded its start or its end. */
export function durationText(run: Pick<Run, 'status' | 'startTime' | 'endTime'>, now: number): string | undefined {
  const end = run.endTime ?? (run.status === 'RUNNING' ? now : undefined);
  if (run.startTime <= 0 || end === undefined) return undefined;
  return duration(Math.max(0, (end - run.startTime) / 1000));
}

/** In the local time of this machine. Servers may send instants that no calendar has. */
export function localTime(instant: number): string {
  const date = new Date(instant);
  return Number.isNaN(date.getTime()) ? String(instant) : date.toLocaleString(vscode.env.language);
}

/** `2026-01-31T12:00:00.000Z` */
export function exactTime(instant: number): string {
  const date = new Date(instant);
  return Number.isNaN(date.getTime()) ? String(instant) : date.toISOString();
}

export const stepText = ({ step, exactStep }: Pick<Metric, 'step' | 'exactStep'>) =>
  vscode.l10n.t('step {0}', exactStep ?? count(step));

export const atStep = (point: Pick<Metric, 'value' | 'step' | 'exactStep'>) =>
  `${shortNumber(point.value)} · ${stepText(point)}`;
