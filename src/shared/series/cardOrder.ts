/** Names in the order a person gave some of them; the others follow as they come. */
export function inOrder<T>(items: readonly T[], order: readonly string[], nameOf: (item: T) => string): readonly T[] {
  if (order.length === 0) return items;
  const places = new Map(order.map((name, at) => [name, at]));
  const placeOf = (item: T) => places.get(nameOf(item)) ?? Number.POSITIVE_INFINITY;
  // Infinity less Infinity is no number: such items stay as they come.
  return items.toSorted((a, b) => placeOf(a) - placeOf(b) || 0);
}

/** An order in which `name` stands at another place among `names`; what was known of others stays. */
export function moved(names: readonly string[], name: string, to: number, order: readonly string[]): readonly string[] {
  const others = names.filter((other) => other !== name);
  const at = Math.min(others.length, Math.max(0, to));
  const known = new Set(names);
  return [...order.filter((other) => !known.has(other)), ...others.slice(0, at), name, ...others.slice(at)];
}
