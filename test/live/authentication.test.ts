import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import type { Credentials } from '../../src/mlflow/http/httpOptions';
import { MlflowError, type MlflowErrorKind } from '../../src/mlflow/mlflowError';
import { createRestTrackingStore } from '../../src/mlflow/rest/restTrackingStore';
import type { TrackingStore } from '../../src/mlflow/trackingStore';
import { type MlflowServer, type MlflowVersion, startMlflowServer } from '../support/mlflowServer';

const limits = { headersTimeoutMs: 30_000, retries: 1, maxResponseBytes: 50_000_000, userAgent: 'flowdeck-test' };
const joesPassword = 'joes-own-password';
const adminPasswords: Readonly<Record<MlflowVersion, string>> = {
  '3.17.2': 'the-admins-password',
  '2.15.1': 'password',
};

for (const version of ['3.17.2', '2.15.1'] satisfies MlflowVersion[]) {
  describe(`basic authentication on ${version}`, () => {
    const lines: string[] = [];
    const failures: MlflowError[] = [];
    const stores: TrackingStore[] = [];
    const adminPassword = adminPasswords[version];
    let server: MlflowServer;
    let admin: TrackingStore;

    const sign = (credentials?: Credentials) => {
      const log = (line: string) => lines.push(line);
      const store = createRestTrackingStore({
        ...limits,
        log,
        baseUrl: server.uri,
        ...(credentials && { credentials }),
      });
      stores.push(store);
      return store;
    };
    const basic = (user: string, password: string) => sign({ kind: 'basic', user, password });

    async function fails(asking: Promise<unknown>, kind: MlflowErrorKind): Promise<MlflowError> {
      const error = await asking.then(
        () => assert.fail('an error was expected'),
        (reason: unknown) => reason,
      );
      assert.ok(error instanceof MlflowError, String(error));
      failures.push(error);
      assert.equal(error.kind, kind, error.message);
      return error;
    }

    before(async () => {
      const env = { MLFLOW_FLASK_SERVER_SECRET_KEY: 'only for this test', MLFLOW_AUTH_ADMIN_PASSWORD: adminPassword };
      server = await startMlflowServer(version, { args: ['--app-name', 'basic-auth'], env });
      const response = await fetch(`${server.uri}/api/2.0/mlflow/users/create`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Basic ${Buffer.from(`admin:${adminPassword}`).toString('base64')}`,
        },
        body: JSON.stringify({ username: 'joe', password: joesPassword }),
      });
      assert.equal(response.status, 200, await response.text());
      admin = basic('admin', adminPassword);
    });

    after(async () => {
      for (const store of stores) store.dispose();
      await server?.dispose();
    });

    it('lets in who signs in', async () => {
      const info = await admin.serverInfo();
      assert.equal(info.version, version);
      assert.equal(info.user, version === '3.17.2' ? 'admin' : undefined);
      assert.ok((await admin.searchExperiments({})).items.length > 0);
    });

    it('asks for a sign-in without credentials, and with wrong ones of either kind', async () => {
      for (const store of [sign(), basic('admin', 'wrong-password'), sign({ kind: 'bearer', token: 'wrong-token' })]) {
        const error = await fails(store.serverInfo(), 'auth');
        assert.match(error.details.advice ?? '', /Connect to Server/);
        await fails(store.searchExperiments({}), 'auth');
      }
    });

    it('tells what is not permitted from what is not there', async () => {
      const experimentId = await admin.createExperiment('admins own');
      const joe = basic('joe', joesPassword);
      assert.equal((await joe.serverInfo()).version, version);
      await fails(joe.createRun({ experimentId, name: 'not mine' }), 'forbidden');
      await fails(joe.deleteExperiment(experimentId), 'forbidden');
      await joe.getExperiment(experimentId);
    });

    it('says no password anywhere', () => {
      const said = inspect([failures, lines], { depth: 12, maxStringLength: null, showHidden: true });
      assert.ok(failures.length >= 8 && lines.length >= 8);
      for (const secret of ['wrong-password', 'wrong-token', joesPassword, 'Basic ', 'Bearer '])
        assert.equal(said.includes(secret), false, secret);
    });
  });
}
