import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { QuestionQueue } from '../../../webview/charts/questionQueue';

interface Asked {
  readonly name: string;
  answer(): void;
}

/** A queue whose questions are answered by hand. */
function queueByHand(atOnce?: number, quiet?: number) {
  const queue = new QuestionQueue(atOnce, quiet);
  const asked: Asked[] = [];
  const ask = (name: string, priority: number, idle = false, signal = new AbortController().signal) =>
    queue.ask(
      { priority: () => priority, idle },
      () => new Promise<string>((resolve) => asked.push({ name, answer: () => resolve(name) })),
      signal,
    );
  return { ask, asked, names: () => asked.map(({ name }) => name) };
}

const turn = () => sleep(5);

describe('the queue of questions for points', () => {
  it('asks a few at a time, those on top of the screen first', async () => {
    const { ask, asked, names } = queueByHand(3);
    const answers = [ask('d', 4), ask('b', 2), ask('a', 1), ask('c', 3)];
    await turn();
    assert.deepEqual(names(), ['a', 'b', 'c']);
    asked[1]?.answer();
    await turn();
    assert.deepEqual(names(), ['a', 'b', 'c', 'd']);
    for (const { answer } of asked) answer();
    assert.deepEqual(await Promise.all(answers), ['d', 'b', 'a', 'c']);
  });

  it('looks at priorities when a turn comes, not when the question was put', async () => {
    const queue = new QuestionQueue(1);
    const order: string[] = [];
    let scrolled = false;
    const put = (name: string, before: number, after: number) =>
      queue.ask(
        { priority: () => (scrolled ? after : before) },
        async () => {
          order.push(name);
          await sleep(10);
        },
        new AbortController().signal,
      );
    const all = [put('a', 1, 1), put('b', 2, 3), put('c', 3, 2)];
    await turn();
    scrolled = true;
    await Promise.all(all);
    assert.deepEqual(order, ['a', 'c', 'b']);
  });

  it('leaves what is only nice to have until nothing else has been asked for a while, one at a time', async () => {
    const { ask, asked, names } = queueByHand(3, 60);
    void ask('idle 1', 0, true);
    void ask('idle 2', 0, true);
    void ask('urgent', 9);
    await turn();
    assert.deepEqual(names(), ['urgent']);
    asked[0]?.answer();
    await turn();
    assert.deepEqual(names(), ['urgent']);
    while (names().length === 1) await sleep(5);
    await turn();
    assert.deepEqual(names(), ['urgent', 'idle 1']);
  });

  it('never asks what was taken back before its turn', async () => {
    const { ask, asked, names } = queueByHand(1);
    const abort = new AbortController();
    void ask('a', 1);
    const dropped = ask('gone', 2, false, abort.signal);
    await turn();
    abort.abort();
    await assert.rejects(dropped, { name: 'AbortError' });
    asked[0]?.answer();
    await turn();
    assert.deepEqual(names(), ['a']);
  });

  it('goes on after a question failed', async () => {
    const queue = new QuestionQueue(1);
    const { signal } = new AbortController();
    const demand = { priority: () => 1 };
    const failed = queue.ask(demand, () => Promise.reject(new Error('no answer')), signal);
    const next = queue.ask({ ...demand, priority: () => 2 }, async () => 'answer', signal);
    await assert.rejects(failed, /no answer/);
    assert.equal(await next, 'answer');
  });
});
