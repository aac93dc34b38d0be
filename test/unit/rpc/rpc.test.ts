import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { type Handlers, type Port, RemoteError, Rpc } from '../../../src/shared/rpc';

interface Methods {
  double: (params: { readonly value: number }) => number;
  wait: (params: Record<string, never>) => string;
}
interface Events {
  changed: { readonly at: number };
}

/** Two ports that hand each other copies, as a webview does. */
function channel(): [Port & { inject(message: unknown): void }, Port & { inject(message: unknown): void }] {
  const ends = [new Set<(message: unknown) => void>(), new Set<(message: unknown) => void>()] as const;
  const port = (own: 0 | 1) => ({
    post: (message: unknown) => {
      const copy: unknown = structuredClone(message);
      queueMicrotask(() => {
        for (const listener of ends[own === 0 ? 1 : 0]) listener(copy);
      });
    },
    onMessage: (listener: (message: unknown) => void) => {
      ends[own].add(listener);
      return { dispose: () => ends[own].delete(listener) };
    },
    inject: (message: unknown) => {
      for (const listener of ends[own]) listener(message);
    },
  });
  return [port(0), port(1)];
}

function pair() {
  const signals: AbortSignal[] = [];
  const handlers: Handlers<Methods> = {
    double: {
      decode: (raw) => {
        const value = typeof raw === 'object' && raw !== null && 'value' in raw ? raw.value : undefined;
        if (typeof value !== 'number') throw new Error('value is no number');
        return { value };
      },
      handle: ({ value }) => value * 2,
    },
    wait: {
      decode: () => ({}),
      handle: (_, signal) => {
        signals.push(signal);
        return new Promise(() => undefined);
      },
    },
  };
  const [a, b] = channel();
  const caller = new Rpc<Methods, object, object, Events>(a, {});
  const server = new Rpc<object, Methods, Events, object>(b, handlers, (error) => ({
    message: String(error instanceof Error ? error.message : error),
    kind: 'invalid',
    advice: 'Do otherwise.',
  }));
  return { caller, server, signals, b };
}

describe('RPC', () => {
  it('answers, and carries typed arrays', async () => {
    const { caller } = pair();
    assert.equal(await caller.call('double', { value: 21 }), 42);
  });

  it('answers ahead of the question, whether the answer was heard or not', async () => {
    const { caller, server } = pair();
    const later = server.ahead('double', { value: 2 });
    assert.equal(await caller.call('double', { value: 2 }, undefined, later), 4);
    const lost = server.ahead('double', { value: 3 });
    await turn();
    assert.equal(await caller.call('double', { value: 3 }, undefined, lost), 6);
    assert.equal(
      await caller.call('double', { value: 4 }, undefined, lost),
      8,
      'asked again, it is a question like others',
    );
  });

  it('ends what was begun ahead and nobody wants', async () => {
    const { caller, server, signals } = pair();
    caller.decline(server.ahead('wait', {}));
    await turn();
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [true],
    );
  });

  it('carries errors with kind and advice, and refuses parameters that do not decode', async () => {
    const { caller } = pair();
    const wrong = { value: 'x' } as unknown as { value: number };
    await assert.rejects(caller.call('double', wrong), (error) => {
      assert.ok(error instanceof RemoteError);
      assert.deepEqual([error.message, error.kind, error.advice], ['value is no number', 'invalid', 'Do otherwise.']);
      return true;
    });
  });

  it('refuses methods that are not served, those of every object included', async () => {
    const { caller } = pair();
    for (const name of ['nothing', 'constructor', '__proto__', 'toString'])
      await assert.rejects(caller.call(name as 'double', { value: 1 }), /There is no method/);
  });

  it('cancels on both ends', async () => {
    const { caller, signals } = pair();
    const abort = new AbortController();
    const answer = caller.call('wait', {}, abort.signal);
    await turn();
    abort.abort();
    await assert.rejects(answer, { name: 'AbortError', kind: 'cancelled' });
    await turn();
    assert.equal(signals[0]?.aborted, true);
    await assert.rejects(caller.call('wait', {}, abort.signal), { kind: 'cancelled' });
  });

  it('ends everything when disposed, and when the other end is gone', async () => {
    const { caller, server, signals } = pair();
    const answer = caller.call('wait', {});
    await turn();
    server.reset();
    assert.equal(signals[0]?.aborted, true);
    caller.dispose();
    await assert.rejects(answer, { kind: 'cancelled' });
    await assert.rejects(caller.call('double', { value: 1 }), { kind: 'cancelled' });
  });

  it('tells events to those who listen', async () => {
    const { caller, server } = pair();
    const heard: number[] = [];
    const listening = caller.on('changed', ({ at }) => heard.push(at));
    server.emit('changed', { at: 1 });
    await turn();
    listening.dispose();
    server.emit('changed', { at: 2 });
    await turn();
    assert.deepEqual(heard, [1]);
  });

  it('ignores what is no message', () => {
    const { b } = pair();
    for (const message of [null, 1, 'x', {}, { rpc: 'request' }, { rpc: 'reply', id: 'x' }, { rpc: 'failure', id: 1 }])
      b.inject(message);
  });
});
