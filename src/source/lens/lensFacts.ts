import type { Connection } from '../../connections/connection';
import { MlflowError } from '../../mlflow/mlflowError';
import type { ModelVersion, Run } from '../../shared/domain';
import type { MlflowSubject } from './mlflowCalls';

/** What a server knows of a subject. */
export type LensFacts =
  | { readonly kind: 'runs'; readonly experimentId: string; readonly runs: readonly Run[]; readonly more: boolean }
  | { readonly kind: 'version'; readonly version: ModelVersion; readonly run?: Run | undefined }
  /** It has no such experiment, model or alias. */
  | { readonly kind: 'nothing' };

/** So many stand in a hover. */
export const mostRuns = 5;

/** Where code says no experiment, MLflow takes this one. */
const defaultExperiment = 'Default';

/** @throws MlflowError */
export async function askFacts(
  { store }: Connection,
  subject: MlflowSubject,
  signal?: AbortSignal,
): Promise<LensFacts> {
  try {
    switch (subject.kind) {
      case 'experiment':
        return await runsOf(store, subject.name, signal);
      case 'startRun':
        return await runsOf(store, subject.experiment ?? defaultExperiment, signal);
      case 'model':
        return await withRun(store, await newestVersion(store, subject.name, signal), signal);
      case 'alias':
        return await withRun(store, await store.getModelVersionByAlias(subject.name, subject.alias, signal), signal);
      case 'version':
        return await withRun(store, await store.getModelVersion(subject.name, subject.version, signal), signal);
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
  return { kind: 'runs', experimentId, runs: items, more: nextPageToken !== undefined };
}

async function newestVersion(store: Store, name: string, signal?: AbortSignal): Promise<ModelVersion | undefined> {
  // In quotes of the kind it does not hold; no model has a name with both.
  const quote = name.includes("'") ? '"' : "'";
  const filter = `name=${quote}${name}${quote}`;
  const { items } = await store.searchModelVersions({ filter, maxResults: 100 }, signal);
  return [...items].sort((a, b) => Number(b.version) - Number(a.version))[0];
}

async function withRun(store: Store, version: ModelVersion | undefined, signal?: AbortSignal): Promise<LensFacts> {
  if (!version) return { kind: 'nothing' };
  if (version.runId === undefined) return { kind: 'version', version };
  const run = await store.getRun(version.runId, signal).catch((error: unknown) => {
    if (error instanceof MlflowError && error.kind === 'notFound') return undefined;
    throw error;
  });
  return { kind: 'version', version, run };
}
