import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Connection, ConnectionState, Connections } from '../../src/connections/connection';
import { ExperimentsStore } from '../../src/experiments/experimentsStore';
import type { TrackingStore } from '../../src/mlflow/trackingStore';
import { runOf } from '../support/runOf';

const runId = 'ab12';

/** A server whose answers wait until they are let through; every run of it has the server's name. */
function serverOf(name: string) {
  const gates: (() => void)[] = [];
  const wait = () => new Promise<void>((open) => gates.push(open));
  const store = {
    getRun: async (id: string) => {
      await wait();
      return runOf(id, { name });
    },
    searchRuns: async () => {
      await wait();
      return { items: [runOf(runId, { name })] };
    },
    searchExperiments: async () => ({ items: [] }),
  } as unknown as TrackingStore;
  const connection = { uri: name, store, readOnly: false } as Connection;
  const answer = async () => {
    for (let round = 0; round < 5; round++) {
      for (const open of gates.splice(0)) open();
      await sleep(1);
    }
  };
  return { connection, answer };
}

describe('the store of experiments and runs', () => {
  const changed = new vscode.EventEmitter<void>();
  let state: ConnectionState = { kind: 'none' };
  const use = ({ connection }: ReturnType<typeof serverOf>) => {
    state = { kind: 'connected', connection };
    changed.fire();
  };
  const current = async () => {
    assert.equal(state.kind, 'connected');
    return (state as Extract<ConnectionState, { kind: 'connected' }>).connection;
  };
  const connections: Connections = {
    get state() {
      return state;
    },
    onDidChange: changed.event,
    get: current,
    require: current,
    requireWritable: current,
    showHint: () => undefined,
  };

  it("keeps late answers of the server before out of the next one's runs", async () => {
    const [one, other] = [serverOf('one'), serverOf('other')];
    const store = new ExperimentsStore(connections);
    use(one);
    const late = [store.run(runId), store.list('1').get(), store.reloadRuns([runId])].map((asked) =>
      asked.catch(() => undefined),
    );
    await sleep(1);
    use(other);
    await one.answer();
    await Promise.all(late);
    assert.equal(store.cachedRun(runId), undefined);
    const asked = store.run(runId);
    await sleep(1);
    await other.answer();
    assert.equal((await asked).name, 'other');
    store.dispose();
  });

  it('asks once for a run that several wait for, and lets one give up', async () => {
    const server = serverOf('one');
    const store = new ExperimentsStore(connections);
    use(server);
    const giving = new AbortController();
    const given = store.run(runId, giving.signal);
    const waiting = store.run(runId);
    giving.abort();
    await assert.rejects(given, { name: 'AbortError' });
    await server.answer();
    const run = await waiting;
    assert.equal(store.cachedRun(runId), run);
    await assert.rejects(store.run(runId, AbortSignal.abort()), { name: 'AbortError' });
    store.dispose();
  });

  it('tells of a refresh also when nothing was loaded, and again of what it read', async () => {
    const server = serverOf('one');
    const store = new ExperimentsStore(connections);
    use(server);
    let told = 0;
    const listening = [store.onDidChange(() => told++), store.onDidRunsChange(() => told++)];
    store.refresh();
    assert.equal(told, 1);
    const asked = store.list('1').get();
    await sleep(1);
    await server.answer();
    await asked;
    assert.equal(told, 2);
    for (const listener of listening) listener.dispose();
    store.dispose();
  });
});
