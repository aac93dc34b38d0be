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

/** Writes a run's description as it was typed. What the server does not take stays typed, beside what is there now. */
export async function saveDraft(session: Session, runId: string): Promise<void> {
  const { drafts, loader } = session;
  const draft = drafts.of(runId);
  if (!draft) return;
  drafts.drop(runId);
  const place = { runId, field: 'tag', key: TagKey.note } as const;
  const value = draft.text.trim() === '' ? null : draft.text;
  const problem = await editRun(session, { ...place, before: draft.base, value });
  if (problem === undefined) return;
  // One that was begun since is the newer one.
  drafts.set(runId, { ...(drafts.of(runId) ?? draft), problem });
  await loader.readAgain([runId]);
  const kept = drafts.of(runId);
  if (kept) drafts.set(runId, { ...kept, base: shownNow(session, place) });
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
