/**
 * Maps with at most `limit` at a time, in order. Nothing new is started after the first failure; it is thrown when what
 * had begun has ended, so that the caller knows all that was done.
 */
export async function mapLimited<T, R>(
  items: readonly T[],
  limit: number,
  map: (item: T, at: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  let failure: { readonly error: unknown } | undefined;
  const worker = async () => {
    while (!failure && next < items.length) {
      const at = next++;
      const item = items[at] as T;
      try {
        results[at] = await map(item, at);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  // TypeScript does not see that the workers may have set it.
  const ended = failure as { readonly error: unknown } | undefined;
  if (ended) throw ended.error;
  return results;
}
