/** Most rows a level of the Run view shows; what is more stands in ranges. */
export const pageSize = 200;

export interface Range<T> {
  /** Of the first item, counted from 0. */
  readonly start: number;
  readonly items: readonly T[];
}

/**
 * Undefined when the items fit on one level, else ranges of them: at most `size`, each small enough to be shown as it is
 * or to be divided again.
 */
export function rangesOf<T>(items: readonly T[], size = pageSize): readonly Range<T>[] | undefined {
  if (items.length <= size) return undefined;
  let length = size;
  while (Math.ceil(items.length / length) > size) length *= size;
  return Array.from({ length: Math.ceil(items.length / length) }, (_, at) => ({
    start: at * length,
    items: items.slice(at * length, (at + 1) * length),
  }));
}
