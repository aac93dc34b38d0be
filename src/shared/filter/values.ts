const numeral = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const infinity = /^([+-]?)inf(?:inity)?$/i;

/** A number as MLflow's clients write it into params, `1e-3`, `inf` and `nan` included; undefined for all else. */
export function numberOf(text: string): number | undefined {
  const trimmed = text.trim();
  // Adding 0 leaves no -0, which would be another value in a tree and the same in every comparison.
  if (numeral.test(trimmed)) return Number(trimmed) + 0;
  const infinite = infinity.exec(trimmed);
  if (infinite) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return /^nan$/i.test(trimmed) ? Number.NaN : undefined;
}

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** ms: as far as a Date reaches. */
const longest = 8.64e15;

/** Whole ms of `90s`, `1h30m`, `1.5d`, `250ms`; undefined for all else. Units: ms s m h d w. */
export function durationOf(text: string): number | undefined {
  const trimmed = text.trim();
  if (!/^-?(?:\d+(?:\.\d+)?(?:ms|[smhdw]))+$/.test(trimmed)) return trimmed === '0' ? 0 : undefined;
  let sum = 0;
  for (const [, count, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g))
    sum += Number(count) * (unitMs[unit ?? ''] ?? Number.NaN);
  if (sum > longest) return undefined;
  return Math.round(trimmed.startsWith('-') ? -sum : sum) + 0;
}

const date =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?\s?(Z|[+-]\d{2}:?\d{2})?)?$/i;

/** What a time that is written names: an instant, or the whole day, minute or second where no more is written. */
export interface TimeSpan {
  /** ms; its first one. */
  readonly at: number;
  /** ms; where the next day, minute or second begins. Undefined for an instant. */
  readonly until?: number;
}

/** An ISO date or date and time, in local time when it names no zone; undefined for all else, and for the 30th of February. */
export function dateOf(text: string): TimeSpan | undefined {
  const parts = date.exec(text.trim());
  if (!parts) return undefined;
  const part = (at: number) => Number(parts[at] ?? 0);
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const ms = Number((parts[7] ?? '').padEnd(3, '0'));
  const at =
    parts[8] === undefined
      ? new Date(year, month - 1, day, hour, minute, second, ms).getTime()
      : Date.UTC(year, month - 1, day, hour, minute, second, ms) - zoneMs(parts[8]);
  // The next day's beginning is asked for, as days of 23 and 25 hours are.
  if (parts[4] === undefined) return { at, until: new Date(year, month - 1, day + 1).getTime() };
  const length = parts[6] === undefined ? 60_000 : 1000 / 10 ** (parts[7]?.length ?? 0);
  return length > 1 ? { at, until: at + length } : { at };
}

const daysIn = (year: number, month: number) => new Date(Date.UTC(year, month, 0)).getUTCDate();

function zoneMs(zone: string): number {
  if (/^z$/i.test(zone)) return 0;
  const digits = zone.replace(':', '');
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5));
  return (digits.startsWith('-') ? -minutes : minutes) * 60_000;
}
