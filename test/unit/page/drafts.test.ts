import assert from 'node:assert/strict';
import { TagKey } from '../../../src/shared/domain';
import { RemoteError } from '../../../src/shared/rpc';
import { Drafts } from '../../../webview/runs/drafts';
import type { Session } from '../../../webview/runs/session';
import { saveDraft } from '../../../webview/table/optimisticEdit';
import { tableOf } from '../chartKinds/tableOf';

/** A page of two described runs; `answer` is what the server does with an edit. */
function pageOf(answer: () => Promise<void>, readAgain: () => void = () => undefined) {
  const { table } = tableOf([{ tags: { [TagKey.note]: 'first' } }, { tags: { [TagKey.note]: 'second' } }]);
  const drafts = new Drafts(undefined, () => undefined);
  const edits: unknown[] = [];
  const session = {
    table,
    drafts,
    loader: { readAgain: async () => readAgain() },
    rpc: {
      call: async (_: string, edit: unknown) => {
        edits.push(edit);
        await answer();
      },
    },
    changed: () => undefined,
  };
  return { session: session as unknown as Session, drafts, table, edits };
}

describe('descriptions that are being written', () => {
  it('are there in the next page, whatever else that finds there', () => {
    let states: unknown;
    const drafts: Drafts = new Drafts(undefined, () => {
      states = structuredClone(drafts.all);
    });
    drafts.set('a', { text: 'long', base: null });
    drafts.set('b', { text: 'short', base: 'before' });
    drafts.drop('b');
    const next = new Drafts(states, () => undefined);
    assert.deepEqual([next.of('a'), next.of('b')], [{ text: 'long', base: null }, undefined]);
    for (const kept of [null, 'x', [], { a: 1 }, { a: { text: 2 } }])
      assert.deepEqual(new Drafts(kept, () => undefined).all, {});
  });

  it('are told from editors in which nothing was typed', () => {
    const drafts = new Drafts(undefined, () => undefined);
    drafts.set('a', { text: '', base: null });
    drafts.set('b', { text: 'x', base: 'x' });
    drafts.set('c', { text: 'x', base: '' });
    assert.deepEqual(
      ['a', 'b', 'c', 'd'].map((runId) => drafts.isWritten(runId)),
      [false, false, true, false],
    );
  });

  it('are gone once the server has them', async () => {
    const { session, drafts, table, edits } = pageOf(async () => undefined);
    drafts.set('r0', { text: 'mine', base: 'first' });
    await saveDraft(session, 'r0');
    assert.deepEqual([drafts.all, table.tag(TagKey.note)?.get(0)], [{}, 'mine']);
    assert.deepEqual(edits, [{ runId: 'r0', before: 'first', field: 'tag', key: TagKey.note, value: 'mine' }]);
  });

  it('stay with their run when the server refuses, whichever run is looked at by then', async () => {
    const refuse = async () => {
      // Meanwhile another run's description is begun.
      drafts.set('r1', { text: 'other', base: 'second' });
      throw new RemoteError({ message: 'It was changed.', advice: 'Look at it.' });
    };
    const { session, drafts, table } = pageOf(refuse, () => table.setTag('r0', TagKey.note, 'of a colleague'));
    drafts.set('r0', { text: 'mine', base: 'first' });
    await saveDraft(session, 'r0');
    assert.deepEqual(drafts.all, {
      r1: { text: 'other', base: 'second' },
      r0: { text: 'mine', base: 'of a colleague', problem: 'It was changed. Look at it.' },
    });
  });

  it('that were begun while the one before was refused are kept as they are', async () => {
    const { session, drafts } = pageOf(async () => {
      drafts.set('r0', { text: 'mine and more', base: 'mine' });
      throw new RemoteError({ message: 'No.' });
    });
    drafts.set('r0', { text: 'mine', base: 'first' });
    await saveDraft(session, 'r0');
    assert.deepEqual(drafts.of('r0'), { text: 'mine and more', base: 'first', problem: 'No.' });
  });
});
