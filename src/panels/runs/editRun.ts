import * as vscode from 'vscode';
import { MlflowError } from '../../mlflow/mlflowError';
import { type Run, TagKey } from '../../shared/domain';
import { oneLine } from '../../shared/oneLine';
import type { RunEdit } from '../../shared/protocol/runs';
import type { PanelServices } from '../panelContext';

const mostSaid = 200;

/**
 * Writes one change, unless somebody else changed the same since the person saw it.
 * @throws MlflowError also where the server is read-only
 */
export async function editRun(edit: RunEdit, serverUri: string, { connections, platform, runs }: PanelServices) {
  const { store, uri } = await connections.requireWritable();
  if (uri !== serverUri) throw new Error('The window is connected to another server.');
  const now = shownOf(await store.getRun(edit.runId), edit);
  if (now !== edit.before && now !== edit.value) {
    runs.markChanged([edit.runId]);
    throw changedMeanwhile(edit, now, uri);
  }
  if (edit.field === 'name') await store.updateRun(edit.runId, { name: edit.value });
  else if (edit.value === null) await store.deleteRunTag(edit.runId, edit.key);
  else await store.setRunTag(edit.runId, edit.key, edit.value);
  const what = edit.field === 'name' ? { name: edit.value } : { tag: edit.key };
  platform.log.audit('edit run', uri, { run: edit.runId, ...what });
  runs.markChanged([edit.runId]);
}

function shownOf({ name, tags }: Run, edit: RunEdit): string | null {
  if (edit.field === 'name') return name;
  return Object.hasOwn(tags, edit.key) ? (tags[edit.key] ?? null) : null;
}

function changedMeanwhile(edit: RunEdit, now: string | null, server: string): MlflowError {
  const what =
    edit.field === 'name'
      ? vscode.l10n.t('The name')
      : edit.key === TagKey.note
        ? vscode.l10n.t('The description')
        : vscode.l10n.t('The tag {0}', edit.key);
  const message =
    now === null
      ? vscode.l10n.t('{0} was removed on the server meanwhile.', what)
      : vscode.l10n.t('{0} was changed on the server meanwhile, to "{1}".', what, oneLine(now).slice(0, mostSaid));
  return new MlflowError('conflict', message, {
    server,
    advice: vscode.l10n.t('Nothing was written. Write it once more to replace that.'),
  });
}
