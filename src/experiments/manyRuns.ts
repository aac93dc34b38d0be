import * as vscode from 'vscode';
import { withProgress } from '../platform/cancellation';
import { mapLimited } from '../shared/mapLimited';

const atOnce = 6;
/** More than these get a progress with Cancel. */
const quickly = 10;

/**
 * One question or write a run, a few at once; a failure ends it.
 * @param title of the progress
 * @throws what failed, or that a person cancelled it, when what had begun has ended
 */
export function eachOfMany<T, R>(
  title: string,
  items: readonly T[],
  work: (item: T, signal?: AbortSignal) => Promise<R>,
): Promise<R[]> {
  let done = 0;
  const all = (signal?: AbortSignal, report?: (message: string, increment: number) => void) =>
    mapLimited(items, atOnce, async (item) => {
      signal?.throwIfAborted();
      const result = await work(item, signal);
      report?.(vscode.l10n.t('{0} of {1}', ++done, items.length), 100 / items.length);
      return result;
    });
  return items.length <= quickly ? all() : withProgress(title, all);
}
