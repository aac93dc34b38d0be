import assert from 'node:assert/strict';
import { type Clock, Poller } from '../../../src/platform/poller';

describe('the poller', () => {
  function poller(results: (() => Promise<void>)[]) {
    let now = 0;
    const waits: number[] = [];
    let action: (() => void) | undefined;
    const clock: Clock = {
      setTimeout: (next, ms) => {
        action = next;
        waits.push(ms);
        return 1;
      },
      clearTimeout: () => {
        action = undefined;
      },
      now: () => now,
    };
    const state = { wanted: true };
    const subject = new Poller(
      {
        intervalSeconds: () => 10,
        wanted: () => state.wanted,
        poll: () => results.shift()?.() ?? Promise.resolve(),
      },
      clock,
    );
    const fire = async () => {
      const next = action;
      action = undefined;
      now += waits[waits.length - 1] ?? 0;
      next?.();
      await new Promise((done) => setImmediate(done));
    };
    return { subject, waits, fire, state, armed: () => action !== undefined, pass: (ms: number) => (now += ms) };
  }

  it('waits twice as long after each failure, and no longer once it works', async () => {
    const fail = () => Promise.reject(new Error('down'));
    const { subject, waits, fire } = poller([fail, fail, () => Promise.resolve()]);
    subject.update();
    for (let times = 0; times < 3; times++) await fire();
    assert.deepEqual(waits, [10_000, 20_000, 40_000, 10_000]);
  });

  it('does not wait longer after one that was taken back', async () => {
    const taken = () => Promise.reject(Object.assign(new Error('hidden'), { name: 'AbortError' }));
    const { subject, waits, fire } = poller([taken]);
    subject.update();
    await fire();
    assert.deepEqual(waits, [10_000, 10_000]);
  });

  it('does not poll once attention has run out while it waited', async () => {
    let polls = 0;
    const { subject, fire, state, armed } = poller([async () => void polls++]);
    subject.update();
    state.wanted = false;
    await fire();
    assert.deepEqual([polls, armed()], [0, false]);
  });

  it('does nothing while nobody looks, and catches up at once', async () => {
    const { subject, waits, state, armed, pass } = poller([]);
    subject.update();
    state.wanted = false;
    subject.update();
    assert.equal(armed(), false);
    pass(60_000);
    state.wanted = true;
    subject.update();
    assert.deepEqual(waits, [10_000, 0]);
    subject.dispose();
    assert.equal(armed(), false);
  });
});
