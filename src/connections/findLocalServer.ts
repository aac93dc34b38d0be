import { HttpClient } from '../mlflow/http/httpClient';
import type { HttpOptions } from '../mlflow/http/httpOptions';
import { MlflowError } from '../mlflow/mlflowError';

const timeLimitMs = 1_000;

export interface FoundServer {
  readonly uri: string;
  /** Absent when the server wants a sign-in before it says. */
  readonly version?: string;
}

/**
 * Whether a real MLflow answers at `uri`: many programs listen on port 5000. Never throws; `undefined` also when the
 * answer takes longer than a second.
 */
export async function findLocalServer(
  uri: string,
  options: Omit<HttpOptions, 'baseUrl' | 'credentials'>,
  signal?: AbortSignal,
): Promise<FoundServer | undefined> {
  const http = new HttpClient({ ...options, baseUrl: uri, headersTimeoutMs: timeLimitMs, retries: 0 });
  const limit = AbortSignal.timeout(timeLimitMs);
  const both = signal ? AbortSignal.any([signal, limit]) : limit;
  try {
    const health = await http.text({ method: 'GET', path: '/health' }, both);
    if (health.text.trim() !== 'OK') return undefined;
    return await versionOf(http, uri, both);
  } catch (error) {
    if (error instanceof MlflowError) return undefined;
    throw error;
  } finally {
    http.dispose();
  }
}

async function versionOf(http: HttpClient, uri: string, signal: AbortSignal): Promise<FoundServer | undefined> {
  try {
    const version = (await http.text({ method: 'GET', path: '/version' }, signal)).text.trim();
    return /^\d+\.\d+[\w.+-]*$/.test(version) ? { uri, version } : undefined;
  } catch (error) {
    // Under basic auth /health is open and /version is not.
    if (error instanceof MlflowError && error.kind === 'auth') return { uri };
    throw error;
  }
}
