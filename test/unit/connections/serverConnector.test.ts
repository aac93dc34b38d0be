import assert from 'node:assert/strict';
import type { ServerChoice } from '../../../src/connections/serverChoice';
import { type ConnectorParts, ServerConnector } from '../../../src/connections/serverConnector';
import type { Credentials } from '../../../src/mlflow/http/httpOptions';
import { MlflowError } from '../../../src/mlflow/mlflowError';
import type { TrackingStore } from '../../../src/mlflow/trackingStore';
import type { ServerInfo } from '../../../src/shared/domain';

const info: ServerInfo = { generation: 3, version: '3.17.2', workspacesEnabled: false };
const unreachable = () => new MlflowError('unreachable', 'Nothing listens.');
const at = (uri: string): ServerChoice => ({ uri, origin: 'setting', credentialsInSetting: false });

/** A world whose every part a test can change; the store answers what `answer` says. */
class World implements ConnectorParts {
  choice: ServerChoice | undefined = at('http://a');
  saved: Credentials | undefined;
  readOnly = false;
  time = 0;
  answer: () => Promise<ServerInfo> = async () => info;
  question: () => Promise<unknown> = async () => 'fine';
  readonly created: string[] = [];
  readonly disposed: string[] = [];
  readonly states: string[] = [];
  readonly connector: ServerConnector = new ServerConnector(this);

  choose = async () => this.choice;
  savedCredentials = async () => this.saved;
  isReadOnly = () => this.readOnly;
  now = () => this.time;
  onDidChange = () => void this.states.push(this.connector.state.kind);
  createStore = async (uri: string): Promise<TrackingStore> => {
    this.created.push(uri);
    const members = {
      serverInfo: () => this.answer(),
      getRun: () => this.question(),
      dispose: () => void this.disposed.push(uri),
    };
    return members as unknown as TrackingStore;
  };
}

describe('ServerConnector', () => {
  it('asks nothing until somebody wants a connection', () => {
    const world = new World();
    world.connector.reconsider();
    assert.deepEqual([world.created, world.states], [[], []]);
  });

  it('makes one connection of many questions at once', async () => {
    const world = new World();
    const [first, second] = await Promise.all([world.connector.get(), world.connector.get()]);
    assert.equal(first, second);
    assert.equal(await world.connector.get(), first);
    assert.deepEqual(world.created, ['http://a']);
    assert.deepEqual(world.states, ['connecting', 'connected']);
  });

  it('tells of no server once, and looks again later', async () => {
    const world = new World();
    world.choice = undefined;
    assert.equal(await world.connector.get(), undefined);
    assert.equal(await world.connector.get(), undefined);
    assert.deepEqual(world.states, ['none']);
    world.choice = at('http://a');
    world.time += 10_000;
    assert.equal((await world.connector.get())?.uri, 'http://a');
  });

  it('repeats a failure to those it wakes, and tries again later', async () => {
    const world = new World();
    let asked = 0;
    world.answer = async () => {
      asked++;
      throw unreachable();
    };
    await assert.rejects(world.connector.get(), /Nothing listens/);
    await assert.rejects(world.connector.get(), /Nothing listens/);
    assert.equal(asked, 1);
    world.time += 10_000;
    world.answer = async () => info;
    assert.ok(await world.connector.get());
    assert.deepEqual(world.states, ['connecting', 'failed', 'connecting', 'connected']);
  });

  it('tries again at once for a person who waits, and once for all that ask meanwhile', async () => {
    const world = new World();
    world.answer = async () => {
      throw unreachable();
    };
    await assert.rejects(world.connector.get(), /Nothing listens/);
    let asked = 0;
    world.answer = async () => {
      asked++;
      return info;
    };
    await assert.rejects(world.connector.get(), /Nothing listens/);
    const [first, second] = await Promise.all([world.connector.get(true), world.connector.get(true)]);
    assert.ok(first && first === second && asked === 1);
  });

  it('notices a server that dies half-way, and gives the same connection when it is back', async () => {
    const world = new World();
    const before = await world.connector.get();
    world.question = async () => {
      throw unreachable();
    };
    await assert.rejects(async () => before?.store.getRun('x'));
    assert.equal(world.connector.state.kind, 'failed');
    world.time += 10_000;
    assert.equal(await world.connector.get(), before);
    assert.deepEqual(world.disposed, []);
  });

  it('does not doubt the connection for a refusal of one question', async () => {
    const world = new World();
    const connection = await world.connector.get();
    world.question = async () => {
      throw new MlflowError('notFound', 'No such run.');
    };
    await assert.rejects(async () => connection?.store.getRun('x'));
    assert.equal(world.connector.state.kind, 'connected');
  });

  it('changes the server when the settings do, and closes the old store', async () => {
    const world = new World();
    await world.connector.get();
    world.choice = at('http://b');
    world.connector.reconsider();
    assert.equal((await world.connector.retry())?.uri, 'http://b');
    assert.deepEqual(world.disposed, ['http://a']);
  });

  it('lets the last change win while an attempt is under way', async () => {
    const world = new World();
    let release: (value: ServerInfo) => void = () => undefined;
    world.answer = () =>
      new Promise((resolve) => {
        release = resolve;
      });
    const first = world.connector.get();
    await new Promise(setImmediate);
    world.choice = at('http://b');
    world.answer = async () => info;
    world.connector.reconsider();
    release({ ...info, version: 'old' });
    assert.equal((await first)?.uri, 'http://b');
    assert.equal((await first)?.server.version, '3.17.2');
  });

  it('uses saved credentials, for child processes too, and a new store when they change', async () => {
    const world = new World();
    world.saved = { kind: 'bearer', token: 't' };
    const connection = await world.connector.get();
    assert.deepEqual(await connection?.environment(), { MLFLOW_TRACKING_URI: 'http://a', MLFLOW_TRACKING_TOKEN: 't' });
    world.saved = undefined;
    await world.connector.retry();
    assert.equal(world.created.length, 2);
  });

  it('shows the read-only mark without a new store', async () => {
    const world = new World();
    const writable = await world.connector.get();
    world.readOnly = true;
    world.connector.refreshReadOnly();
    const readOnly = await world.connector.get();
    assert.deepEqual([writable?.readOnly, readOnly?.readOnly], [false, true]);
    assert.equal(readOnly?.store, writable?.store);
    assert.equal(world.created.length, 1);
  });

  it('gives the reason when choosing itself fails', async () => {
    const world = new World();
    world.choose = async () => {
      throw new MlflowError('invalid', 'This is a store, not a server.');
    };
    await assert.rejects(world.connector.get(), /not a server/);
    assert.equal(world.connector.state.kind, 'failed');
  });
});
