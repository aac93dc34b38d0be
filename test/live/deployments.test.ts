import assert from 'node:assert/strict';
import { MlflowError } from '../../src/mlflow/mlflowError';
import { createRestTrackingStore } from '../../src/mlflow/rest/restTrackingStore';
import { parseServerAddress } from '../../src/mlflow/serverAddress';
import { type MlflowServer, type MlflowVersion, startMlflowServer } from '../support/mlflowServer';

const limits = { headersTimeoutMs: 30_000, retries: 1, maxResponseBytes: 50_000_000, userAgent: 'flowdeck-test' };

describe('servers as people really run them', () => {
  let server: MlflowServer | undefined;

  afterEach(async () => {
    await server?.dispose();
    server = undefined;
  });

  const prefix = '/team/mlflow';
  for (const version of ['3.17.2', '2.15.1'] satisfies MlflowVersion[]) {
    it(`${version} below a path of its own`, async () => {
      // MLflow 2 leaves `/health` beside the prefix.
      const healthPath = version === '3.17.2' ? `${prefix}/health` : '/health';
      server = await startMlflowServer(version, { args: ['--static-prefix', prefix], healthPath });
      await useIt(version, `${server.uri}${prefix}`);
    });

    it(`${version} that serves no artifacts itself`, async () => {
      server = await startMlflowServer(version, {
        args: ['--no-serve-artifacts', '--default-artifact-root', './root'],
      });
      await useIt(version, server.uri);
    });
  }

  async function useIt(version: MlflowVersion, address: string): Promise<void> {
    const { uri, target } = parseServerAddress(`${address}/#/experiments/0/runs/abc`);
    assert.deepEqual(target, { experimentId: '0', runId: 'abc' });
    const store = createRestTrackingStore({ ...limits, baseUrl: uri });
    try {
      assert.equal((await store.serverInfo()).generation, version.startsWith('3') ? 3 : 2);
      const { runId } = await store.createRun({ experimentId: '0', name: 'there' });
      await store.logMetric(runId, { key: 'a/b', value: 2, timestamp: 1, step: 1 });
      await store.uploadArtifact(runId, 'a.txt', Buffer.from('x'));
      assert.deepEqual((await store.listArtifacts(runId)).files, [{ path: 'a.txt', isFolder: false, size: 1 }]);
      const chunks: Uint8Array[] = [];
      for await (const chunk of (await store.downloadArtifact(runId, 'a.txt')).body) chunks.push(chunk);
      assert.equal(Buffer.concat(chunks).toString(), 'x');
      const [series] = await store.sampledHistory({ runIds: [runId], key: 'a/b', maxPoints: 10 });
      assert.deepEqual([...(series?.values ?? [])], [2]);
    } finally {
      store.dispose();
    }
  }

  it('3.17.2 that allows other host names than the one used says how to allow it', async () => {
    server = await startMlflowServer('3.17.2', { args: ['--allowed-hosts', 'mlflow.example.com'] });
    const store = createRestTrackingStore({ ...limits, baseUrl: server.uri });
    await assert.rejects(
      store.serverInfo(),
      (error) =>
        error instanceof MlflowError &&
        error.kind === 'forbidden' &&
        (error.details.advice ?? '').includes('--allowed-hosts'),
    );
    store.dispose();
  });
});
