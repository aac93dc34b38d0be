import { credentialsFromEnvironment } from '../connections/credentialStore';
import { createRestTrackingStore } from '../mlflow/rest/restTrackingStore';
import { httpOptionsFor } from '../platform/httpSettings';
import type { Platform } from '../platform/services';
import type { Launch } from './launch';
import { endOfRun, type ProcessEnd, type RunResult } from './runEnd';

/**
 * Writes how a run ended where that is not on its server yet. Training lasts for hours and the window may be at another
 * server by then: so this asks through a store of its own, at the address and as the person of the launch.
 */
export async function closeRun(
  platform: Platform,
  { connection, run, environment }: Launch,
  end: ProcessEnd,
): Promise<RunResult> {
  const version: unknown = platform.context.extension.packageJSON?.version;
  const credentials = credentialsFromEnvironment(environment);
  const store = createRestTrackingStore({
    ...httpOptionsFor(connection.uri, typeof version === 'string' ? version : '0', platform.log),
    baseUrl: connection.uri,
    ...(credentials ? { credentials } : {}),
  });
  try {
    const now = await store.getRun(run.runId);
    const { result, write } = endOfRun(now, end);
    if (write) {
      await store.updateRun(run.runId, { status: result, endTime: now.endTime ?? Date.now() });
      platform.log.audit('close run', connection.uri, { runId: run.runId, status: result });
    }
    return result;
  } finally {
    store.dispose();
  }
}
