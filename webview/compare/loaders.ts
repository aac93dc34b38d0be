import type { RunEnvironment } from '../../src/shared/protocol/compare';
import { RemoteError } from '../../src/shared/rpc';
import type { HostRpc } from '../runs/hostRpc';

/** Runs of one question: what has come is shown while the rest is read. */
const runsAtOnce = 8;

/** What runs were made with: asked when the section is open, kept while other tabs are looked at. */
export class EnvironmentLoader {
  problem = '';
  edition = 0;
  private readonly known = new Map<string, RunEnvironment>();
  private wanted: readonly string[] = [];
  private asking = false;

  constructor(
    private readonly rpc: HostRpc,
    private readonly onChange: () => void,
  ) {}

  get loading(): boolean {
    return this.asking;
  }

  of(runId: string): RunEnvironment | undefined {
    return this.known.get(runId);
  }

  /** Says what is on screen: runs that left it are not asked for. */
  want(runIds: readonly string[]): void {
    this.wanted = runIds;
    if (!this.asking && this.problem === '' && this.missing.length > 0) void this.load();
  }

  /** What could not be read is asked for again. */
  retry(): void {
    this.problem = '';
    for (const [runId, { files, problem }] of this.known)
      if (problem !== undefined && files.length === 0) this.known.delete(runId);
    this.want(this.wanted);
  }

  private get missing(): readonly string[] {
    return this.wanted.filter((runId) => !this.known.has(runId));
  }

  private async load(): Promise<void> {
    this.asking = true;
    try {
      for (let runIds = this.missing; runIds.length > 0; runIds = this.missing) {
        const found = await this.rpc.call('environments', { runIds: runIds.slice(0, runsAtOnce) });
        for (const environment of found) this.known.set(environment.runId, environment);
        this.changed();
      }
    } catch (error) {
      this.problem = problemText(error);
    } finally {
      this.asking = false;
      this.changed();
    }
  }

  private changed(): void {
    this.edition++;
    this.onChange();
  }
}

/** Words for a failure of the other side; anything else is a bug and goes on. */
export function problemText(error: unknown): string {
  if (!(error instanceof RemoteError)) throw error;
  return error.kind === 'cancelled' ? '' : `${error.message}${error.advice ? ` ${error.advice}` : ''}`;
}
