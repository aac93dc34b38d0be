import { quoteValue } from '../../mlflow/filterQuoting';
import { MlflowError } from '../../mlflow/mlflowError';
import type { TrackingStore } from '../../mlflow/trackingStore';
import type { LoggedModel, ModelVersion } from '../../shared/domain';
import { mapLimited } from '../../shared/mapLimited';
import { naturalCompare } from '../../shared/naturalCompare';
import { withAliases } from '../../shared/versionText';
import { pageSize } from './ranges';

const atOnce = 6;

export interface RegisteredVersions {
  readonly versions: readonly ModelVersion[];
  /** The server has more. */
  readonly more: boolean;
}

/**
 * The run's models by id (MLflow 3), those of the first page only: each is a request of its own. Without those the
 * server no longer has.
 */
export async function loadLoggedModels(
  store: Pick<TrackingStore, 'getLoggedModel'>,
  modelIds: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, LoggedModel>> {
  const models = await mapLimited([...new Set(modelIds)].slice(0, pageSize), atOnce, async (modelId) => {
    try {
      return [[modelId, await store.getLoggedModel(modelId, signal)] as const];
    } catch (error) {
      if (error instanceof MlflowError && error.kind === 'notFound') return [];
      throw error;
    }
  });
  return new Map(models.flat());
}

/** Versions registered from the run, by name, newest first, with the aliases that searches omit. */
export async function loadVersions(
  store: Pick<TrackingStore, 'searchModelVersions' | 'getRegisteredModel'>,
  runId: string,
  signal: AbortSignal,
): Promise<RegisteredVersions> {
  const filter = `run_id = ${quoteValue(runId)}`;
  const { items, nextPageToken } = await store.searchModelVersions({ filter, maxResults: pageSize }, signal);
  const names = [...new Set(items.map(({ name }) => name))].sort(naturalCompare);
  const versions = await mapLimited(names, atOnce, async (name) => {
    const { aliases } = await store.getRegisteredModel(name, signal);
    return withAliases(
      items.filter((version) => version.name === name),
      aliases,
    );
  });
  return { versions: versions.flat(), more: nextPageToken !== undefined };
}
