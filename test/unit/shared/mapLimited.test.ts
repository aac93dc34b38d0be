import assert from 'node:assert/strict';
import { mapLimited } from '../../../src/shared/mapLimited';

describe('limited mapping', () => {
  it('keeps order and limit, and starts nothing after a failure', async () => {
    let running = 0;
    let most = 0;
    const results = await mapLimited([3, 1, 2, 0], 2, async (value) => {
      most = Math.max(most, ++running);
      await new Promise((done) => setTimeout(done, value));
      running--;
      return value * 2;
    });
    assert.deepEqual([results, most], [[6, 2, 4, 0], 2]);
    const started: number[] = [];
    await assert.rejects(
      mapLimited([1, 2, 3, 4], 1, async (value) => {
        started.push(value);
        if (value === 2) throw new Error('no');
      }),
    );
    assert.deepEqual(started, [1, 2]);
    const ended: number[] = [];
    const failing = mapLimited([1, 2, 3], 2, async (value) => {
      if (value === 1) throw new Error('no');
      await new Promise((done) => setTimeout(done, 5));
      ended.push(value);
    });
    await assert.rejects(failing, { message: 'no' });
    assert.deepEqual(ended, [2], 'what had begun has ended when the failure is told');
  });
});
