const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** `3 days ago`, `now` within the last minute; instants in ms. Clocks that disagree give `in 2 minutes`. */
export function age(instant: number, now: number, locale = 'en'): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'always' });
  const difference = instant - now;
  for (const [unit, ms] of units) {
    if (Math.abs(difference) >= ms) return format.format(Math.trunc(difference / ms), unit);
  }
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(0, 'second');
}
