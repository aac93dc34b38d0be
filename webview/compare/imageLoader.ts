import { RemoteError } from '../../src/shared/rpc';
import type { HostRpc } from '../runs/session';

export type ImageState = { readonly url: string } | { readonly problem: string };

const atOnce = 4;
/** Pictures that are kept; older ones are asked for again when they are seen again. */
const mostKept = 200;

/** Pictures of runs as `blob:` addresses, given back when they are no longer kept. */
export class ImageLoader {
  private readonly known = new Map<string, ImageState>();
  private readonly asked = new Set<string>();
  private running = 0;
  private queue: { readonly runId: string; readonly path: string }[] = [];

  constructor(
    private readonly rpc: HostRpc,
    private readonly onChange: () => void,
  ) {}

  /** Undefined while it is being read. */
  of(runId: string, path: string): ImageState | undefined {
    return this.known.get(`${runId}/${path}`);
  }

  /** What is in sight now: what waits and is not is taken back. */
  want(images: readonly { readonly runId: string; readonly path: string }[]): void {
    this.queue = images.filter(({ runId, path }) => {
      const key = `${runId}/${path}`;
      return !this.known.has(key) && !this.asked.has(key);
    });
    this.start();
  }

  private start(): void {
    while (this.running < atOnce) {
      const next = this.queue.shift();
      if (!next) return;
      void this.load(next.runId, next.path);
    }
  }

  private async load(runId: string, path: string): Promise<void> {
    const key = `${runId}/${path}`;
    this.asked.add(key);
    this.running++;
    try {
      const { type, bytes } = await this.rpc.call('artifactImage', { runId, path });
      // A copy, since a Blob takes no view of shared memory.
      this.keep(key, { url: URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type })) });
    } catch (error) {
      if (!(error instanceof RemoteError)) throw error;
      if (error.kind !== 'cancelled') this.keep(key, { problem: error.message });
    } finally {
      this.asked.delete(key);
      this.running--;
      this.onChange();
      this.start();
    }
  }

  private keep(key: string, state: ImageState): void {
    this.known.set(key, state);
    const [oldest] = this.known;
    if (this.known.size <= mostKept || !oldest) return;
    if ('url' in oldest[1]) URL.revokeObjectURL(oldest[1].url);
    this.known.delete(oldest[0]);
  }
}
