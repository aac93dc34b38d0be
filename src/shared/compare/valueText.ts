import { formatBytes } from '../bytes';
import { isCommitId } from '../commitId';
import { isInstant } from '../instant';
import { once } from '../once';
import { duration, shortNumber } from '../series/format';
import type { CompareValue, ValueKind } from './compareRow';

const statuses: Readonly<Record<string, string>> = {
  SCHEDULED: 'scheduled',
  RUNNING: 'running',
  FINISHED: 'finished',
  FAILED: 'failed',
  KILLED: 'killed',
};

/** Digits of a commit that are enough in most repositories. */
const shortestId = 7;

/** What stands in place of nothing. */
export const nothing = '—';

/**
 * Texts for the cells of one row: numbers in the fewest digits (five at least, where they have them) in which different
 * values look different, so that 0.12345671 and 0.12345672 are not both 0.12346; instants of one second with their
 * milliseconds, durations and sizes whole.
 */
export function textsOf(values: readonly CompareValue[], kind: ValueKind): (value: CompareValue) => string {
  if (kind === 'text') return longTexts(values);
  if (kind !== 'number') {
    const finer = finerText[kind];
    const short = (value: CompareValue) => plainText(value, kind);
    if (!finer || areTold(values, short)) return short;
    return (value) => (typeof value === 'number' ? finer(value) : short(value));
  }
  const numbers = [...new Set(values.filter((value) => typeof value === 'number'))];
  const digits = fewestDigits(numbers);
  return (value) => (typeof value === 'number' ? numberText(value, digits) : (value ?? nothing));
}

/** Longer texts are cut: no column is as wide, and a screenful of them takes a browser seconds to lay out. */
const longest = 200;
/** What stands before the first difference of long texts that begin alike. */
const leadIn = 12;

/** Lines as one, marked; long texts from where they begin to differ. */
function longTexts(values: readonly CompareValue[]): (value: CompareValue) => string {
  const long = values.filter((value) => typeof value === 'string' && value.length > longest).map(String);
  const alike = new Set(long).size > 1 ? commonStart(long) : 0;
  // Half of a surrogate pair is no character.
  const cut = alike > 2 * leadIn ? alike - leadIn : 0;
  return (value) => {
    const text = plainText(value, 'text');
    if (text.length <= longest) return inOneLine(text);
    const from = /[\uDC00-\uDFFF]/.test(text.charAt(cut)) ? cut - 1 : cut;
    const shown = text.slice(from, from + longest).replace(/[\uD800-\uDBFF]$/, '');
    return inOneLine(`${from > 0 ? '…' : ''}${shown}${from + longest < text.length ? '…' : ''}`);
  };
}

const inOneLine = (text: string) => text.replaceAll(/\s*[\r\n\u2028\u2029]+\s*/g, ' ⏎ ');

function commonStart(texts: readonly string[]): number {
  const [first = ''] = texts;
  let length = 0;
  while (length < first.length && texts.every((text) => text.charAt(length) === first.charAt(length))) length++;
  return length;
}

/** Commits by their first seven digits, or as many as tell them apart; other texts as they are. */
export function commitTexts(values: readonly CompareValue[]): (value: CompareValue) => string {
  const commits = values.filter((value) => typeof value === 'string' && isCommitId(value));
  let digits = shortestId;
  const short = (value: CompareValue) =>
    typeof value === 'string' && isCommitId(value) ? value.slice(0, digits) : plainText(value, 'text');
  while (digits < 64 && !areTold(commits, short)) digits++;
  return short;
}

/** Whether different values have different texts. */
function areTold(values: readonly CompareValue[], text: (value: CompareValue) => string): boolean {
  const different = [...new Set(values)];
  return new Set(different.map(text)).size === different.length;
}

function fewestDigits(numbers: readonly number[]): number {
  for (let digits = 5; digits < 17; digits++)
    if (new Set(numbers.map((number) => numberText(number, digits))).size === numbers.length) return digits;
  return 17;
}

function numberText(value: number, digits: number): string {
  if (digits === 5 || !Number.isFinite(value)) return shortNumber(value);
  const rounded = digits === 17 ? value : Number(value.toPrecision(digits));
  return String(rounded);
}

function plainText(value: CompareValue, kind: ValueKind): string {
  if (value === undefined || value === '') return value === '' ? '""' : nothing;
  if (typeof value === 'string') return kind === 'status' ? (statuses[value] ?? value.toLowerCase()) : value;
  switch (kind) {
    case 'time':
      return localTime(value);
    case 'duration':
      return duration(value / 1000);
    case 'bytes':
      return formatBytes(value);
    default:
      return shortNumber(value);
  }
}

/** Every digit there is, and the exact instant: for tooltips and reports. */
export function fullText(value: CompareValue, kind: ValueKind): string {
  if (typeof value !== 'number') return plainText(value, kind);
  switch (kind) {
    case 'time':
      return isInstant(value) ? new Date(value).toISOString() : nothing;
    case 'bytes':
      return `${value.toLocaleString('en')} bytes`;
    case 'duration':
      return duration(value / 1000);
    default:
      return String(value);
  }
}

const finerText: Partial<Record<ValueKind, (value: number) => string>> = {
  time: (value) => (isInstant(value) ? exactTimes().format(value) : nothing),
  duration: (value) => `${(value / 1000).toLocaleString('en', { maximumFractionDigits: 3 })} s`,
  bytes: (value) => `${value.toLocaleString('en')} B`,
};

const times = once(() => new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' }));
const exactTimes = once(
  () =>
    new Intl.DateTimeFormat(undefined, {
      year: 'numeric',
      month: 'short',
      day: 'numeric',
      hour: 'numeric',
      minute: '2-digit',
      second: '2-digit',
      fractionalSecondDigits: 3,
    }),
);
const localTime = (instant: number) => (isInstant(instant) ? times().format(instant) : nothing);
