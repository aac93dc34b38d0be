import type { ServerInfo } from '../../shared/domain';
import type { HttpClient } from '../http/httpClient';
import { MlflowError } from '../mlflowError';
import { decodeExperiment, decodeRun } from '../wire/decoders';
import type { Fields } from '../wire/fields';
import { api2, api3, ask, get } from './restCall';

/** Asks the server what it is. Also finds out whether it accepts the credentials, which `/health` would not say. */
export async function probeServer(http: HttpClient, signal?: AbortSignal): Promise<ServerInfo> {
  const [info, experiments, version] = await Promise.all([
    optional(get(http, `${api3}/server-info`, {}, signal)),
    ask(http, `${api2}/experiments/search`, { max_results: 1 }, signal),
    versionOf(http, signal),
  ]);
  // An answer that decodes is MLflow's; any JSON would do otherwise.
  const [newest] = experiments.list('experiments', decodeExperiment);
  // The first releases of MLflow 3 have no server-info.
  const generation = info || Number.parseInt(version ?? '', 10) >= 3 ? 3 : 2;
  const user = generation === 3 ? await currentUser(http, signal) : undefined;
  const storeType = info?.optionalText('store_type') ?? (await storeOf(generation, newest?.experimentId, http, signal));
  return {
    generation,
    workspacesEnabled: info?.boolean('workspaces_enabled') ?? false,
    ...(version ? { version } : {}),
    ...(storeType ? { storeType } : {}),
    ...(user ? { user } : {}),
  };
}

/**
 * MLflow 2 does not say what keeps its runs. Files make ids of 18 digits (`_generate_unique_integer_id`), databases count.
 * Where there is nothing but the first experiment, files are known by LIKE, which there takes regular expressions.
 */
async function storeOf(
  generation: 2 | 3,
  experimentId: string | undefined,
  http: HttpClient,
  signal?: AbortSignal,
): Promise<string | undefined> {
  if (generation === 3 || experimentId === undefined) return undefined;
  if (experimentId !== '0') return /^\d{18}$/.test(experimentId) ? fileStore : undefined;
  const filter = "attributes.run_id LIKE '[0-9a-f]%'";
  const search = { experiment_ids: [experimentId], filter, max_results: 1, run_view_type: 'ALL' };
  const runs = await ask(http, `${api2}/runs/search`, search, signal);
  return runs.list('runs', decodeRun).length > 0 ? fileStore : undefined;
}

/** As MLflow 3 says it. */
const fileStore = 'FileStore';

/** Undefined for an answer that only says "there is no such thing here", which servers say in several ways. */
async function optional<T>(question: Promise<T>): Promise<T | undefined> {
  try {
    return await question;
  } catch (error) {
    const absent =
      error instanceof MlflowError &&
      (error.kind === 'notFound' || error.kind === 'protocol' || error.kind === 'auth' || error.kind === 'forbidden') &&
      error.details.status !== undefined &&
      !error.message.includes('Invalid Host header');
    if (absent) return undefined;
    throw error;
  }
}

async function versionOf(http: HttpClient, signal?: AbortSignal): Promise<string | undefined> {
  const answer = await optional(http.text({ method: 'GET', path: '/version' }, signal));
  const version = answer?.text.trim();
  return version && /^\d+\.\d+[\w.+-]*$/.test(version) ? version : undefined;
}

async function currentUser(http: HttpClient, signal?: AbortSignal): Promise<string | undefined> {
  const answer: Fields | undefined = await optional(get(http, `${api2}/users/current`, {}, signal));
  return answer?.optionalObject('user')?.optionalText('username');
}
