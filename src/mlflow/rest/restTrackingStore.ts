import type { ServerInfo } from '../../shared/domain';
import { HttpClient } from '../http/httpClient';
import type { HttpOptions } from '../http/httpOptions';
import { MlflowError } from '../mlflowError';
import type { TrackingStore } from '../trackingStore';
import { artifactQuestions } from './artifacts';
import { experimentQuestions } from './experiments';
import { loggedModelQuestions } from './loggedModels';
import { metricQuestions } from './metrics';
import { registryQuestions } from './registry';
import { runQuestions } from './runs';
import { probeServer } from './server';

/** A tracking server spoken to by REST. Creating it connects to nothing. */
export function createRestTrackingStore(options: HttpOptions): TrackingStore {
  const http = new HttpClient(options);
  let known: Promise<2 | 3> | undefined;

  const serverInfo = async (signal?: AbortSignal): Promise<ServerInfo> => {
    const info = await probeServer(http, signal);
    known = Promise.resolve(info.generation);
    return info;
  };
  // Asked once for all, so without anybody's signal: one question that is cancelled must not end the others.
  const generation = (signal?: AbortSignal): Promise<2 | 3> => {
    known ??= probeServer(http).then(
      (info) => info.generation,
      (error: unknown) => {
        known = undefined;
        throw error;
      },
    );
    return orCancelled(known, signal);
  };

  return {
    serverInfo,
    ...experimentQuestions(http),
    ...runQuestions(http),
    ...metricQuestions(http, generation),
    ...artifactQuestions(http),
    ...registryQuestions(http),
    ...loggedModelQuestions(http, generation),
    dispose: () => http.dispose(),
  };
}

/** The promise, but given up as soon as the signal is aborted. */
function orCancelled<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const cancel = () => reject(new MlflowError('cancelled', 'Cancelled.'));
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', cancel));
  });
}
