import type { XAxis } from '../../src/shared/series/axis';
import { duration, shortNumber } from '../../src/shared/series/format';

/** A tick of the x axis; `span` is what the axis covers, in its own units. */
export function xTick(value: number, axis: XAxis, span: number): string {
  switch (axis) {
    case 'step':
      return compact(value);
    case 'relative':
      return duration(value);
    case 'wall':
      return new Date(value).toLocaleString(undefined, wallFormat(span));
  }
}

/** The x that is read out, in full. */
export function xText(value: number, axis: XAxis): string {
  switch (axis) {
    case 'step':
      return `Step ${shortNumber(value)}`;
    case 'relative':
      return `After ${duration(value)}`;
    case 'wall':
      return new Date(value).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
  }
}

export const axisNames: Readonly<Record<XAxis, string>> = { step: 'Step', relative: 'Relative', wall: 'Time' };

function compact(value: number): string {
  if (Math.abs(value) < 10_000) return shortNumber(value);
  return new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 2 }).format(value);
}

function wallFormat(span: number): Intl.DateTimeFormatOptions {
  if (span < 600_000) return { hour: '2-digit', minute: '2-digit', second: '2-digit' };
  if (span < 86_400_000) return { hour: '2-digit', minute: '2-digit' };
  return { month: 'short', day: 'numeric', hour: '2-digit' };
}
