import type { Connection } from '../connections/connection';
import { credentialsFromEnvironment } from '../connections/credentialStore';
import { createRestTrackingStore } from '../mlflow/rest/restTrackingStore';
import type { TrackingStore } from '../mlflow/trackingStore';
import { httpOptionsFor } from '../platform/httpSettings';
import type { Platform } from '../platform/services';
import { endOfRun, type ProcessEnd, type RunResult } from './runEnd';

/** Where and as whom something was launched. */
export interface LaunchedAt {
  readonly connection: Connection;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * A store of one's own. Training lasts for hours and the window may be at another server by then: so this asks at the
 * address and as the person of the launch.
 */
export async function withStoreOf<T>(
  platform: Platform,
  { connection, environment }: LaunchedAt,
  ask: (store: TrackingStore) => Promise<T>,
): Promise<T> {
  const version: unknown = platform.context.extension.packageJSON?.version;
  const credentials = credentialsFromEnvironment(environment);
  const store = createRestTrackingStore({
    ...httpOptionsFor(connection.uri, typeof version === 'string' ? version : '0', platform.log),
    baseUrl: connection.uri,
    ...(credentials ? { credentials } : {}),
  });
  try {
    return await ask(store);
  } finally {
    store.dispose();
  }
}

/** Writes how a run ended where that is not on its server yet. */
export function closeRun(platform: Platform, launch: LaunchedAt, runId: string, end: ProcessEnd): Promise<RunResult> {
  return withStoreOf(platform, launch, async (store) => {
    const now = await store.getRun(runId);
    const { result, write } = endOfRun(now, end);
    if (write) {
      await store.updateRun(runId, { status: result, endTime: now.endTime ?? Date.now() });
      platform.log.audit('close run', launch.connection.uri, { runId, status: result });
    }
    return result;
  });
}
