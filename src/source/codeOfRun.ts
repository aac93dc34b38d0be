import type { HeadMove } from '../git/headMoved';
import { isDirty, type RepositoryState } from '../git/repositoryState';

/** What stood in a repository when a command or a task was started. */
export interface Snapshot {
  /** ms */
  readonly at: number;
  readonly state: RepositoryState;
}

/** What is known of a repository of which a run is made. */
export interface KnownOfRepository {
  /** Of the commands and tasks that ran when the run began. */
  readonly snapshots: readonly Snapshot[];
  readonly now: RepositoryState;
  /** ms; when the head last moved, where git keeps a log of it. */
  readonly movedAt: number | undefined;
  /** The newest first. */
  readonly moves: readonly HeadMove[];
}

export interface CodeOfRun {
  readonly state: RepositoryState & { readonly commit: string };
  /** False: nobody looked when the program was started, so what has no changes now may have had some. */
  readonly witnessed: boolean;
}

/**
 * The code that a run which began at `startTime` was most likely made from: what stood there when its command was started,
 * else what stands there now. Undefined when the head moved in between, or when commands on different code ran: then
 * nobody can tell.
 */
export function codeOfRun(known: KnownOfRepository, startTime: number): CodeOfRun | undefined {
  const { snapshots, now, movedAt, moves } = known;
  const last = snapshots.at(-1);
  if (!last) {
    const { commit } = now;
    const moved = movedAt !== undefined && movedAt > startTime;
    return commit === undefined || moved ? undefined : { state: { ...now, commit }, witnessed: false };
  }
  const { commit } = last.state;
  // Without a log of the head, what is checked out now has to be the same.
  const atStart = exact(moves, movedAt).find(({ at }) => at <= startTime)?.commit ?? now.commit;
  const agreed = snapshots.every(({ state }) => state.commit === commit && state.branch === last.state.branch);
  if (commit === undefined || !agreed || atStart !== commit) return undefined;
  const changed = snapshots.find(({ state: { changes } }) => isDirty(changes));
  return { state: { ...(changed ?? last).state, commit }, witnessed: true };
}

/** The log of the head knows seconds; when it was written last is known better. */
function exact(moves: readonly HeadMove[], movedAt = 0): readonly HeadMove[] {
  const [last, ...others] = moves;
  return last && movedAt >= last.at && movedAt < last.at + 1_000 ? [{ ...last, at: movedAt }, ...others] : moves;
}
