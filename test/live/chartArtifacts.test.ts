import assert from 'node:assert/strict';
import { createRestTrackingStore } from '../../src/mlflow/rest/restTrackingStore';
import type { TrackingStore } from '../../src/mlflow/trackingStore';
import { findArtifacts, mostText, readArtifact } from '../../src/panels/exports/pageArtifacts';
import { imageSeries } from '../../src/shared/charts/loggedImages';
import { loggedTable } from '../../src/shared/charts/loggedTable';
import { type MlflowServer, type MlflowVersion, startMlflowServer } from '../support/mlflowServer';

const fill = `
import numpy as np
from mlflow import MlflowClient
client = MlflowClient()
run_id = client.create_run('0').info.run_id
pixels = np.full((20, 30, 3), 200, dtype=np.uint8)
for step in (0, 5): client.log_image(run_id, pixels, key='val/dog', step=step, synchronous=True)
client.log_image(run_id, pixels, artifact_file='plots/still.png')
client.log_text(run_id, 'x' * 300_000, 'long.txt')
client.log_table(run_id, {'a': [1, 2], 'b': ['x', 'y']}, 'tables/t.json')
print('run', run_id)
`;

for (const version of ['3.17.2', '2.15.1'] satisfies MlflowVersion[]) {
  describe(`artifacts for charts from ${version}`, () => {
    let server: MlflowServer;
    let store: TrackingStore;
    let runId = '';
    const signal = new AbortController().signal;

    before(async () => {
      server = await startMlflowServer(version);
      runId = /run ([0-9a-f]{32})/.exec(await server.python(fill))?.[1] ?? '';
      const limits = { headersTimeoutMs: 20_000, retries: 1, maxResponseBytes: 1_000_000 };
      store = createRestTrackingStore({ ...limits, baseUrl: server.uri, userAgent: 'flowdeck-test' });
    });

    after(async () => {
      store?.dispose();
      await server?.dispose();
    });

    const found = async (pattern: string) => (await findArtifacts(store, [runId], pattern))[0];

    it('are found with the keys and steps of log_image, which MLflow 2 loses', async () => {
      const series = imageSeries((await found('images'))?.paths ?? []);
      // MLflow 2 names images with `%` and `#`, and its client uploads them under what is left of such an address.
      if (version === '2.15.1') {
        assert.ok(series.every(({ key }) => key !== 'val/dog'));
        return;
      }
      assert.deepEqual(
        series.map(({ key, images }) => [key, ...images.map(({ step }) => step)]),
        [['val/dog', 0, 5]],
      );
      const path = series[0]?.images[0]?.path ?? '';
      const { bytes } = await readArtifact(store, { runId, path, as: 'image' }, signal);
      assert.equal(Buffer.from(bytes.subarray(1, 4)).toString(), 'PNG');
    });

    it('are found by pattern and read: images whole, texts from the beginning, tables as log_table wrote them', async () => {
      assert.deepEqual((await found('**/*.png'))?.paths.includes('plots/still.png'), true);
      const image = await readArtifact(store, { runId, path: 'plots/still.png', as: 'image' }, signal);
      assert.equal(Buffer.from(image.bytes.subarray(1, 4)).toString(), 'PNG');
      assert.deepEqual((await found('long.txt'))?.paths, ['long.txt']);
      const text = await readArtifact(store, { runId, path: 'long.txt', as: 'text' }, signal);
      assert.deepEqual([text.bytes.length, text.cut], [mostText, true]);
      const table = await readArtifact(store, { runId, path: 'tables/t.json', as: 'text' }, signal);
      assert.deepEqual(loggedTable('t.json', new TextDecoder().decode(table.bytes)), {
        columns: ['a', 'b'],
        rows: [
          [1, 'x'],
          [2, 'y'],
        ],
      });
    });

    it('that are not there are none, and an unknown run says so', async () => {
      assert.deepEqual(await found('nothing/*.png'), { runId, paths: [], more: false });
      const [lost] = await findArtifacts(store, ['0'.repeat(32)], 'images');
      assert.equal(lost?.paths.length, 0);
      assert.ok(lost?.problem);
    });
  });
}
