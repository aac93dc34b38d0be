import { count } from './format';

/** What a chart cannot show, beyond NaN and the like. */
export interface LeftOut {
  /** Points without a partner on an axis that is another metric. */
  readonly unmatched: number;
  readonly xName: string;
  /** Steps that not all metrics of an expression have. */
  readonly unshared: number;
  /** Points outside the range that clipping outliers leaves. */
  readonly outside: number;
  /** Points at x ≤ 0, which a log axis does not have. */
  readonly notPositiveX: number;
}

/** `3 points without loss`, `2 steps left out`, `12 outliers outside`, `1 point at x ≤ 0 not shown`. */
export function leftOutNotes({ unmatched, xName, unshared, outside, notPositiveX }: LeftOut): string[] {
  const some = (number: number, one: string, many: string) =>
    number > 0 ? [`${count(number)} ${number === 1 ? one : many}`] : [];
  return [
    ...some(unmatched, `point without ${xName}`, `points without ${xName}`),
    ...some(unshared, 'step lacks a metric', 'steps lack a metric'),
    ...some(outside, 'outlier outside', 'outliers outside'),
    ...some(notPositiveX, 'point at x ≤ 0 not shown', 'points at x ≤ 0 not shown'),
  ];
}
