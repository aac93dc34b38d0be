import type { Run } from '../../shared/domain';

/** Runs that go on and are looked at, the newest: each look costs the server as much as a page of them. */
export const mostWatched = 100;

/**
 * Tells which runs have begun to match since a question was asked, look by look. What it finds at its first look may have
 * matched before: it counts only what did not at the look before.
 */
export class MatchWatch {
  /** Whether they matched at the last look, of the runs that went on then. */
  private seen: ReadonlyMap<string, boolean> | undefined;
  private readonly begun = new Set<string>();

  /** @param given ids that the page has, whatever became of them */
  constructor(
    private readonly matches: (run: Run) => boolean,
    private readonly given: ReadonlySet<string>,
  ) {}

  /**
   * @param live runs that go on now
   * @param byId reads those that went on at the last look
   * @returns how many runs match now that did not, and that the page lacks
   */
  async look(live: readonly Run[], byId: (runIds: readonly string[]) => Promise<readonly Run[]>): Promise<number> {
    const { seen, begun, given } = this;
    const now = new Map(live.map((run) => [run.runId, this.matches(run)]));
    const ended = await byId([...(seen?.keys() ?? [])].filter((runId) => !now.has(runId) && !given.has(runId)));
    const all = [...now, ...ended.map((run) => [run.runId, this.matches(run)] as const)];
    for (const [runId, matches] of all) {
      if (!matches) begun.delete(runId);
      else if (seen && !seen.get(runId)) begun.add(runId);
    }
    this.seen = now;
    return [...begun].filter((runId) => !given.has(runId)).length;
  }
}
