/** Sets of numbers as rising arrays without repetition. */

/** Every number that stands in any of the lists, which rise and may repeat numbers. */
export function unionOf(lists: readonly Float64Array[]): Float64Array {
  if (lists.length === 0) return new Float64Array();
  if (lists.length === 1) return merged(lists[0] ?? new Float64Array(), new Float64Array());
  const half = lists.length >> 1;
  return merged(unionOf(lists.slice(0, half)), unionOf(lists.slice(half)));
}

function merged(a: Float64Array, b: Float64Array): Float64Array {
  const all = new Float64Array(a.length + b.length);
  let size = 0;
  for (let atA = 0, atB = 0; atA < a.length || atB < b.length; ) {
    const fromA = atB >= b.length || (atA < a.length && (a[atA] ?? 0) <= (b[atB] ?? 0));
    const next = (fromA ? a[atA++] : b[atB++]) ?? 0;
    if (size === 0 || all[size - 1] !== next) all[size++] = next;
  }
  return all.slice(0, size);
}

/** Every number that stands in both lists, which rise without repetition. */
export function intersectionOf(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(Math.min(a.length, b.length));
  let size = 0;
  for (let atA = 0, atB = 0; atA < a.length && atB < b.length; ) {
    const [x, y] = [a[atA] ?? 0, b[atB] ?? 0];
    if (x === y) both[size++] = x;
    if (x <= y) atA++;
    if (y <= x) atB++;
  }
  return both.slice(0, size);
}

/** What stands in `column` where `keys` has each of `wanted`, all of which it has; both rise. */
export function valuesAt(wanted: Float64Array, keys: Float64Array, column: Float64Array): Float64Array {
  let from = 0;
  return wanted.map((key) => {
    while (from < keys.length && (keys[from] ?? 0) < key) from++;
    return column[from] ?? Number.NaN;
  });
}
