import { TagKey } from '../../src/shared/domain';
import type { RunEdit } from '../../src/shared/protocol/runs';
import { RemoteError } from '../../src/shared/rpc';
import type { Session } from '../runs/session';

/**
 * Shows a change at once and writes it; where the server refuses, the table is as it was before, unless it has been read
 * anew meanwhile. @returns what went wrong, in words
 */
export async function editRun(session: Session, edit: RunEdit): Promise<string | undefined> {
  const { before } = edit;
  if (before === edit.value) return undefined;
  show(session, edit, edit.value);
  try {
    await session.rpc.call('editRun', edit);
    return undefined;
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    if (shownNow(session, edit) === edit.value) show(session, edit, before);
    return [error.message, error.advice].filter(Boolean).join(' ');
  }
}

type Place = { readonly runId: string } & (
  | { readonly field: 'name' }
  | { readonly field: 'tag'; readonly key: string }
);

/** What is shown there; null where there is nothing. */
export function shownNow({ table }: Session, edit: Place): string | null {
  const row = table.rowOf(edit.runId);
  if (row === undefined) return null;
  return edit.field === 'name' ? table.head(row).name : (table.tag(edit.key)?.get(row) ?? null);
}

function show(session: Session, edit: RunEdit, value: string | null): void {
  const { table } = session;
  if (edit.field === 'tag') table.setTag(edit.runId, edit.key, value ?? undefined);
  else {
    table.changeHead(edit.runId, { name: value ?? '' });
    // MLflow keeps the name as a tag too.
    table.setTag(edit.runId, TagKey.runName, value ?? undefined);
  }
  session.changed();
}
