import type { ArtifactRef } from '../mlflow/artifactUri';
import { MlflowError } from '../mlflow/mlflowError';
import type { TrackingStore } from '../mlflow/trackingStore';
import { nameOf, parentOf } from '../shared/artifactPath';
import type { ArtifactInfo } from '../shared/domain';

const freshMs = { running: 5_000, ended: 60_000 } as const;
const mostKept = 500;

interface Kept {
  readonly files: readonly ArtifactInfo[];
  readonly at: number;
}

/**
 * Folder listings of runs. Those of a run that ended are kept for a minute, those of one that is running for five
 * seconds. Failures are never kept.
 */
export class RunListings {
  private readonly listings = new Map<string, Kept>();
  /** When each run ended, ms; only of runs that did. */
  private readonly ends = new Map<string, number>();

  constructor(private readonly now: () => number = Date.now) {}

  async list(store: TrackingStore, { runId, path }: ArtifactRef, signal?: AbortSignal): Promise<Kept['files']> {
    const key = `${runId}/${path}`;
    const kept = this.listings.get(key);
    const limit = this.ends.has(runId) ? freshMs.ended : freshMs.running;
    if (kept && this.now() - kept.at < limit) return kept.files;
    const { files } = await store.listArtifacts(runId, path, signal);
    // A server that lists a folder within itself would be walked for ever.
    const children = files.filter((file) => parentOf(file.path) === path);
    this.keep(key, { files: children, at: this.now() });
    return children;
  }

  /** The entry itself, found in its folder; `notFound` when it is not there. */
  async entry(store: TrackingStore, ref: ArtifactRef, signal?: AbortSignal): Promise<ArtifactInfo> {
    if (ref.path === '') return { path: '', isFolder: true };
    const folder = { runId: ref.runId, path: parentOf(ref.path) };
    const files = await this.list(store, folder, signal);
    const sought = (file: ArtifactInfo) => file.path === ref.path;
    let found = files.find(sought);
    if (!found) {
      // It may have come after the listing was kept.
      this.listings.delete(`${folder.runId}/${folder.path}`);
      found = (await this.list(store, folder, signal)).find(sought);
    }
    if (found) return found;
    throw new MlflowError('notFound', `The run has no artifact ${JSON.stringify(nameOf(ref.path))}.`, {
      advice: 'Refresh the Run view to see what it has now.',
    });
  }

  /** When the run ended, ms; undefined while it is running. */
  async endOf(store: TrackingStore, runId: string, signal?: AbortSignal): Promise<number | undefined> {
    const known = this.ends.get(runId);
    if (known !== undefined) return known;
    const { status, endTime, startTime } = await store.getRun(runId, signal);
    if (status === 'RUNNING' || status === 'SCHEDULED') return undefined;
    const end = endTime ?? startTime;
    this.ends.set(runId, end);
    // What was read while it ran may lack what it wrote last.
    for (const key of this.listings.keys()) if (key.startsWith(`${runId}/`)) this.listings.delete(key);
    return end;
  }

  clear(): void {
    this.listings.clear();
    this.ends.clear();
  }

  private keep(key: string, kept: Kept): void {
    this.listings.delete(key);
    this.listings.set(key, kept);
    const [oldest] = this.listings.keys();
    if (this.listings.size > mostKept && oldest !== undefined) this.listings.delete(oldest);
  }
}
