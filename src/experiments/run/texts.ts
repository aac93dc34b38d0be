import * as vscode from 'vscode';
import type { Metric } from '../../shared/domain';
import { count, shortNumber } from '../../shared/series/format';

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
