import assert from 'node:assert/strict';
import type { RepositoryState } from '../../../src/git/repositoryState';
import { codeOfRun, type KnownOfRepository } from '../../../src/source/codeOfRun';

const [old, young] = ['a'.repeat(40), 'b'.repeat(40)];
const state = (commit: string | undefined, unstaged = 0, branch = 'main'): RepositoryState => ({
  ...(commit === undefined ? {} : { commit }),
  branch,
  changes: { staged: 0, unstaged, conflicted: 0, untracked: 0, submodules: [], examples: [] },
});
const known = (more: Partial<KnownOfRepository>): KnownOfRepository => ({
  snapshots: [],
  now: state(old),
  movedAt: undefined,
  moves: [],
  ...more,
});

describe('the code that a run was made from', () => {
  it('is what stood there when its command was started, whatever stands there now', () => {
    const snapshots = [{ at: 10_000, state: state(old, 1), moves: [] }];
    const moves = [
      { at: 30_000, commit: young, kind: 'commit' },
      { at: 5_000, commit: old, kind: 'commit' },
    ];
    assert.deepEqual(codeOfRun(known({ snapshots, moves, now: state(young), movedAt: 30_000 }), 20_000), {
      state: state(old, 1),
      witnessed: true,
    });
  });

  it('is told from what came in the same second', () => {
    const moves = [
      { at: 20_000, commit: young, kind: 'commit' },
      { at: 5_000, commit: old, kind: 'commit' },
    ];
    const snapshots = [{ at: 10_000, state: state(old), moves: [] }];
    const of = (movedAt: number) => codeOfRun(known({ snapshots, moves, now: state(young), movedAt }), 20_300);
    assert.equal(of(20_700)?.state.commit, old);
    assert.equal(of(20_100), undefined);
    // Written anew for another reason: the log alone is believed.
    assert.equal(of(90_000), undefined);
  });

  it('is unknown when the head moved between the start of the command and the run', () => {
    const snapshots = [{ at: 10_000, state: state(old), moves: [] }];
    const moves = [
      { at: 15_000, commit: young, kind: 'commit' },
      { at: 5_000, commit: old, kind: 'commit' },
    ];
    assert.equal(codeOfRun(known({ snapshots, moves, now: state(young), movedAt: 15_000 }), 20_000), undefined);
    // Without a log of the head: only what is checked out now can tell.
    assert.equal(codeOfRun(known({ snapshots, now: state(young) }), 20_000), undefined);
    assert.equal(codeOfRun(known({ snapshots, now: state(old) }), 20_000)?.state.commit, old);
  });

  it('is unknown when the head moved since a command began that nobody saw begin', () => {
    const moves = [{ at: 15_000, commit: young, kind: 'commit' }];
    const snapshots = [{ at: 16_000, state: state(young), moves: [] }];
    const of = (more: Partial<KnownOfRepository>) =>
      codeOfRun(known({ now: state(young), movedAt: 15_000, moves, ...more }), 20_000)?.state.commit;
    assert.deepEqual([of({}), of({ snapshots })], [young, young]);
    assert.deepEqual([of({ leftSince: 14_000 }), of({ snapshots, leftSince: 14_000 })], [undefined, undefined]);
    assert.deepEqual([of({ leftSince: 15_500 }), of({ snapshots, leftSince: 15_500 })], [young, young]);
  });

  it('is unknown when commands on different code ran, and has changes when one of them had', () => {
    const moves = [{ at: 5_000, commit: old, kind: 'commit' }];
    const at = 10_000;
    const of = (...states: readonly RepositoryState[]) =>
      codeOfRun(known({ moves, snapshots: states.map((each) => ({ at, state: each, moves: [] })) }), 20_000);
    assert.equal(of(state(young), state(old)), undefined);
    assert.equal(of(state(old, 0, 'side'), state(old)), undefined);
    assert.equal(of(state(undefined)), undefined);
    assert.equal(of(state(old, 2), state(old))?.state.changes.unstaged, 2);
    assert.equal(of(state(old), state(old))?.state.changes.unstaged, 0);
  });

  it('is what stands there now where nobody saw the command, and the head has not moved since', () => {
    assert.deepEqual(codeOfRun(known({ movedAt: 10_000 }), 20_000), { state: state(old), witnessed: false });
    assert.equal(codeOfRun(known({ movedAt: 30_000 }), 20_000), undefined);
    assert.equal(codeOfRun(known({ now: state(undefined) }), 20_000), undefined);
  });

  /** `own`: what the command does to the head; `made`: what git's log says happened, the oldest first, each as `kind id at`. */
  const afterMoves = (
    own: string,
    made: readonly string[],
    more: Partial<KnownOfRepository> & { dirty?: number } = {},
  ) => {
    const log = ['commit a 5000', ...made].map((line) => {
      const [kind = '', id = '', at = ''] = line.split(' ');
      return { at: Number(at), commit: id.repeat(40), kind };
    });
    const snapshots = [{ at: 10_400, state: state(old, more.dirty ?? 0), moves: own.split(' ') }];
    return codeOfRun(known({ now: state(young), moves: log.reverse(), snapshots, ...more }), 20_000);
  };

  it('is what the command itself checked out, where all moves of the head are its own', () => {
    const checkout = ['checkout b 10000'];
    assert.deepEqual(afterMoves('checkout', checkout), { state: state(young), witnessed: false });
    assert.equal(afterMoves('checkout pull', checkout)?.state.commit, young, 'a pull that brings nothing');
    assert.equal(
      afterMoves('checkout pull', ['checkout c 11000', 'pull c 12000', 'pull b 12000'])?.state.commit,
      young,
    );
    for (const [own, made] of [
      ['checkout', ['checkout b 10000', 'commit c 15000']],
      ['checkout', ['checkout b 10000', 'checkout c 15000']],
      ['checkout', ['commit b 15000']],
      ['commit', ['checkout b 15000']],
      ['checkout checkout', checkout],
      ['', checkout],
    ] as const)
      assert.equal(afterMoves(own, made), undefined, `${own}: ${made}`);
    const other = { at: 10_000, state: state(old), moves: [] };
    assert.equal(
      afterMoves('checkout', checkout, { snapshots: [other, { ...other, moves: ['checkout'] }] }),
      undefined,
    );
  });

  it('has changes there only where a checkout took them along and they are still there', () => {
    const checkout = ['checkout b 10000'];
    const unstaged = (more: Partial<KnownOfRepository> & { dirty?: number }, own = 'checkout', made = checkout) =>
      afterMoves(own, made, more)?.state.changes.unstaged;
    assert.equal(unstaged({ dirty: 1, now: state(young, 1) }), 1);
    // What the program wrote was not there before.
    assert.equal(unstaged({ now: state(young, 1) }), 0);
    assert.equal(unstaged({ dirty: 1, now: state(young, 1) }, 'commit', ['commit b 10000']), 0);
    // When the head has gone on, what was clean has its commit, of the rest nobody knows.
    const later = { now: state(old), movedAt: 30_000 };
    const went = [...checkout, 'checkout a 30000'];
    assert.deepEqual(afterMoves('checkout', went, later)?.state.branch, undefined);
    assert.equal(afterMoves('checkout', went, later)?.state.commit, young);
    assert.equal(unstaged({ ...later, dirty: 1 }, 'checkout', went), undefined);
  });
});
