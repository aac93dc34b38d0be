import { offsetOf, tokenAt } from './pageToken';
import type { RunQuestions, RunSearch } from './trackingStore';

/** No server holds more runs than this: one that still has some there does not read the offset. */
const mostRuns = 1_000_000_000;

/**
 * How many runs a search has in all, though MLflow has no call for it: a token can point anywhere, so the end is found
 * by halving, with one run per answer (about 2·log2(n) questions). `token` is one the server gave for this search.
 * Undefined when the server's tokens are not MLflow's own, or it gives runs whatever the token says.
 * `guess` is what was counted before: where it still holds, two questions will do.
 */
export async function countRuns(
  store: Pick<RunQuestions, 'searchRuns'>,
  search: Omit<RunSearch, 'pageToken' | 'maxResults'>,
  token: string,
  signal?: AbortSignal,
  guess = 0,
): Promise<number | undefined> {
  const known = offsetOf(token);
  if (known === undefined) return undefined;
  const existsAt = async (offset: number) => {
    const page = await store.searchRuns({ ...search, maxResults: 1, pageToken: tokenAt(offset) }, signal);
    return page.items.length > 0;
  };
  // Invariant: there are at least `low` runs and fewer than `high + 1`.
  let low = known;
  let step = Math.max(64, known);
  if (guess > known && (await existsAt(guess - 1))) {
    low = guess;
    step = 1;
  }
  while (await existsAt(low + step - 1)) {
    low += step;
    step *= 2;
    if (low > mostRuns) return undefined;
  }
  let high = low + step - 1;
  while (low < high) {
    const middle = low + Math.ceil((high - low) / 2);
    if (await existsAt(middle - 1)) low = middle;
    else high = middle - 1;
  }
  return low;
}
