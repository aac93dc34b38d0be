import assert from 'node:assert/strict';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectToServer } from '../../src/connections/connectCommand';
import { forgetCredentials } from '../../src/connections/credentialsCommand';
import { showStatus } from '../../src/connections/statusCommand';
import { usualAddress } from '../../src/connections/usualAddress';
import { MlflowError } from '../../src/mlflow/mlflowError';
import { type MlflowServer, startMlflowServer } from '../support/mlflowServer';
import { configure, newSession, Script, type Shown, withoutEnvironment } from './connectionsHarness';

const rejectsWith = (kind: string, advice: RegExp) => (error: unknown) => {
  assert.ok(error instanceof MlflowError, String(error));
  assert.equal(error.kind, kind);
  assert.match(error.details.advice ?? '', advice);
  return true;
};

describe('which server', () => {
  afterEach(() => configure('trackingUri', undefined));

  it('is none when nothing names one and none is found', () =>
    withoutEnvironment(async () => {
      const { session } = newSession();
      const found = await session.find(usualAddress);
      assert.equal((await session.connector.get())?.uri, found?.uri);
      assert.equal(session.connector.state.kind, found ? 'connected' : 'none');
      session.dispose();
    }));

  it('gives an answer to a wrong address that says what to do', async () => {
    await configure('trackingUri', 'http://127.0.0.1:9');
    const { session } = newSession();
    await assert.rejects(session.connector.get(), rejectsWith('unreachable', /port/));
    assert.equal(session.connector.state.kind, 'failed');
    session.dispose();
  });

  it('gives an answer to an address of something else', async () => {
    const page = http.createServer((_request, response) => response.end('<!doctype html><h1>Not MLflow</h1>'));
    await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
    await configure('trackingUri', `http://127.0.0.1:${(page.address() as AddressInfo).port}`);
    const { session } = newSession();
    await assert.rejects(session.connector.get(), rejectsWith('protocol', /address of an MLflow server/));
    session.dispose();
    page.closeAllConnections();
    page.close();
  });

  it('gives an answer to a store that is no server', async () => {
    await configure('trackingUri', 'sqlite:///mlflow.db');
    const { session } = newSession();
    await assert.rejects(session.connector.get(), rejectsWith('invalid', /Start a Local MLflow Server/));
    session.dispose();
  });
});

describe('a server that dies half-way', function () {
  this.timeout(180_000);

  it('is noticed by the next question, and found again when it is back', async () => {
    let server = await startMlflowServer('3.17.2');
    await configure('trackingUri', server.uri);
    const { session } = newSession();
    const connection = await session.connector.get();
    assert.equal(connection?.server.version, '3.17.2');
    await server.stop();
    await assert.rejects(async () => connection?.store.searchExperiments({}), rejectsWith('unreachable', /./));
    assert.equal(session.connector.state.kind, 'failed');
    server = await startMlflowServer('3.17.2', { folder: server.folder, port: Number(new URL(server.uri).port) });
    assert.equal(await session.connector.retry(), connection);
    assert.equal((await connection?.store.searchExperiments({}))?.items.length, 1);
    await configure('trackingUri', undefined);
    session.dispose();
    await server.dispose();
  });
});

describe('signing in', function () {
  this.timeout(180_000);
  let server: MlflowServer;

  before(async () => {
    server = await startMlflowServer('2.15.1', { args: ['--app-name', 'basic-auth'] });
  });

  after(async () => {
    await configure('trackingUri', undefined);
    await server?.dispose();
  });

  it('asks again after a wrong password, keeps the right one secret and says what it found', async () => {
    const passwords = ['wrong', 'password'];
    const script = new Script(({ kind, title, choices, message }: Shown) => {
      if (choices.some((label) => label.includes('Enter an Address'))) return 'Enter an Address';
      if (choices.some((label) => label.includes('User and Password'))) return 'User and Password';
      if (choices.some((label) => label.includes('Workspace'))) return 'Workspace';
      if (kind !== 'input') return undefined;
      if (!title.startsWith('Sign In')) return `${server.uri}/#/experiments/0`;
      return message === 'Name of the user' ? 'admin' : passwords.shift();
    });
    const { session, secrets, lines } = newSession();
    try {
      await connectToServer(session, undefined);
    } finally {
      script.restore();
    }
    assert.deepEqual(passwords, []);
    assert.ok(script.texts('pick').some((text) => text.includes('did not accept')));
    assert.deepEqual(script.texts('information'), [`Connected to ${server.uri}: MLflow 2.15.1, 1 experiment.`]);
    assert.deepEqual([...secrets.values()], ['{"kind":"basic","user":"admin","password":"password"}']);
    const connection = await session.connector.get();
    assert.equal(connection?.uri, server.uri);
    assert.equal((await connection?.environment())?.MLFLOW_TRACKING_PASSWORD, 'password');
    assert.ok(!lines.join('\n').includes('password'), 'no credential in the log');
    session.dispose();
  });

  it('moves credentials out of the setting', async () => {
    await configure('trackingUri', server.uri.replace('//', '//admin:password@'));
    const script = new Script(() => undefined);
    const { session, secrets } = newSession();
    const connection = await session.connector.get().finally(() => script.restore());
    assert.equal(connection?.uri, server.uri);
    assert.equal(session.settingText(), server.uri);
    assert.equal(secrets.size, 1);
    assert.match(script.texts('information').join(), /moved to the secret storage/);
    session.dispose();
  });

  it('is asked for by a server that knows nobody, and forgotten on demand', async () => {
    await configure('trackingUri', server.uri);
    const { session, secrets } = newSession();
    await assert.rejects(session.connector.get(), rejectsWith('auth', /Connect to Server/));
    await session.credentials.write(server.uri, { kind: 'basic', user: 'admin', password: 'password' });
    assert.ok(await session.connector.retry());
    const script = new Script(() => server.uri);
    await forgetCredentials(session).finally(() => script.restore());
    assert.equal(secrets.size, 0);
    session.dispose();
  });

  it('shows what is known of the server', async () => {
    await configure('trackingUri', server.uri);
    const { session } = newSession();
    await session.credentials.write(server.uri, { kind: 'basic', user: 'admin', password: 'password' });
    const script = new Script(() => undefined);
    await showStatus(session, false).finally(() => script.restore());
    const [shown] = script.shown;
    const labels = shown?.choices.join('\n') ?? '';
    for (const label of ['Server', 'Version', 'Store', 'Signed in as', 'Answers in', 'Connect Again', 'Make Read-Only'])
      assert.ok(labels.includes(label), label);
    session.dispose();
  });
});
