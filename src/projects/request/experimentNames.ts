import type { TrackingStore } from '../../mlflow/trackingStore';

/** The experiments a person would look among, those used last first. */
export async function experimentNames(store: TrackingStore): Promise<readonly string[]> {
  const { items } = await store.searchExperiments({ orderBy: ['last_update_time DESC'], maxResults: 1_000 });
  return items.map(({ name }) => name);
}
