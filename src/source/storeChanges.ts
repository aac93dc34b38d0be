import * as vscode from 'vscode';
import { TagKey } from '../shared/domain';
import { patchPath } from './patchArtifact';
import type { SourceServices } from './services';
import { confirmContent, doubtsOf } from './tagPatch';
import { type Planned, patchRefusal, reportTagged, writeAll } from './tagWrite';

interface Asked {
  readonly changes: readonly { readonly runIds: readonly string[]; readonly patch: Uint8Array }[];
  /** Nobody is asked or told: what is better looked at is not stored. */
  readonly quiet: boolean;
}

/** Stores what was not committed when runs were launched, as it was then. False where not all of it is stored. */
export async function storeChanges(services: SourceServices, given: unknown): Promise<boolean> {
  const { changes, quiet } = decode(given);
  const connection = await services.connections.requireWritable();
  const planned: Planned[] = [];
  for (const { runIds, patch } of changes) {
    if (quiet ? isDoubtful(patch) : (await confirmContent(patch, runIds.length)) === undefined) return false;
    const change = { set: { [TagKey.gitPatch]: patchPath(patch) }, remove: [] };
    for (const runId of runIds) planned.push({ run: await connection.store.getRun(runId), change, patch });
  }
  const outcome = await writeAll(services, connection, 'store changes', planned);
  const refusal = patchRefusal(outcome);
  if (refusal) throw refusal;
  if (!quiet) reportTagged(services, connection, outcome, vscode.l10n.t('the changes that were not committed'));
  return outcome.failures.length === 0;
}

function isDoubtful(patch: Uint8Array): boolean {
  const { secrets, binary } = doubtsOf(patch);
  return secrets.length > 0 || binary.length > 0;
}

/** Only launches ask; anybody can. */
function decode(given: unknown): Asked {
  const field = (whole: unknown, key: string): unknown =>
    typeof whole === 'object' && whole !== null ? Reflect.get(whole, key) : undefined;
  const changes = field(given, 'changes');
  if (!Array.isArray(changes)) throw new TypeError('No changes are given.');
  return {
    changes: changes.map((item: unknown) => {
      const [runIds, patch] = [field(item, 'runIds'), field(item, 'patch')];
      if (
        !Array.isArray(runIds) ||
        !runIds.every((runId) => typeof runId === 'string') ||
        !(patch instanceof Uint8Array)
      )
        throw new TypeError('The changes cannot be read.');
      return { runIds, patch };
    }),
    quiet: field(given, 'quiet') === true,
  };
}
