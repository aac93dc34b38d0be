import { count } from './series/format';

const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

const formats = new Map<string, Intl.RelativeTimeFormat>();

/** Kept: making one takes longer than to format a hundred ages. */
function formatOf(locale: string, numeric: 'always' | 'auto'): Intl.RelativeTimeFormat {
  const key = `${numeric} ${locale}`;
  const format = formats.get(key) ?? new Intl.RelativeTimeFormat(locale, { numeric });
  formats.set(key, format);
  return format;
}

/** `3 days ago`, `now` within the last minute; instants in ms. Clocks that disagree give `in 2 minutes`. */
export function age(instant: number, now: number, locale = 'en'): string {
  const difference = instant - now;
  const [unit, ms] = units.find(([, least]) => Math.abs(difference) >= least) ?? ['second', Number.POSITIVE_INFINITY];
  const amount = Math.trunc(difference / ms);
  if (locale === 'en') return inEnglish(amount, unit);
  return formatOf(locale, amount === 0 ? 'auto' : 'always').format(amount, unit);
}

/** As `Intl` has it, which a fresh page is tens of ms getting ready for. */
function inEnglish(amount: number, unit: string): string {
  if (amount === 0) return 'now';
  const size = Math.abs(amount);
  const text = `${count(size)} ${unit}${size === 1 ? '' : 's'}`;
  return amount < 0 ? `${text} ago` : `in ${text}`;
}
