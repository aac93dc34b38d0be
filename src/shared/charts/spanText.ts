import { shortNumber } from '../series/format';
import type { ColumnData } from './columnData';
import { valueText } from './groups';

/** `loss from 0.4 to 1.2`: what is drawn of a column, in words. NaN and infinity are not drawn. */
export function spanText({ label, kind, categories }: ColumnData, values: Iterable<number>): string {
  const drawn = new Set([...values].filter(Number.isFinite));
  if (kind === 'category') {
    const [only] = drawn;
    return drawn.size === 1 ? `${label} ${categories[only ?? 0]}` : `${drawn.size} values of ${label}`;
  }
  return rangeText(label, drawn, (value) => (kind === 'time' ? valueText(kind, value) : shortNumber(value)));
}

/** The same of some of the column's places. */
export const spanAt = (column: ColumnData, places: readonly number[]): string =>
  spanText(
    column,
    places.map((at) => column.values[at] ?? Number.NaN),
  );

export function rangeText(label: string, values: Iterable<number>, textOf = shortNumber): string {
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (!(min <= max)) return `no ${label}`;
  return min === max ? `${label} ${textOf(min)}` : `${label} from ${textOf(min)} to ${textOf(max)}`;
}
