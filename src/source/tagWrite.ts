import * as vscode from 'vscode';
import type { Connection } from '../connections/connection';
import { isCancelled, MlflowError } from '../mlflow/mlflowError';
import { runOrigin } from '../mlflow/runSource';
import { withProgress } from '../platform/cancellation';
import { messages } from '../platform/messages';
import { offerUndo } from '../platform/offerUndo';
import { shortId } from '../shared/commitId';
import type { Run, Tags } from '../shared/domain';
import { mapLimited } from '../shared/mapLimited';
import { patchPath, withdrawPatch } from './patchArtifact';
import type { SourceServices } from './services';
import { changed, isWrittenByOthers, type TagChange, undoChange } from './tagPlan';

const atOnce = 6;

/** What is written to one run. */
export interface Planned {
  /** As it was when that was decided. */
  readonly run: Run;
  readonly change: TagChange;
  /** What its tags may be now; those of `run`, unless an undo found them changed. */
  readonly known?: readonly Tags[];
  /** Stored before the tags are set, of which one names its place. */
  readonly patch?: Uint8Array;
}

export interface Outcome {
  readonly written: readonly Planned[];
  readonly failures: readonly { readonly run: Run; readonly error: unknown }[];
}

/** The server did not take the patch; the tags were not written either. */
export class PatchRefused extends MlflowError {}

/** Somebody else wrote on the run since it was looked at; nothing was written over that. */
export class WrittenMeanwhile extends MlflowError {}

/** Why, when it took none. */
export function patchRefusal({ written, failures }: Outcome): PatchRefused | undefined {
  const refusals = failures.flatMap(({ error }) => (error instanceof PatchRefused ? [error] : []));
  return written.length === 0 && refusals.length === failures.length ? refusals[0] : undefined;
}

/** Writes to one run after the other has begun, a few at once; what fails does not stop the others. */
export async function writeAll(
  { platform, runs }: Pick<SourceServices, 'platform' | 'runs'>,
  connection: Connection,
  action: string,
  planned: readonly Planned[],
): Promise<Outcome> {
  const written: Planned[] = [];
  const failures: { run: Run; error: unknown }[] = [];
  const writeOne = async (item: Planned, signal?: AbortSignal) => {
    const { run, change } = item;
    try {
      signal?.throwIfAborted();
      await lookAgain(connection, item, signal);
      await storePatch(connection, item, signal);
      await setTags(connection, item, signal);
      // From here on something was written: it must be known for Undo, also when taking tags away fails.
      written.push(item);
      for (const key of change.remove) await connection.store.deleteRunTag(run.runId, key, signal);
    } catch (error) {
      failures.push({ run, error });
    }
    const failed = failures.some((failure) => failure.run === run);
    const details = { run: run.runId, ...change.set, removed: change.remove.join(' '), failed };
    platform.log.audit(action, connection.uri, details);
  };
  await forEach(planned, writeOne);
  runs.markChanged(planned.map(({ run }) => run.runId));
  return { written, failures };
}

/** Between the look at a run and the write a person may have been asked for minutes. */
async function lookAgain(
  { store, uri }: Connection,
  { run, change, known = [run.tags] }: Planned,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { tags } = await store.getRun(run.runId, signal);
  if (!isWrittenByOthers(tags, known, change)) return;
  const commit = runOrigin({ tags }).commit;
  const message =
    commit === undefined
      ? vscode.l10n.t('The commit of the run was changed on the server meanwhile.')
      : vscode.l10n.t('The commit of the run was changed on the server meanwhile, to {0}.', shortId(commit));
  throw new WrittenMeanwhile('conflict', message, {
    server: uri,
    advice: vscode.l10n.t('Nothing was written. Look at the run, and tag it once more to replace that.'),
  });
}

async function forEach<T>(items: readonly T[], act: (item: T, signal?: AbortSignal) => Promise<void>): Promise<void> {
  if (items.length <= atOnce) {
    await mapLimited(items, atOnce, (item) => act(item));
    return;
  }
  await withProgress(vscode.l10n.t('Tagging {0} runs', items.length), async (signal, report) => {
    let done = 0;
    await mapLimited(items, atOnce, async (item) => {
      await act(item, signal);
      report(vscode.l10n.t('{0} of {1}', ++done, items.length), 100 / items.length);
    });
  });
}

