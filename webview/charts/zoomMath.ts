import type { Interval } from '../../src/shared/viewState';

/** The part of an interval that lies within the whole; undefined when that is everything, or nothing. */
export function clampedTo({ min, max }: Interval, whole: Interval): Interval | undefined {
  const inside = { min: Math.max(min, whole.min), max: Math.min(max, whole.max) };
  if (!(inside.min < inside.max)) return undefined;
  return inside.min <= whole.min && inside.max >= whole.max ? undefined : inside;
}

/** `factor` times as wide around a point that stays where it is. */
export function zoomed(shown: Interval, around: number, factor: number, logarithmic: boolean): Interval {
  const { to, from } = scaleOf(logarithmic);
  const [min, max, at] = [to(shown.min), to(shown.max), to(around)];
  return { min: from(at - (at - min) * factor), max: from(at + (max - at) * factor) };
}

/** Moved by a part of its width, but not over the ends of the whole: there it stays as wide as it is. */
export function panned(shown: Interval, part: number, logarithmic: boolean, whole: Interval | undefined): Interval {
  const { to, from } = scaleOf(logarithmic);
  const [min, max] = [to(shown.min), to(shown.max)];
  const [least, most] = whole ? [to(whole.min), to(whole.max)] : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const by = Math.min(Math.max(0, most - max), Math.max(Math.min(0, least - min), (max - min) * part));
  return { min: from(min + by), max: from(max + by) };
}

function scaleOf(logarithmic: boolean) {
  const plain = (value: number) => value;
  return logarithmic ? { to: Math.log10, from: (value: number) => 10 ** value } : { to: plain, from: plain };
}
