import type { RunEdit } from '../../shared/protocol/runs';
import type { PanelServices } from '../panelContext';

/** Writes one change. The page shows it once the server took it. @throws MlflowError also where the server is read-only */
export async function editRun(edit: RunEdit, serverUri: string, { connections, platform, runs }: PanelServices) {
  const { store, uri } = await connections.requireWritable();
  if (uri !== serverUri) throw new Error('The window is connected to another server.');
  if (edit.field === 'name') await store.updateRun(edit.runId, { name: edit.value });
  else if (edit.value === null) await store.deleteRunTag(edit.runId, edit.key);
  else await store.setRunTag(edit.runId, edit.key, edit.value);
  const what = edit.field === 'name' ? { name: edit.value } : { tag: edit.key };
  platform.log.audit('edit run', uri, { run: edit.runId, ...what });
  runs.markChanged([edit.runId]);
}
