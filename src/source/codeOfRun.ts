import type { HeadMove } from '../git/headMoved';
import { isDirty, type RepositoryState } from '../git/repositoryState';

/** What stood in a repository when a command or a task was started. */
export interface Snapshot {
  /** ms */
  readonly at: number;
  readonly state: RepositoryState;
  /** What the command did to the head before it started the program, as git's log of the head names it, in order. */
  readonly moves: readonly string[];
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
  /** ms; since then a command was running that may have made the run, and of which no snapshot is left. */
  readonly leftSince?: number | undefined;
}

export interface CodeOfRun {
  readonly state: RepositoryState & { readonly commit: string };
  /** False: nobody looked just before the program was started, so what has no changes now may have had some. */
  readonly witnessed: boolean;
}

/**
 * The code that a run which began at `startTime` was most likely made from: what stood there when its command was started,
 * or what the command itself checked out then, else what stands there now. Undefined when the head was moved by others in
 * between, or when commands on different code ran, or one that was started before anybody looked: then nobody can tell.
 */
export function codeOfRun(known: KnownOfRepository, startTime: number): CodeOfRun | undefined {
  const { snapshots, now, movedAt, leftSince } = known;
  const last = snapshots.at(-1);
  if (leftSince !== undefined && movedAt !== undefined && movedAt > leftSince) return undefined;
  if (!last) {
    const { commit } = now;
    const moved = movedAt !== undefined && movedAt > startTime;
    return commit === undefined || moved ? undefined : { state: { ...now, commit }, witnessed: false };
  }
  const { commit } = last.state;
  const moves = exact(known.moves, movedAt);
  // Without a log of the head, what is checked out now has to be the same.
  const atStart = moves.find(({ at }) => at <= startTime)?.commit ?? now.commit;
  const agreed = snapshots.every(({ state }) => state.commit === commit && state.branch === last.state.branch);
  if (commit === undefined || !agreed) return undefined;
  if (atStart !== commit) return snapshots.length === 1 ? codeAfterMoves(last, moves, now, startTime) : undefined;
  const changed = snapshots.find(({ state: { changes } }) => isDirty(changes));
  return { state: { ...(changed ?? last).state, commit }, witnessed: true };
}

/**
 * `git checkout x && python train.py`: what the command itself came to, provided that its moves are all there were from its
 * start to the run. Changes are known of only where they were there before, are there now, and nothing but a checkout,
 * which takes them along, came between.
 */
function codeAfterMoves(
  { at, state: before, moves: own }: Snapshot,
  moves: readonly HeadMove[],
  now: RepositoryState,
  startTime: number,
): CodeOfRun | undefined {
  const since = Math.floor(at / 1000) * 1000;
  const made = moves.filter((move) => since <= move.at && move.at <= startTime).reverse();
  const commit = made.at(-1)?.commit;
  const asSaid = made.length > 0 && isMadeBy(own, made);
  const stays = now.commit === commit && !moves.some((move) => move.at > startTime);
  // Changes that were taken along may since have been committed or thrown away.
  if (commit === undefined || !asSaid || (!stays && isDirty(before.changes))) return undefined;
  const carried = isDirty(before.changes) && own.every((kind) => kind === 'checkout');
  const { branch, upstream } = stays ? now : {};
  return {
    state: {
      commit,
      ...(branch === undefined ? {} : { branch }),
      ...(upstream === undefined ? {} : { upstream }),
      changes: carried ? now.changes : none,
    },
    witnessed: false,
  };
}

/** A pull or a merge that brings nothing leaves no line in the log; a pull that rebases leaves several. */
function isMadeBy(own: readonly string[], made: readonly HeadMove[]): boolean {
  let at = 0;
  for (const kind of own) {
    const before = at;
    while (made[at]?.kind === kind && (at === before || kind === 'pull')) at++;
    if (at === before && kind !== 'pull' && kind !== 'merge') return false;
  }
  return at === made.length;
}

const none: RepositoryState['changes'] = {
  staged: 0,
  unstaged: 0,
  conflicted: 0,
  untracked: 0,
  submodules: [],
  examples: [],
};

/** The log of the head knows seconds; when it was written last is known better. */
function exact(moves: readonly HeadMove[], movedAt = 0): readonly HeadMove[] {
  const [last, ...others] = moves;
  return last && movedAt >= last.at && movedAt < last.at + 1_000 ? [{ ...last, at: movedAt }, ...others] : moves;
}
