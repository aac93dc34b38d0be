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
    const snapshots = [{ at: 10_000, state: state(old, 1) }];
    const moves = [
      { at: 30_000, commit: young },
      { at: 5_000, commit: old },
    ];
    assert.deepEqual(codeOfRun(known({ snapshots, moves, now: state(young), movedAt: 30_000 }), 20_000), {
      state: state(old, 1),
      witnessed: true,
    });
  });

  it('is told from what came in the same second', () => {
    const moves = [
      { at: 20_000, commit: young },
      { at: 5_000, commit: old },
    ];
    const snapshots = [{ at: 10_000, state: state(old) }];
    const of = (movedAt: number) => codeOfRun(known({ snapshots, moves, now: state(young), movedAt }), 20_300);
    assert.equal(of(20_700)?.state.commit, old);
    assert.equal(of(20_100), undefined);
    // Written anew for another reason: the log alone is believed.
    assert.equal(of(90_000), undefined);
  });

  it('is unknown when the head moved between the start of the command and the run', () => {
    const snapshots = [{ at: 10_000, state: state(old) }];
    const moves = [
      { at: 15_000, commit: young },
      { at: 5_000, commit: old },
    ];
    assert.equal(codeOfRun(known({ snapshots, moves, now: state(young), movedAt: 15_000 }), 20_000), undefined);
    // Without a log of the head: only what is checked out now can tell.
    assert.equal(codeOfRun(known({ snapshots, now: state(young) }), 20_000), undefined);
    assert.equal(codeOfRun(known({ snapshots, now: state(old) }), 20_000)?.state.commit, old);
  });

  it('is unknown when commands on different code ran, and has changes when one of them had', () => {
    const moves = [{ at: 5_000, commit: old }];
    const at = 10_000;
    const of = (...states: readonly RepositoryState[]) =>
      codeOfRun(known({ moves, snapshots: states.map((each) => ({ at, state: each })) }), 20_000);
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
});
