import { imageType } from '../../../src/shared/charts/loggedImages';
import { RemoteError } from '../../../src/shared/rpc';
import type { HostRpc } from '../../runs/session';

/** An artifact's bytes, as far as they are wanted. */
export type Loaded<Value> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly value: Value }
  | { readonly kind: 'failed'; readonly message: string };

export interface LoadedText {
  readonly text: string;
  /** Only the first 200 kB are here. */
  readonly cut: boolean;
}

/** What is kept: the oldest go first, and their memory with them. */
const mostKept = 300;
const atOnce = 4;

/** Reads artifacts once, a few at a time, and forgets the oldest. */
export class ArtifactCache<Value> {
  private readonly known = new Map<string, Loaded<Value>>();
  private readonly waiting: (() => Promise<void>)[] = [];
  private running = 0;
  private disposed = false;

  constructor(
    private readonly read: (runId: string, path: string) => Promise<Value>,
    private readonly release: (value: Value) => void,
    private readonly changed: () => void,
  ) {}

  get(runId: string, path: string): Loaded<Value> {
    const key = `${runId} ${path}`;
    const found = this.known.get(key);
    if (found) return found;
    const loading: Loaded<Value> = { kind: 'loading' };
    this.known.set(key, loading);
    this.waiting.push(() => this.load(key, runId, path));
    this.next();
    return loading;
  }

  dispose(): void {
    this.disposed = true;
    this.waiting.length = 0;
    for (const item of this.known.values()) if (item.kind === 'ready') this.release(item.value);
    this.known.clear();
  }

  private next(): void {
    if (this.running >= atOnce) return;
    const load = this.waiting.shift();
    if (!load) return;
    this.running++;
    void load().finally(() => {
      this.running--;
      this.next();
    });
  }

  private async load(key: string, runId: string, path: string): Promise<void> {
    try {
      this.put(key, { kind: 'ready', value: await this.read(runId, path) });
    } catch (error) {
      this.put(key, { kind: 'failed', message: error instanceof RemoteError ? error.message : String(error) });
    }
  }

  private put(key: string, item: Loaded<Value>): void {
    if (this.disposed) {
      if (item.kind === 'ready') this.release(item.value);
      return;
    }
    this.known.set(key, item);
    for (const [old, value] of this.known) {
      if (this.known.size <= mostKept) break;
      if (value.kind === 'loading') continue;
      if (value.kind === 'ready') this.release(value.value);
      this.known.delete(old);
    }
    this.changed();
  }
}

/** Addresses of images, which only this page can open. */
export function imageCache(rpc: HostRpc, changed: () => void): ArtifactCache<string> {
  const read = async (runId: string, path: string) => {
    const { bytes } = await rpc.call('artifactBytes', { runId, path, as: 'image' });
    return URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type: imageType(path) ?? 'image/png' }));
  };
  return new ArtifactCache(read, (url) => URL.revokeObjectURL(url), changed);
}

export function textCache(rpc: HostRpc, changed: () => void): ArtifactCache<LoadedText> {
  const read = async (runId: string, path: string) => {
    const { bytes, cut } = await rpc.call('artifactBytes', { runId, path, as: 'text' });
    return { text: new TextDecoder().decode(bytes), cut };
  };
  return new ArtifactCache(read, () => undefined, changed);
}
