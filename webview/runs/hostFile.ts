import { RemoteError } from '../../src/shared/rpc';
import type { HostRpc } from './hostRpc';

/** The host waits a minute and a half for a page that says nothing. ms */
const signOfLife = 10_000;

/** A file that the host writes, piece by piece: the page makes the next when one is written. */
export class HostFile {
  private constructor(
    private readonly rpc: HostRpc,
    private readonly exportId: number,
  ) {}

  /**
   * Hands over what `fill` writes: the file is there when it gives true. When it throws there is none, and the host tells
   * why, as it does of its own failures; it gives false when no more is wanted.
   */
  static async fill(rpc: HostRpc, exportId: number, fill: (file: HostFile) => Promise<boolean>): Promise<void> {
    let problem: string | undefined;
    try {
      if (!(await fill(new HostFile(rpc, exportId)))) return;
    } catch (error) {
      if (error instanceof RemoteError && error.kind === 'cancelled') throw error;
      const advice = error instanceof RemoteError ? error.advice : undefined;
      problem = [error instanceof Error ? error.message : String(error), advice].filter(Boolean).join(' ');
    }
    await rpc.call('endExport', { exportId, ...(problem === undefined ? {} : { problem }) });
  }

  /** @param runs how many are done with this piece @returns whether more is wanted */
  async write(text: string, runs: number): Promise<boolean> {
    return !(await this.rpc.call('exportChunk', { exportId: this.exportId, text, runs })).cancelled;
  }

  /** What the next piece is made of, however long that takes. @returns undefined where it is not wanted any more */
  async waitFor<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    const abort = new AbortController();
    const stop = () => abort.abort();
    const live = (more: boolean) => (more ? undefined : stop());
    const timer = setInterval(() => void this.write('', 0).then(live, stop), signOfLife);
    try {
      const answer = await ask(abort.signal);
      return (await this.write('', 0)) ? answer : undefined;
    } catch (error) {
      if (abort.signal.aborted) return undefined;
      throw error;
    } finally {
      clearInterval(timer);
    }
  }
}
