import { RemoteError } from '../../src/shared/rpc';
import type { HostRpc } from './hostRpc';

/** The colours of runs, which the window keeps: asked once, for those that are drawn. */
export class RunColors {
  private readonly known = new Map<string, number>();
  private asked = new Set<string>();
  /** Another number after every change. */
  edition = 0;

  constructor(
    private readonly rpc: HostRpc,
    private readonly onChange: () => void,
  ) {}

  /** 1 … 12; 0 until it is known. */
  of(runId: string): number {
    return this.known.get(runId) ?? 0;
  }

  async want(runIds: readonly string[]): Promise<void> {
    const missing = runIds.filter((runId) => !this.known.has(runId) && !this.asked.has(runId));
    if (missing.length === 0) return;
    for (const runId of missing) this.asked.add(runId);
    try {
      const colors = await this.rpc.call('runColors', { runIds: missing });
      for (const [at, runId] of missing.entries()) this.known.set(runId, colors[at] ?? 1);
      this.edition++;
      this.onChange();
    } catch (error) {
      // A page that is being left; the next one asks again.
      if (!(error instanceof RemoteError)) throw error;
    } finally {
      for (const runId of missing) this.asked.delete(runId);
    }
  }

  forget(): void {
    this.known.clear();
    this.edition++;
    this.onChange();
  }
}
