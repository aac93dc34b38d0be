import type { ServerInfo } from '../../shared/domain';
import { HttpClient } from '../http/httpClient';
import type { HttpOptions } from '../http/httpOptions';
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
  let probed: Promise<ServerInfo> | undefined;

  const probe = (signal?: AbortSignal): Promise<ServerInfo> => {
    const probing = probeServer(http, signal);
    probed = probing;
    probing.catch(() => {
      if (probed === probing) probed = undefined;
    });
    return probing;
  };
  // A question that needs the generation must not end because another question's signal was aborted.
  const generation = async () => (await (probed ?? probe())).generation;

  return {
    serverInfo: probe,
    ...experimentQuestions(http),
    ...runQuestions(http),
    ...metricQuestions(http, generation),
    ...artifactQuestions(http),
    ...registryQuestions(http),
    ...loggedModelQuestions(http, generation),
    dispose: () => http.dispose(),
  };
}
