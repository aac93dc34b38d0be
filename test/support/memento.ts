/** A memory that lasts as long as it is held. */
export function memento(values: Readonly<Record<string, unknown>>) {
  const kept = new Map<string, unknown>(Object.entries(values));
  return {
    get: (key: string, without?: unknown) => (kept.has(key) ? kept.get(key) : without),
    keys: () => [...kept.keys()],
    update: async (key: string, value: unknown) => void (value === undefined ? kept.delete(key) : kept.set(key, value)),
  };
}
