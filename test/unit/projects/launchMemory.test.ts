import assert from 'node:assert/strict';
import { LaunchMemory } from '../../../src/projects/tasks/launchMemory';

describe('what was launched', () => {
  it('is remembered per entry point, the last first, nothing twice, ten at most', async () => {
    const kept = new Map<string, unknown>();
    const state = {
      get: <T>(key: string) => kept.get(key) as T,
      update: async (key: string, value: unknown) => void kept.set(key, JSON.parse(JSON.stringify(value))),
    };
    const memory = new LaunchMemory(state);
    const launch = (rate: string) => ({
      entryPoint: 'main',
      project: '',
      parameters: new Map([['rate', rate]]),
      id: rate,
    });
    for (let at = 0; at < 14; at++) await memory.record('main', launch(String(at)));
    await memory.record('main', launch('9'));
    await memory.record('other', launch('x'));
    const rates = memory.history('main').map(({ parameters }) => parameters.get('rate'));
    assert.deepEqual(rates, ['9', '13', '12', '11', '10', '8', '7', '6', '5', '4']);
    assert.equal(memory.history('other').length, 1);
    kept.set('flowdeck.projects.history', [['main', [{ entryPoint: 5 }, null]], 'x']);
    assert.deepEqual(memory.history('main'), []);
  });
});
