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
  for (const [unit, ms] of units) {
    if (Math.abs(difference) >= ms) return formatOf(locale, 'always').format(Math.trunc(difference / ms), unit);
  }
  return formatOf(locale, 'auto').format(0, 'second');
}
