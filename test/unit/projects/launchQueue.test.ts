import assert from 'node:assert/strict';
import { LaunchQueue } from '../../../src/projects/launch/launchQueue';

describe('the queue of launches', () => {
  it('lets as many in as the limit says, in order, and forgets who gave up', async () => {
    let limit = 2;
    const queue = new LaunchQueue(() => limit);
    const entered: number[] = [];
    const waited: number[] = [];
    const leaving = new Map<number, () => void>();
    const enter = (id: number, signal = new AbortController().signal) =>
      queue
        .enter(signal, (running) => waited.push(running))
        .then((leave) => {
          entered.push(id);
          leaving.set(id, leave);
        });
    const tick = () => new Promise((resolve) => setImmediate(resolve));
    const giveUp = new AbortController();
    const all = [enter(1), enter(2), enter(3, giveUp.signal), enter(4), enter(5)];
    await tick();
    assert.deepEqual([entered, waited, queue.length], [[1, 2], [2, 2, 2], 3]);
    giveUp.abort();
    await assert.rejects(all[2] ?? Promise.resolve(), { name: 'AbortError' });
    leaving.get(1)?.();
    leaving.get(1)?.();
    await tick();
    assert.deepEqual(entered, [1, 2, 4]);
    limit = 3;
    queue.admit();
    await tick();
    assert.deepEqual(entered, [1, 2, 4, 5]);
    await assert.rejects(queue.enter(AbortSignal.abort()), { name: 'AbortError' });
  });
});
