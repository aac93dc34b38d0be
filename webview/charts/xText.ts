import { isInstant } from '../../src/shared/instant';
import { once } from '../../src/shared/once';
import { duration, shortNumber, tickNumber } from '../../src/shared/series/format';
import type { LineAxis } from '../../src/shared/view/lineSettings';

/** A tick of the x axis; `span` is what the axis covers, in its own units. */
export function xTick(value: number, axis: LineAxis, span: number): string {
  switch (axis) {
    case 'step':
    case 'metric':
      return compact(value, span);
    case 'relative':
      return isClose(Math.abs(value), span) ? clock(value, span) : duration(value);
    case 'wall':
      return isInstant(value) ? wallFormat(span)().format(value) : '';
  }
}

/** The x that is read out, in full. */
export function xText(value: number, axis: LineAxis, xMetric: string): string {
  switch (axis) {
    case 'step':
      return `Step ${shortNumber(value)}`;
    case 'metric':
      return `${xMetric} ${shortNumber(value)}`;
    case 'relative':
      return `After ${duration(value)}`;
    case 'wall':
      return new Date(value).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
  }
}

export const axisNames: Readonly<Record<LineAxis, string>> = {
  step: 'Step',
  relative: 'Relative',
  wall: 'Time',
  metric: 'Metric',
};

/** Large numbers as `1.25M`, where three digits tell ticks of such a span apart. */
function compact(value: number, span: number): string {
  if (Math.abs(value) < 10_000 || Math.abs(value) > span * 10) return tickNumber(value, span);
  return compactNumbers().format(value);
}

const compactNumbers = once(() => new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 }));

/** Times of such a size are told by two units, the smaller of which is too large for ticks of such a span. */
const isClose = (size: number, span: number) =>
  (size >= 86_400 && span < 36_000) || (size >= 3_600 && span < 600) || (size >= 60 && span < 10);

/** `2:05:10`, `1 d 4:05`, `3:20.5`. */
function clock(value: number, span: number): string {
  const [unit, digits] = span < 1 ? [1_000, 3] : span < 10 ? [10, 1] : [1, 0];
  const all = Math.round(Math.abs(value) * unit);
  const two = (part: number) => String(Math.floor(part)).padStart(2, '0');
  const [days, hours, minutes] = [86_400, 3_600, 60].map((size) => Math.floor(all / (size * unit)));
  const seconds = `${two((all / unit) % 60)}${digits > 0 ? `.${String(all % unit).padStart(digits, '0')}` : ''}`;
  const start = `${value < 0 ? '-' : ''}${days ? `${days} d ` : ''}`;
  if (!hours) return `${start}${minutes}:${seconds}`;
  return `${start}${hours % 24}:${two((minutes ?? 0) % 60)}${span < 600 ? `:${seconds}` : ''}`;
}

const times = (options: Intl.DateTimeFormatOptions) => once(() => new Intl.DateTimeFormat(undefined, options));
const minutes = { hour: '2-digit', minute: '2-digit' } as const;
const seconds = { ...minutes, second: '2-digit' } as const;
const wallFormats = {
  milliseconds: times({ ...seconds, fractionalSecondDigits: 3 }),
  seconds: times(seconds),
  minutes: times(minutes),
  hours: times({ month: 'short', day: 'numeric', hour: '2-digit' }),
};

function wallFormat(span: number): () => Intl.DateTimeFormat {
  if (span < 10_000) return wallFormats.milliseconds;
  if (span < 600_000) return wallFormats.seconds;
  return span < 86_400_000 ? wallFormats.minutes : wallFormats.hours;
}
