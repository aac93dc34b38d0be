import { shortNumber } from '../series/format';
import type { CompareValue } from './compareRow';

/** A number against the baseline's. */
export interface Delta {
  /** value − base */
  readonly difference: number;
  /** value ÷ base; absent where it says nothing: a base of 0, another sign, or more than a number can hold. */
  readonly ratio?: number;
  /** Absent until a person said what is better, and where nothing changed. */
  readonly verdict?: 'better' | 'worse';
}

/** Undefined unless both are finite numbers, and so is the difference. */
export function deltaOf(
  value: CompareValue,
  base: CompareValue,
  better: 'lower' | 'higher' | undefined,
): Delta | undefined {
  if (!isNumber(value) || !isNumber(base)) return undefined;
  const difference = value - base;
  if (!Number.isFinite(difference)) return undefined;
  const ratio = value / base;
  const isTold = Number.isFinite(ratio) && (ratio > 0 || value === 0);
  const isBetter = better === 'higher' ? difference > 0 : difference < 0;
  return {
    difference,
    ...(isTold ? { ratio } : {}),
    ...(better === undefined || difference === 0 ? {} : { verdict: isBetter ? 'better' : 'worse' }),
  };
}

/** `+0.012 ×1.2`; `±0` where nothing changed. `show` writes a difference that is not 0: a duration, a size. */
export function deltaText(
  { difference, ratio }: Delta,
  show: (size: number) => string = (size) => shortNumber(Number(size.toPrecision(3))),
): string {
  if (difference === 0) return '±0';
  const sign = difference > 0 ? '+' : '-';
  return `${sign}${show(Math.abs(difference))}${ratio === undefined ? '' : ` ×${ratioText(ratio)}`}`;
}

/** Close to 1 it takes more digits to see that something changed at all. */
function ratioText(ratio: number): string {
  const digits = Math.abs(ratio - 1) < 0.01 && ratio !== 1 ? 5 : 3;
  return shortNumber(Number(ratio.toPrecision(digits)));
}

const isNumber = (value: CompareValue): value is number => typeof value === 'number' && Number.isFinite(value);
