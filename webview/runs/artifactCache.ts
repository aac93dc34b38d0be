import { imageType } from '../../src/shared/charts/loggedImages';
import type { HostEvents, HostMethods, PageMethods } from '../../src/shared/protocol/protocol';
import { RemoteError, type Rpc } from '../../src/shared/rpc';

type ArtifactRpc = Pick<Rpc<HostMethods, PageMethods, object, HostEvents>, 'call'>;

export interface Artifact {
  readonly runId: string;
  readonly path: string;
}

/** What became of reading an artifact. */
export type Loaded<Value> =
  | { readonly kind: 'ready'; readonly value: Value }
  | { readonly kind: 'failed'; readonly message: string };

export interface LoadedText {
  readonly text: string;
  /** Only the first 200 kB are here. */
  readonly cut: boolean;
}

const atOnce = 4;
/** What is kept beyond what is wanted: older ones are asked for again when they are seen again. */
const mostKept = 200;

const keyOf = ({ runId, path }: Artifact) => `${runId}/${path}`;

/** Artifacts of runs, read when they come into sight, a few at a time; the oldest that are out of sight are forgotten. */
export class ArtifactCache<Value> {
  private readonly known = new Map<string, Loaded<Value>>();
  private readonly asked = new Set<string>();
  private wanted: ReadonlySet<string> = new Set();
  private queue: Artifact[] = [];
  private running = 0;
  private disposed = false;

  constructor(
    private readonly read: (artifact: Artifact) => Promise<Value>,
    private readonly release: (value: Value) => void,
    private readonly onChange: () => void,
  ) {}

  /** Undefined while it is being read. */
  of(runId: string, path: string): Loaded<Value> | undefined {
    return this.known.get(keyOf({ runId, path }));
  }

  /** What is in sight now: what waits and is not is taken back. */
  want(artifacts: readonly Artifact[]): void {
    this.wanted = new Set(artifacts.map(keyOf));
    this.queue = artifacts.filter((artifact) => {
      const key = keyOf(artifact);
      return !this.known.has(key) && !this.asked.has(key);
    });
    this.start();
  }

  /** What could not be read is asked for again when it is wanted next. */
  retry(): void {
    for (const [key, item] of this.known) if (item.kind === 'failed') this.known.delete(key);
  }

  dispose(): void {
    this.disposed = true;
    this.queue = [];
    for (const item of this.known.values()) if (item.kind === 'ready') this.release(item.value);
    this.known.clear();
  }

  private start(): void {
    while (this.running < atOnce) {
      const next = this.queue.shift();
      if (!next) return;
      void this.load(next);
    }
  }

  private async load(artifact: Artifact): Promise<void> {
    const key = keyOf(artifact);
    this.asked.add(key);
    this.running++;
    try {
      this.keep(key, { kind: 'ready', value: await this.read(artifact) });
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error;
      if (error.kind !== 'cancelled') this.keep(key, { kind: 'failed', message: error.message });
    } finally {
      this.asked.delete(key);
      this.running--;
      if (!this.disposed) {
        this.onChange();
        this.start();
      }
    }
  }

  private keep(key: string, item: Loaded<Value>): void {
    if (this.disposed) {
      if (item.kind === 'ready') this.release(item.value);
      return;
    }
    this.known.set(key, item);
    for (const [old, oldest] of this.known) {
      if (this.known.size <= mostKept) return;
      if (this.wanted.has(old) || old === key) continue;
      if (oldest.kind === 'ready') this.release(oldest.value);
      this.known.delete(old);
    }
  }
}

/** Pictures as `blob:` addresses, which only this page can open. */
export function imageCache(rpc: ArtifactRpc, onChange: () => void): ArtifactCache<string> {
  const read = async ({ runId, path }: Artifact) => {
    const { bytes } = await rpc.call('artifactBytes', { runId, path, as: 'image' });
    // A copy, since a Blob takes no view of shared memory.
    return URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type: imageType(path) ?? 'image/png' }));
  };
  return new ArtifactCache(read, (url) => URL.revokeObjectURL(url), onChange);
}

export function textCache(rpc: ArtifactRpc, onChange: () => void): ArtifactCache<LoadedText> {
  const read = async ({ runId, path }: Artifact) => {
    const { bytes, cut } = await rpc.call('artifactBytes', { runId, path, as: 'text' });
    return { text: new TextDecoder().decode(bytes), cut };
  };
  return new ArtifactCache(read, () => undefined, onChange);
}
