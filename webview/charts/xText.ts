import { duration, shortNumber } from '../../src/shared/series/format';
import type { LineAxis } from '../../src/shared/view/lineSettings';

/** A tick of the x axis; `span` is what the axis covers, in its own units. */
export function xTick(value: number, axis: LineAxis, span: number): string {
  switch (axis) {
    case 'step':
    case 'metric':
      return compact(value);
    case 'relative':
      return duration(value);
    case 'wall':
      return new Date(value).toLocaleString(undefined, wallFormat(span));
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

function compact(value: number): string {
  if (Math.abs(value) < 10_000) return shortNumber(Number(value.toPrecision(10)));
  return new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 2 }).format(value);
}

function wallFormat(span: number): Intl.DateTimeFormatOptions {
  if (span < 600_000) return { hour: '2-digit', minute: '2-digit', second: '2-digit' };
  if (span < 86_400_000) return { hour: '2-digit', minute: '2-digit' };
  return { month: 'short', day: 'numeric', hour: '2-digit' };
}
