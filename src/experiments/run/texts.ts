import * as vscode from 'vscode';
import type { Metric } from '../../shared/domain';
import { count, shortNumber } from '../../shared/series/format';

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
