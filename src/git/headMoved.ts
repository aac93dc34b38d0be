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

/** A commit that the head came to. */
export interface HeadMove {
  /** ms, of a whole second. */
  readonly at: number;
  readonly commit: string;
  /** What moved it: `checkout`, `commit`, `pull`. */
  readonly kind: string;
}

const mostMoves = 500;

/** The last moves of the head, the newest first; none where git keeps no log of them. */
export async function headMoves({ root }: GitRepository, signal?: AbortSignal): Promise<readonly HeadMove[]> {
  const args = [
    'log',
    '--walk-reflogs',
    '--date=unix',
    `--max-count=${mostMoves}`,
    '--format=%gd %H %gs',
    'HEAD',
    '--',
  ];
  const output = await gitText(root, args, { signal, acceptedExitCodes: [128] });
  return output.split('\n').flatMap((line) => {
    const [, seconds, commit, kind = ''] = /^HEAD@\{(\d+)\} ([0-9a-f]{40,64}) ?([a-z-]*)/.exec(line) ?? [];
    return seconds === undefined || commit === undefined ? [] : [{ at: Number(seconds) * 1000, commit, kind }];
  });
}
