import type { Connection } from '../../connections/connection';
import { MlflowError } from '../../mlflow/mlflowError';
import type { ModelVersion, Run } from '../../shared/domain';
import { mapLimited } from '../../shared/mapLimited';
import type { FileRuns } from './fileRuns';
import type { MlflowSubject } from './mlflowCalls';

/** What a server knows of a subject. */
export type LensFacts =
  | {
      readonly kind: 'runs';
      /** Whose they are. */
      readonly of: { readonly experimentId: string } | { readonly file: string };
      readonly runs: readonly Run[];
      readonly more: boolean;
      /** Of the experiment, or of those that the runs are in, by id. */
      readonly experiments: ReadonlyMap<string, string>;
    }
  /** The newest first; one where code names one. */
  | { readonly kind: 'versions'; readonly versions: readonly [RunOfVersion, ...RunOfVersion[]] }
  /** It has no such experiment, model or alias. */
  | { readonly kind: 'nothing' };

export interface RunOfVersion {
  readonly version: ModelVersion;
  /** Absent where it came from none, or from one that is gone. */
  readonly run?: Run | undefined;
}

/** So many stand in a hover. */
export const mostRuns = 5;

const pageSize = 100;
/** Of a model with more versions an old one in a stage is not looked for. */
const mostVersions = 1_000;

/** @throws MlflowError */
export async function askFacts(
  connection: Connection,
  files: FileRuns,
  subject: MlflowSubject,
  signal?: AbortSignal,
): Promise<LensFacts> {
  const { store } = connection;
  try {
    switch (subject.kind) {
      case 'experiment':
        return await runsOf(store, subject.name, signal);
      case 'startRun':
        if (subject.experiment !== undefined) return await runsOf(store, subject.experiment, signal);
        return subject.file === undefined
          ? { kind: 'nothing' }
          : await runsOfFile(connection, files, subject.file, signal);
      case 'model':
        return await withRuns(store, await newestVersions(store, subject.name, signal), signal);
      case 'stage':
        return await withRuns(store, await newestInStage(store, subject, signal), signal);
      case 'alias':
        return await withRuns(store, [await store.getModelVersionByAlias(subject.name, subject.alias, signal)], signal);
      case 'version':
        return await withRuns(store, [await store.getModelVersion(subject.name, subject.version, signal)], signal);
    }
  } catch (error) {
    // A missing alias is an invalid parameter to MLflow.
    const missing = error instanceof MlflowError && (error.kind === 'notFound' || error.kind === 'invalid');
    if (missing) return { kind: 'nothing' };
    throw error;
  }
}

type Store = Connection['store'];

async function runsOf(store: Store, name: string, signal?: AbortSignal): Promise<LensFacts> {
  const experiment = await store.getExperimentByName(name, signal);
  if (experiment?.lifecycleStage !== 'active') return { kind: 'nothing' };
  const { experimentId } = experiment;
  const search = { experimentIds: [experimentId], orderBy: ['attributes.start_time DESC'], maxResults: mostRuns };
  const { items, nextPageToken } = await store.searchRuns(search, signal);
  const experiments = new Map([[experimentId, name]]);
  return { kind: 'runs', of: { experimentId }, runs: items, more: nextPageToken !== undefined, experiments };
}

async function runsOfFile(
  connection: Connection,
  files: FileRuns,
  file: string,
  signal?: AbortSignal,
): Promise<LensFacts> {
  const found = await files.newest(connection, file, mostRuns, signal);
  if (!found) return { kind: 'nothing' };
  const ids = [...new Set(found.runs.map(({ experimentId }) => experimentId))];
  const experiments = await mapLimited(ids, mostRuns, async (id) => {
    const { name } = await connection.store.getExperiment(id, signal);
    return [id, name] as const;
  });
  return { kind: 'runs', of: { file }, ...found, experiments: new Map(experiments) };
}

const newestVersions = async (store: Store, name: string, signal?: AbortSignal) =>
  (await store.searchModelVersions({ ...versionsOf(name), maxResults: mostRuns }, signal)).items;

/** MLflow takes the stage in any case, and of several versions in it the newest. */
async function newestInStage(
  store: Store,
  { name, stage }: { readonly name: string; readonly stage: string },
  signal?: AbortSignal,
): Promise<readonly ModelVersion[]> {
  let pageToken: string | undefined;
  for (let looked = 0; looked < mostVersions; looked += pageSize) {
    const search = { ...versionsOf(name), maxResults: pageSize, ...(pageToken === undefined ? {} : { pageToken }) };
    const { items, nextPageToken } = await store.searchModelVersions(search, signal);
    const found = items.find((version) => version.stage.toLowerCase() === stage.toLowerCase());
    if (found || nextPageToken === undefined) return found ? [found] : [];
    pageToken = nextPageToken;
  }
  return [];
}

/** The newest first. */
function versionsOf(name: string): { readonly filter: string; readonly orderBy: readonly string[] } {
  // In quotes of the kind it does not hold; no model has a name with both.
  const quote = name.includes("'") ? '"' : "'";
  return { filter: `name=${quote}${name}${quote}`, orderBy: ['version_number DESC'] };
}

async function withRuns(store: Store, versions: readonly ModelVersion[], signal?: AbortSignal): Promise<LensFacts> {
  const [first, ...others] = await mapLimited(versions, mostRuns, async (version): Promise<RunOfVersion> => {
    if (version.runId === undefined) return { version };
    const run = await store.getRun(version.runId, signal).catch((error: unknown) => {
      if (error instanceof MlflowError && error.kind === 'notFound') return undefined;
      throw error;
    });
    return { version, run };
  });
  return first ? { kind: 'versions', versions: [first, ...others] } : { kind: 'nothing' };
}
