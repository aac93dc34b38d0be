import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { removeUnwritten } from '../checkouts/tidyStorage';
import { type LaunchedChanges, together } from './launchedChanges';

/** As a launch under way tells of it. */
export interface KeptChanges {
  readonly runIds: readonly string[];
  /** Name of a file. */
  readonly patch: string;
}

const hash = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex').slice(0, 16);

/** `owner` is the run that they go with: the runs of a sweep share the files of their parent. */
export const named = (owner: string, changes: readonly LaunchedChanges[]): readonly KeptChanges[] =>
  changes.map(({ runIds, patch }) => ({ runIds, patch: `${hash(owner)}-${hash(patch)}` }));

/** Writes patches into files that nobody else can read, by the names that they have. */
export async function keepChanges(folder: string, owner: string, changes: readonly LaunchedChanges[]): Promise<void> {
  if (changes.length === 0) return;
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  await removeUnwritten(folder);
  for (const change of changes)
    for (const { patch: name } of named(owner, [change]))
      await fs.writeFile(path.join(folder, name), change.patch, { mode: 0o600 });
}

/** What the editor's memory holds is decoded like any input; what is gone is left out. */
export async function keptChanges(folder: string, kept: readonly unknown[]): Promise<readonly LaunchedChanges[]> {
  const found: LaunchedChanges[] = [];
  for (const { runIds, patch } of kept.filter(isKept)) {
    const bytes = await fs.readFile(path.join(folder, patch)).catch(() => undefined);
    if (bytes) found.push({ runIds, patch: bytes });
  }
  return together([], found);
}

/** All that goes with `owner`. */
export async function dropChanges(folder: string, owner: string): Promise<void> {
  const names = await fs.readdir(folder).catch(() => []);
  for (const name of names)
    if (name.startsWith(`${hash(owner)}-`)) await fs.rm(path.join(folder, name), { force: true });
}

function isKept(value: unknown): value is KeptChanges {
  if (typeof value !== 'object' || value === null) return false;
  const { runIds, patch } = value as Record<string, unknown>;
  const areIds = Array.isArray(runIds) && runIds.every((runId) => typeof runId === 'string');
  return areIds && typeof patch === 'string' && /^[0-9a-f]{16}-[0-9a-f]{16}$/.test(patch);
}