async function storePatch(
  { store, uri }: Connection,
  { run, patch }: Planned,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (!patch) return;
  try {
    await store.uploadArtifact(run.runId, patchPath(patch), patch, signal);
  } catch (error) {
    if (!(error instanceof MlflowError) || isCancelled(error)) throw error;
    throw new PatchRefused(error.kind, vscode.l10n.t('The patch could not be stored: {0}', error.message), {
      ...error.details,
      server: uri,
      advice: vscode.l10n.t(
        'The server must be able to write to the artifacts of the run: ask its owner, or tag without the patch.',
      ),
    });
  }
}

/** A patch that no tag tells of is taken back. */
async function setTags(
  { store }: Connection,
  { run, change, patch }: Planned,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await store.logBatch(run.runId, { tags: change.set }, signal);
  } catch (error) {
    // What failed first is what the person has to know.
    if (patch) await withdrawPatch(store, run, patchPath(patch)).catch(() => undefined);
    throw error;
  }
}

/** Says what was tagged, what was not, and offers Undo. Throws when nothing was tagged. */
export function reportTagged(
  services: Pick<SourceServices, 'platform' | 'runs'>,
  connection: Connection,
  outcome: Outcome,
  head: string,
): void {
  const { written, failures } = outcome;
  const [failure] = failures;
  if (written.length === 0 && failure) throw failure.error;
  const [only] = written;
  const done =
    written.length === 1 && only
      ? vscode.l10n.t('Tagged run {0} with {1}.', only.run.name, head)
      : vscode.l10n.t('Tagged {0} runs with {1}.', written.length, head);
  const text = failure ? `${done} ${vscode.l10n.t('Not tagged: {0}', reasonText(failures))}` : done;
  const undo = () => undoTags(services, connection, written);
  offerUndo(services.platform.commands, text, undo, failure !== undefined);
}

/** `one, two, … (The server failed.)` */
function reasonText(failures: Outcome['failures']): string {
  const names = failures.slice(0, 3).map(({ run }) => run.name);
  if (failures.length > names.length) names.push('…');
  const real = failures.find(({ error }) => !isCancelled(error));
  const reason = real
    ? real.error instanceof Error
      ? real.error.message
      : String(real.error)
    : vscode.l10n.t('cancelled');
  return `${names.join(', ')} (${reason})`;
}

async function undoTags(
  services: Pick<SourceServices, 'platform' | 'runs'>,
  connection: Connection,
  written: readonly Planned[],
): Promise<void> {
  const planned = written.map(({ run, change }) => ({
    run,
    change: undoChange(run, change),
    known: [changed(run.tags, change), run.tags],
  }));
  const { failures } = await writeAll(services, connection, 'undo tagging', planned);
  const [failure] = failures;
  if (failure && failures.length === planned.length) throw failure.error;
  const kept = new Set(failures.map(({ run }) => run.runId));
  const left = await withdrawAll(
    connection,
    written.filter(({ run }) => !kept.has(run.runId)),
  );
  if (!failure && left.length === 0) {
    const done =
      planned.length === 1
        ? vscode.l10n.t('Brought back the tags of the run')
        : vscode.l10n.t('Brought back the tags of {0} runs', planned.length);
    vscode.window.setStatusBarMessage(done, 5_000);
    return;
  }
  const text = [
    ...(failure ? [vscode.l10n.t('The tags of these runs were not brought back: {0}', reasonText(failures))] : []),
    ...(left.length > 0
      ? [vscode.l10n.t('The patches of these runs are still on the server: {0}', reasonText(left))]
      : []),
  ].join(' ');
  await messages.showWarningMessage(text);
}

/** What fails for one run keeps no other patch on the server. */
async function withdrawAll({ store }: Connection, undone: readonly Planned[]): Promise<Outcome['failures']> {
  const failures: { run: Run; error: unknown }[] = [];
  await mapLimited(undone, atOnce, async ({ run, patch }) => {
    try {
      if (patch) await withdrawPatch(store, run, patchPath(patch));
    } catch (error) {
      failures.push({ run, error });
    }
  });
  return failures;
}
