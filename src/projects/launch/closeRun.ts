import type { Platform } from '../../platform/services';
import { endOfRun, type ProcessEnd, type RunResult } from '../process/runEnd';
import { type LaunchedAt, withStoreOf } from './launchedAt';

/** Writes how a run ended where that is not on its server yet. */
export function closeRun(platform: Platform, at: LaunchedAt, runId: string, end: ProcessEnd): Promise<RunResult> {
  return withStoreOf(platform, at, async (store) => {
    const now = await store.getRun(runId);
    const { result, write } = endOfRun(now, end);
    if (write) {
      await store.updateRun(runId, { status: result, endTime: now.endTime ?? Date.now() });
      platform.log.audit('close run', at.connection.uri, { runId, status: result });
    }
    return result;
  });
}
