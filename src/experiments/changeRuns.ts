import type { Connection } from '../connections/connection';
import type { Platform } from '../platform/services';
import type { Run } from '../shared/domain';
import { eachOfMany } from './manyRuns';
import type { RunsService } from './runsService';

/** One change to runs, in words. */
export interface Work {
  /** Of the progress. */
  readonly title: string;
  /** Completes "Could not …". */
  readonly action: string;
  /** In the log, never translated. */
  readonly audit: string;
}

/** Writes to runs, and tells whoever shows them. */
export class ChangeRuns {
  constructor(
    private readonly platform: Pick<Platform, 'commands' | 'log'>,
    private readonly runs: Pick<RunsService, 'markChanged'>,
  ) {}

  /**
   * A failure, which is reported, ends it.
   * @param write says `false` where it left the run as it is
   * @returns the runs that were written to
   */
  async change(
    { uri }: Pick<Connection, 'uri'>,
    runs: readonly Run[],
    { title, action, audit }: Work,
    write: (run: Run, signal?: AbortSignal) => Promise<unknown>,
  ): Promise<readonly Run[]> {
    const done: Run[] = [];
    try {
      await eachOfMany(title, runs, async (run, signal) => {
        if ((await write(run, signal)) === false) return;
        done.push(run);
        this.platform.log.audit(audit, uri, { run: run.runId });
      });
    } catch (error) {
      // What was written before stays, and can be undone.
      this.platform.commands.report(action, error);
    }
    this.runs.markChanged(done.map(({ runId }) => runId));
    return done;
  }
}
