import assert from 'node:assert/strict';
import { ResourceHolder } from '../../../src/shared/resource';

interface Question {
  readonly signal: AbortSignal;
  readonly answer: (value: string) => void;
  readonly fail: (error: Error) => void;
}

function holder() {
  const questions: Question[] = [];
  let changes = 0;
  const held = new ResourceHolder<string>(
    (signal) => new Promise((answer, fail) => questions.push({ signal, answer, fail })),
    () => changes++,
  );
  const question = (at: number) => {
    const found = questions[at];
    assert.ok(found, `question ${at} was not asked`);
    return found;
  };
  return { held, questions, question, changes: () => changes };
}

describe('ResourceHolder', () => {
  it('asks once for the same question in flight, and not again while fresh', async () => {
    const { held, questions, question } = holder();
    const both = Promise.all([held.get(), held.get()]);
    question(0).answer('a');
    assert.deepEqual(await both, ['a', 'a']);
    assert.equal(await held.get(), 'a');
    assert.equal(questions.length, 1);
  });

  it('keeps the old value while it asks again, and after a failure', async () => {
    const { held, question } = holder();
    const first = held.get();
    question(0).answer('a');
    await first;
    held.markStale();
    const second = held.get();
    assert.deepEqual(held.current, { state: 'loading', value: 'a' });
    const error = new Error('gone');
    question(1).fail(error);
    await assert.rejects(second, error);
    assert.deepEqual(held.current, { state: 'failed', error, value: 'a' });
  });

  it('does not remember a failure as an answer', async () => {
    const { held, question } = holder();
    const first = held.get();
    question(0).fail(new Error('gone'));
    await assert.rejects(first);
    const second = held.get();
    question(1).answer('b');
    assert.equal(await second, 'b');
  });

  it('lets a refresh win over the question it replaces', async () => {
    const { held, question } = holder();
    const slow = held.get();
    const fresh = held.refresh();
    assert.equal(question(0).signal.aborted, true);
    question(1).answer('new');
    await fresh;
    question(0).answer('old');
    await slow;
    assert.equal(held.value, 'new');
  });

  it('asks again when the value became stale while it was asked for, and gives everybody the later answer', async () => {
    const { held, question, questions } = holder();
    const early = held.get();
    held.markStale();
    const late = held.get();
    const same = held.get();
    assert.equal(questions.length, 2);
    question(0).fail(new Error('aborted'));
    question(1).answer('new');
    assert.deepEqual(await Promise.all([early, late, same]), ['new', 'new', 'new']);
    assert.equal(await held.get(), 'new');
    assert.equal(questions.length, 2);
  });

  it('aborts what is in flight on disposal and tells nobody afterwards', async () => {
    const { held, question, changes } = holder();
    const asked = held.get();
    held.dispose();
    const before = changes();
    assert.equal(question(0).signal.aborted, true);
    question(0).answer('late');
    await asked;
    assert.equal(changes(), before);
  });
});
