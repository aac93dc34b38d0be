import { stat } from 'node:fs/promises';
import path from 'node:path';
import { gitText } from './gitProcess';
import type { GitRepository } from './gitRepository';

/** When the head last changed (ms): by a commit, a checkout, a reset. Undefined where git keeps no log of it. */
export async function headMovedAt({ root }: GitRepository, signal?: AbortSignal): Promise<number | undefined> {
  const log = (await gitText(root, ['rev-parse', '--git-path', 'logs/HEAD'], { signal })).trimEnd();
  return stat(path.resolve(root, log)).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}
