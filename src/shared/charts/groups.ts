import { isInstant } from '../instant';
import type { ColumnData } from './columnData';

export interface Group {
  readonly label: string;
  /** Places in the rows. */
  readonly at: readonly number[];
}

export interface Groups {
  readonly groups: readonly Group[];
  /** Groups beyond the most that a picture has room for, and their rows. */
  readonly leftOut: { readonly groups: number; readonly rows: number };
}

/** Rows with equal values, in the order of the values; those without a value are in none. The largest groups are kept. */
export function groupRows({ kind, values, categories }: ColumnData, most: number): Groups {
  const places = new Map<number, number[]>();
  for (const [at, value] of values.entries()) {
    if (Number.isNaN(value)) continue;
    const group = places.get(value);
    if (group) group.push(at);
    else places.set(value, [at]);
  }
  const bySize = [...places].sort(([a, x], [b, y]) => y.length - x.length || a - b);
  const kept = bySize.slice(0, most).sort(([a], [b]) => a - b);
  const left = bySize.slice(most);
  const label = (value: number) => (kind === 'category' ? (categories[value] ?? '') : valueText(kind, value));
  return {
    groups: kept.map(([value, at]) => ({ label: label(value), at })),
    leftOut: { groups: left.length, rows: left.reduce((sum, [, at]) => sum + at.length, 0) },
  };
}

/** A value in full: times in local time with seconds. */
export function valueText(kind: ColumnData['kind'], value: number): string {
  if (kind === 'time' && isInstant(value)) return new Date(value).toLocaleString('en-GB');
  return Object.is(value, -0) ? '-0' : String(value);
}
