import { age } from '../age';
import { shortId } from '../commitId';
import type { RunStatus } from '../domain';
import { oneLine } from '../oneLine';
import { duration, numberInDigits } from '../series/format';
import type { Column } from './column';
import type { CellValue } from './runTable';

const statuses: Readonly<Record<RunStatus, string>> = {
  SCHEDULED: 'Scheduled',
  RUNNING: 'Running',
  FINISHED: 'Finished',
  FAILED: 'Failed',
  KILLED: 'Killed',
  UNKNOWN: 'Unknown status',
};

export const statusName = (status: RunStatus): string => statuses[status];

/** Significant digits of a number where nothing asks for more. */
export const fewestDigits = 5;
/** More are noise of binary fractions. */
const mostDigits = 15;

/**
 * What stands in a cell: numbers in `digits` significant digits (see `digitsFor`), durations as `3 min 20 s`, times as
 * their age at `now` (ms), NaN and ∞ as such, '' where nothing is.
 */
export function cellText(value: CellValue, column: Column, now: number, digits = fewestDigits): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return numberText(value, column, now, digits);
  if (column.kind === 'attribute' && column.key === 'commit') return shortId(value);
  if (column.kind === 'attribute' && column.key === 'status')
    return value in statuses ? statusName(value as RunStatus) : value;
  return oneLine(value);
}

/**
 * The whole value, for tooltips and exports: every digit, the exact instant as ISO 8601 in local time, durations in
 * seconds; NaN, Infinity and -Infinity by these names.
 */
export function fullText(value: CellValue, column: Column): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  if (column.kind === 'attribute') {
    if (isTime(column.key)) return localInstant(value);
    if (column.key === 'duration') return String(value / 1000);
  }
  return String(value);
}

/**
 * How many significant digits tell a column's numbers apart: their range is seen in a thousand parts. Values that all
 * but agree need more digits than those that spread.
 */
export function digitsFor(values: Iterable<number | undefined>): number {
  let least = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value === undefined || !Number.isFinite(value)) continue;
    if (value < least) least = value;
    if (value > largest) largest = value;
  }
  const range = largest - least;
  if (!(range > 0) || !Number.isFinite(range)) return fewestDigits;
  const size = Math.max(Math.abs(least), Math.abs(largest));
  return Math.min(mostDigits, Math.max(fewestDigits, Math.ceil(Math.log10(size / range)) + 4));
}

/** `2026-11-25T09:30:00.123+01:00`: an instant (ms) with the local clock, readable and exact. */
export function localInstant(ms: number): string {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return String(ms);
  const ahead = -date.getTimezoneOffset();
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const zone = `${ahead < 0 ? '-' : '+'}${two(Math.abs(ahead) / 60)}:${two(Math.abs(ahead) % 60)}`;
  return `${new Date(ms + ahead * 60_000).toISOString().slice(0, -1)}${zone}`;
}

function numberText(value: number, column: Column, now: number, digits: number): string {
  if (column.kind !== 'attribute') return numberInDigits(value, digits);
  if (isTime(column.key)) return age(value, now);
  return column.key === 'duration' ? duration(value / 1000) : numberInDigits(value, digits);
}

const isTime = (key: string) => key === 'start_time' || key === 'end_time';
