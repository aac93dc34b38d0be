import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { downloadFile, downloadFiles, filesBelow } from '../../src/artifacts/download';
import { createRestTrackingStore } from '../../src/mlflow/rest/restTrackingStore';
import type { TrackingStore } from '../../src/mlflow/trackingStore';
import { type MlflowServer, type MlflowVersion, startMlflowServer } from '../support/mlflowServer';

const fill = `
import mlflow, os, pathlib
root = pathlib.Path('upload'); (root / 'deep' / 'er').mkdir(parents=True, exist_ok=True)
(root / 'bytes.bin').write_bytes(bytes(range(256)) * 4000)
(root / 'empty').write_bytes(b'')
(root / 'deep' / 'süß & 1+1.txt').write_text('text', encoding='utf8')
(root / 'deep' / 'er' / 'x.csv').write_text('a,b\\n1,2\\n')
with mlflow.start_run() as run:
    mlflow.log_artifacts('upload', 'all')
    print('run', run.info.run_id)
`;

for (const version of ['3.17.2', '2.15.1'] satisfies MlflowVersion[]) {
  describe(`downloads from ${version}`, () => {
    let server: MlflowServer;
    let store: TrackingStore;
    let runId = '';
    let target = '';
    const signal = new AbortController().signal;

    before(async () => {
      server = await startMlflowServer(version);
      runId = /run ([0-9a-f]{32})/.exec(await server.python(fill))?.[1] ?? '';
      const limits = { headersTimeoutMs: 20_000, retries: 1, maxResponseBytes: 1_000_000 };
      store = createRestTrackingStore({ ...limits, baseUrl: server.uri, userAgent: 'flowdeck-test' });
      target = fs.mkdtempSync(path.join(os.tmpdir(), 'flowdeck-download-'));
    });

    after(async () => {
      store?.dispose();
      await server?.dispose();
      fs.rmSync(target, { recursive: true, force: true });
    });

    it('bring a whole folder, byte by byte, and count every byte', async () => {
      const { files, refused } = await filesBelow(store, { runId, path: 'all' }, true, signal);
      assert.equal(refused, 0);
      let last = { bytes: 0, totalBytes: 0, files: 0, totalFiles: 0 };
      const root = path.join(target, 'all');
      await downloadFiles(store, runId, files, { root, base: 'all', overwrite: false }, signal, (progress) => {
        last = progress;
      });
      const upload = path.join(server.folder, 'upload');
      const names = (folder: string) => fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
      assert.deepEqual(names(root), names(upload));
      for (const name of names(upload)) {
        if (fs.statSync(path.join(upload, name)).isFile())
          assert.deepEqual(fs.readFileSync(path.join(root, name)), fs.readFileSync(path.join(upload, name)), name);
      }
      assert.equal(last.bytes, last.totalBytes);
      assert.equal(last.totalFiles, 4);
    });

    it('never write over a file unasked', async () => {
      const local = path.join(target, 'mine.bin');
      fs.writeFileSync(local, 'mine');
      const ref = { runId, path: 'all/bytes.bin' };
      await assert.rejects(
        downloadFile(store, ref, local, false, signal, () => undefined),
        /EEXIST/,
      );
      assert.equal(fs.readFileSync(local, 'utf8'), 'mine');
      await downloadFile(store, ref, local, true, signal, () => undefined);
      assert.equal(fs.statSync(local).size, 1_024_000);
    });

    it('leave nothing half done when cancelled', async () => {
      const abort = new AbortController();
      const local = path.join(target, 'cancelled.bin');
      const downloading = downloadFile(store, { runId, path: 'all/bytes.bin' }, local, false, abort.signal, () =>
        abort.abort(),
      );
      await assert.rejects(downloading);
      assert.deepEqual(
        fs.readdirSync(target).filter((name) => name.startsWith('cancelled')),
        [],
      );
    });

    it('leave out, and count, what a server lists outside of its folder', async () => {
      const hostile: Pick<TrackingStore, 'listArtifacts'> = {
        listArtifacts: async (...question) => {
          const listing = await store.listArtifacts(...question);
          const elsewhere = { path: 'other/x', isFolder: false, size: 1 };
          return { ...listing, files: [...listing.files, elsewhere], refused: ['../../x'] };
        },
      };
      const ref = { runId, path: 'all/deep' };
      const { files, refused } = await filesBelow({ ...store, ...hostile }, ref, true, signal);
      assert.deepEqual(files.map(({ path: file }) => file).sort(), ['all/deep/er/x.csv', 'all/deep/süß & 1+1.txt']);
      assert.equal(refused, 4, 'two in each of two folders');
    });

    it('refuse a path that leaves the folder, whoever names it', async () => {
      const files = [{ path: 'all/../../../escaped', isFolder: false }];
      const root = path.join(target, 'safe');
      await assert.rejects(
        downloadFiles(store, runId, files, { root, base: 'all', overwrite: true }, signal, () => undefined),
        /Not the path of an artifact/,
      );
      assert.equal(fs.existsSync(path.join(target, '..', 'escaped')), false);
    });
  });
}
