import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { Turns } from '../../../src/panels/turns';

describe('turns', () => {
  /** Begun in this order; each ends when it is told to. */
  function works(turns: Turns, names: readonly string[], signals: Readonly<Record<string, AbortSignal>> = {}) {
    const begun: string[] = [];
    const end = new Map<string, () => void>();
    const results = names.map((name) =>
      turns.take(async () => {
        begun.push(name);
        await new Promise<void>((resolve) => end.set(name, resolve));
        if (name === 'bad') throw new Error('no');
        return name;
      }, signals[name]),
    );
    return { begun, end: (name: string) => end.get(name)?.(), results };
  }

  it('are taken in order, so many at once', async () => {
    const { begun, end, results } = works(new Turns(2), ['a', 'b', 'c', 'd']);
    await turn();
    assert.deepEqual(begun, ['a', 'b']);
    end('b');
    await turn();
    assert.deepEqual(begun, ['a', 'b', 'c']);
    end('a');
    await turn();
    end('c');
    end('d');
    assert.deepEqual(await Promise.all(results), ['a', 'b', 'c', 'd']);
  });

  it('go on after a failure, and without who gave up', async () => {
    const abort = new AbortController();
    const { begun, end, results } = works(new Turns(1), ['bad', 'gone', 'c'], { gone: abort.signal });
    await turn();
    abort.abort(new Error('enough'));
    end('bad');
    await assert.rejects(results[0] ?? Promise.resolve(), /no/);
    await assert.rejects(results[1] ?? Promise.resolve(), /enough/);
    await turn();
    assert.deepEqual(begun, ['bad', 'c']);
    end('c');
    assert.equal(await results[2], 'c');
  });

  it('are not begun by who gave up before', async () => {
    const turns = new Turns(1);
    await assert.rejects(
      turns.take(async () => 1, AbortSignal.abort(new Error('before'))),
      /before/,
    );
    assert.equal(await turns.take(async () => 2), 2);
  });
});
