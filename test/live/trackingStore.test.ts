import assert from 'node:assert/strict';
import { MlflowError, type MlflowErrorKind } from '../../src/mlflow/mlflowError';
import { createRestTrackingStore } from '../../src/mlflow/rest/restTrackingStore';
import type { TrackingStore } from '../../src/mlflow/trackingStore';
import { type MlflowServer, type MlflowVersion, startMlflowServer } from '../support/mlflowServer';

const limits = { headersTimeoutMs: 30_000, retries: 1, maxResponseBytes: 50_000_000, userAgent: 'flowdeck-test' };
const failsAs = (kind: MlflowErrorKind) => (error: unknown) => error instanceof MlflowError && error.kind === kind;

/** Reads a run with the official client: what another user of the server sees. */
const readBack = `
import sys, json, math, mlflow
run = mlflow.get_run(sys.argv[1])
show = lambda v: str(v) if not math.isfinite(v) else v
client = mlflow.MlflowClient()
print(json.dumps({'params': run.data.params, 'tags': run.data.tags, 'status': run.info.status, 'name': run.info.run_name,
  'stage': run.info.lifecycle_stage, 'end': run.info.end_time,
  'metrics': {k: [[m.step, m.timestamp, show(m.value)] for m in client.get_metric_history(run.info.run_id, k)] for k in run.data.metrics}}))
`;

const writeHistory = `
import sys, mlflow
from mlflow.entities import Metric
client = mlflow.MlflowClient()
for run, count in zip(sys.argv[1].split(','), [3000, 5, 0]):
    for at in range(0, count, 1000):
        client.log_batch(run, metrics=[Metric('loss', 1/(s+1), 1700000000000+s, s) for s in range(at, min(count, at+1000))])
print('ok')
`;

const lastLine = (text: string) => text.trim().split('\n').at(-1) ?? '';

for (const version of ['3.17.2', '2.15.1'] satisfies MlflowVersion[]) {
  const generation = version.startsWith('3') ? 3 : 2;

  describe(`the tracking store on ${version}`, () => {
    let server: MlflowServer;
    let store: TrackingStore;
    let experimentId = '';

    before(async () => {
      server = await startMlflowServer(version);
      store = createRestTrackingStore({ ...limits, baseUrl: server.uri });
      experimentId = await store.createExperiment('team/süß <img src=x onerror=alert(1)>', { team: 'a' });
    });

    after(async () => {
      store?.dispose();
      await server?.dispose();
    });

    const pythonRun = async (runId: string) => JSON.parse(lastLine(await server.python(readBack, runId)));
    const textOf = async (path: string, runId: string, range?: { start: number; end: number }) => {
      const { body } = await store.downloadArtifact(runId, path, undefined, range);
      const chunks: Uint8Array[] = [];
      for await (const chunk of body) chunks.push(chunk);
      return Buffer.concat(chunks).toString();
    };

    it('says what server it is', async () => {
      const info = await store.serverInfo();
      assert.equal(info.version, version);
      assert.equal(info.generation, generation);
      assert.equal(info.workspacesEnabled, false);
    });

    it('makes, renames, tags, deletes and restores experiments', async () => {
      const made = await store.getExperiment(experimentId);
      assert.equal(made.name, 'team/süß <img src=x onerror=alert(1)>');
      assert.deepEqual({ ...made.tags }, { team: 'a' });
      await assert.rejects(store.createExperiment(made.name), failsAs('conflict'));
      const other = await store.createExperiment('other');
      await assert.rejects(store.renameExperiment(other, made.name), failsAs('conflict'));
      await store.renameExperiment(other, "o'ther");
      await store.setExperimentTag(other, 'k', 'v "quoted"');
      assert.equal((await store.getExperimentByName("o'ther"))?.tags.k, 'v "quoted"');
      if (generation === 3) {
        await store.deleteExperimentTag(other, 'k');
        await store.deleteExperimentTag(other, 'k');
        assert.equal((await store.getExperiment(other)).tags.k, undefined);
      } else await assert.rejects(store.deleteExperimentTag(other, 'k'), failsAs('invalid'));
      await store.deleteExperiment(other);
      assert.equal((await store.getExperiment(other)).lifecycleStage, 'deleted');
      const deleted = await store.searchExperiments({ viewType: 'DELETED_ONLY' });
      assert.deepEqual(
        deleted.items.map((item) => item.experimentId),
        [other],
      );
      await store.restoreExperiment(other);
      assert.equal((await store.getExperiment(other)).lifecycleStage, 'active');
      assert.equal(await store.getExperimentByName('never made'), undefined);
      await assert.rejects(store.getExperiment('987654321'), failsAs('notFound'));
    });

    it('pages through experiments and runs to the end, each once', async () => {
      const names = new Set<string>();
      for (let token: string | undefined, first = true; first || token; first = false) {
        const page = await store.searchExperiments({ maxResults: 1, ...(token ? { pageToken: token } : {}) });
        for (const item of page.items) names.add(item.name);
        token = page.nextPageToken;
      }
      assert.equal(names.size, 3);
      const paged = await store.createExperiment('paged');
      for (let at = 0; at < 5; at++) await store.createRun({ experimentId: paged, name: `run ${at}` });
      const seen: string[] = [];
      for (let token: string | undefined, first = true; first || token; first = false) {
        const search = { experimentIds: [paged], maxResults: 2, ...(token ? { pageToken: token } : {}) };
        const page = await store.searchRuns(search);
        seen.push(...page.items.map((run) => run.name));
        token = page.nextPageToken;
      }
      assert.deepEqual(seen.sort(), ['run 0', 'run 1', 'run 2', 'run 3', 'run 4']);
    });

    it('writes a run that the official client reads back the same', async () => {
      const tags = { 'mlflow.note.content': 'Größe "x"\n☃', 'mlflow.parentRunId': 'abc' };
      const { runId, status } = await store.createRun({ experimentId, name: 'wrote', startTime: 1700000000000, tags });
      assert.equal(status, 'RUNNING');
      await store.logParam(runId, 'lr', '"; rm -rf ~ #');
      await store.logParam(runId, 'lr', '"; rm -rf ~ #');
      await assert.rejects(store.logParam(runId, 'lr', 'other'), failsAs('invalid'));
      const base = { timestamp: 1700000000001.4, step: 1 };
      await store.logMetric(runId, { ...base, key: 'nested/val loss', value: Number.NaN });
      await store.logMetric(runId, { ...base, key: 'up', value: Number.POSITIVE_INFINITY });
      await store.logMetric(runId, { ...base, key: 'down', value: Number.NEGATIVE_INFINITY });
      await store.logMetric(runId, { ...base, key: 'far', value: 1, step: 2 ** 53, exactStep: '9007199254740993' });
      const params = Object.fromEntries(Array.from({ length: 130 }, (_, at) => [`p${at}`, String(at)]));
      const metrics = Array.from({ length: 1200 }, (_, at) => ({ key: 'many', value: at, timestamp: at, step: at }));
      await store.logBatch(runId, { params, metrics, tags: { batch: 'yes' } });
      await store.setRunTag(runId, 'mlflow.runName', 'renamed');
      await store.setRunTag(runId, 'gone', 'x');
      await store.deleteRunTag(runId, 'gone');
      await store.deleteRunTag(runId, 'gone');
      await store.updateRun(runId, { status: 'KILLED', endTime: 1700000009000 });

      const seen = await pythonRun(runId);
      assert.deepEqual(seen.params, { lr: '"; rm -rf ~ #', ...params });
      assert.equal(seen.tags['mlflow.note.content'], tags['mlflow.note.content']);
      assert.equal(seen.tags.batch, 'yes');
      assert.equal('gone' in seen.tags, false);
      assert.deepEqual([seen.status, seen.name, seen.end], ['KILLED', 'renamed', 1700000009000]);
      assert.deepEqual(seen.metrics['nested/val loss'], [[1, 1700000000001, 'nan']]);
      assert.equal(seen.metrics.up[0][2], 1.7976931348623157e308);
      assert.equal(seen.metrics.down[0][2], -1.7976931348623157e308);
      assert.equal(seen.metrics.many.length, 1200);
      assert.match(await server.python(readBack, runId), /"far": \[\[9007199254740993, /);

      const run = await store.getRun(runId);
      assert.equal(run.metrics['nested/val loss']?.value.toString(), 'NaN');
      assert.equal(run.metrics.up?.value, Number.POSITIVE_INFINITY);
      assert.equal(run.metrics.down?.value, Number.NEGATIVE_INFINITY);
      assert.equal(run.metrics.far?.exactStep, '9007199254740993');
      const [far] = await store.sampledHistory({ runIds: [runId], key: 'far', maxPoints: 10 });
      assert.deepEqual([far?.steps.length, far?.sampled], [1, false]);
      assert.equal(run.tags['mlflow.parentRunId'], 'abc');
      assert.deepEqual([run.startTime, run.endTime, run.name], [1700000000000, 1700000009000, 'renamed']);

      await store.deleteRun(runId);
      assert.equal((await pythonRun(runId)).stage, 'deleted');
      await assert.rejects(store.setRunTag(runId, 'a', 'b'), failsAs('invalid'));
      await store.restoreRun(runId);
      assert.equal((await store.getRun(runId)).lifecycleStage, 'active');
      await assert.rejects(store.getRun('0'.repeat(32)), failsAs('notFound'));
      await assert.rejects(store.deleteRunTag('0'.repeat(32), 'a'), failsAs('notFound'));
    });

    it('takes and gives 12,000 metrics of one run', async () => {
      const { runId } = await store.createRun({ experimentId, name: 'wide' });
      const metrics = Array.from({ length: 12_000 }, (_, at) => ({ key: `m/${at}`, value: at, timestamp: 1, step: 0 }));
      await store.logBatch(runId, { metrics });
      const read = Object.values((await store.getRun(runId)).metrics);
      assert.equal(read.length, 12_000);
      assert.ok(read.every((metric) => metric.key === `m/${metric.value}`));
    });

    it('filters, and says what is wrong with a filter', async () => {
      const filter = "params.lr = '\"; rm -rf ~ #' and metrics.many > 5 and attributes.status = 'KILLED'";
      const search = { experimentIds: [experimentId], filter, orderBy: ['metrics.many DESC'] };
      assert.equal((await store.searchRuns(search)).items.length, 1);
      await assert.rejects(store.searchRuns({ ...search, filter: 'a OR b' }), failsAs('invalid'));
      assert.deepEqual((await store.searchRuns({ experimentIds: [] })).items, []);
    });

    it('reads histories in full, paged and sampled', async () => {
      const runIds: string[] = [];
      for (const name of ['long', 'short', 'none']) runIds.push((await store.createRun({ experimentId, name })).runId);
      await server.python(writeHistory, runIds.join(','));
      const [long = ''] = runIds;
      await store.logMetric(long, { key: 'loss', value: Number.NaN, timestamp: 1700000009999, step: 3000 });

      const full = await store.metricHistory(long, 'loss');
      assert.equal(full.steps.length, 3001);
      assert.equal(full.sampled, false);
      assert.equal(full.values[1], 0.5);
      assert.ok(Number.isNaN(full.values[3000]));
      const page = await store.metricHistoryPage(long, 'loss', { maxResults: 1000 });
      assert.equal(page.series.steps.length, generation === 3 ? 1000 : 3001);
      assert.equal(page.nextPageToken === undefined, generation === 2);

      const sampled = await store.sampledHistory({ runIds, key: 'loss', maxPoints: 100 });
      assert.deepEqual(
        sampled.map((series) => [series.runId, series.steps.length, series.sampled]),
        [
          [runIds[0], 100, true],
          [runIds[1], 5, false],
          [runIds[2], 0, false],
        ],
      );
      const first = sampled[0];
      assert.deepEqual([first?.steps[0], first?.steps.at(-1)], [0, 3000]);
      const span = { startStep: 2990, endStep: 2 ** 53 - 1 };
      const [fresh] = await store.sampledHistory({ runIds: [long], key: 'loss', maxPoints: 100, ...span });
      assert.deepEqual([fresh?.steps.length, fresh?.sampled], [11, false]);
      const many = Array.from({ length: 205 }, (_, at) => runIds[at % 3] ?? '');
      const all = await store.sampledHistory({ runIds: many, key: 'loss', maxPoints: 10 });
      assert.deepEqual(
        all.map((series) => series.runId),
        many,
      );
    });

    it('uploads, lists and downloads artifacts', async () => {
      const { runId } = await store.createRun({ experimentId, name: 'files' });
      const name = 'dir/süß & 1+1?.txt';
      await store.uploadArtifact(runId, name, Buffer.from('0123456789'));
      await store.uploadArtifact(runId, 'dir/empty', Buffer.from(''));
      const root = await store.listArtifacts(runId);
      assert.deepEqual(root.files, [{ path: 'dir', isFolder: true }]);
      const files = (await store.listArtifacts(runId, 'dir')).files.map((file) => [file.path, file.size]);
      assert.deepEqual(files.sort(), [
        ['dir/empty', 0],
        [name, 10],
      ]);
      assert.equal(await textOf(name, runId), '0123456789');
      assert.equal(await textOf(name, runId, { start: 2, end: 4 }), '234');
      assert.equal(await textOf('dir/empty', runId, { start: 0, end: 99 }), '');
      const read = 'import sys, mlflow; print(mlflow.artifacts.load_text(f"runs:/{sys.argv[1]}/{sys.argv[2]}"))';
      await store.uploadArtifact(runId, 'read/back.txt', Buffer.from('ü\n'));
      assert.equal(lastLine(await server.python(read, runId, 'read/back.txt')), 'ü');
      await assert.rejects(store.downloadArtifact(runId, 'dir/absent.txt'), failsAs('notFound'));
      await assert.rejects(store.downloadArtifact(runId, 'dir'), failsAs('invalid'));
      for (const path of ['../../x', '/etc/passwd', 'a/../../x', 'C:/x', 'a\\..\\x'])
        await assert.rejects(store.downloadArtifact(runId, path), failsAs('invalid'));
      await assert.rejects(store.uploadArtifact(runId, 'big', Buffer.alloc(10_000_001)), failsAs('invalid'));
    });

    it('keeps registered models, versions, stages, aliases and tags', async () => {
      const run = await store.createRun({ experimentId, name: 'model' });
      await store.uploadArtifact(run.runId, 'model/MLmodel', Buffer.from('flavors: {}'));
      const name = 'süß model';
      await store.createRegisteredModel(name, 'first');
      await assert.rejects(store.createRegisteredModel(name), failsAs('conflict'));
      const source = `${run.artifactUri}/model`;
      for (const description of ['one', 'two'])
        await store.createModelVersion({ name, source, runId: run.runId, description });
      await store.setRegisteredModelTag(name, 'team', 'a');
      await store.setRegisteredModelTag(name, 'gone', 'a');
      await store.deleteRegisteredModelTag(name, 'gone');
      await store.setModelVersionTag(name, '1', 'ok', 'yes');
      await store.setModelVersionTag(name, '1', 'gone', 'yes');
      await store.deleteModelVersionTag(name, '1', 'gone');
      await store.describeModelVersion(name, '1', 'described');
      await store.setAlias(name, 'champion', '1');
      await store.setAlias(name, 'champion', '2');
      await store.setAlias(name, 'gone', '1');
      await store.deleteAlias(name, 'gone');
      const staged = await store.transitionStage(name, '1', 'Production', true);
      assert.equal(staged.stage, 'Production');
      const one = await store.getModelVersion(name, '1');
      assert.deepEqual([one.description, one.runId, { ...one.tags }], ['described', run.runId, { ok: 'yes' }]);
      assert.equal((await store.getModelVersionByAlias(name, 'champion')).version, '2');
      await assert.rejects(store.getModelVersionByAlias(name, 'nobody'), failsAs('notFound'));
      await store.describeRegisteredModel(name, 'described');
      await store.renameRegisteredModel(name, 'renamed');
      const model = await store.getRegisteredModel('renamed');
      assert.deepEqual([model.description, { ...model.tags }], ['described', { team: 'a' }]);
      assert.deepEqual(model.aliases, [{ alias: 'champion', version: '2' }]);
      const found = await store.searchModelVersions({ filter: `run_id = '${run.runId}'` });
      assert.deepEqual(found.items.map((item) => item.version).sort(), ['1', '2']);
      assert.equal((await store.searchRegisteredModels({ filter: "name LIKE 'ren%'" })).items.length, 1);
      await store.deleteModelVersion('renamed', '1');
      await assert.rejects(store.getModelVersion('renamed', '1'), failsAs('notFound'));
      await store.deleteRegisteredModel('renamed');
      await assert.rejects(store.getRegisteredModel('renamed'), failsAs('notFound'));
    });

    it('finds logged models where there are such', async () => {
      const search = { experimentIds: [experimentId] };
      if (generation === 2) {
        assert.deepEqual(await store.searchLoggedModels(search), { items: [] });
        return;
      }
      const code = `import sys, mlflow
model = mlflow.initialize_logged_model('m', experiment_id=sys.argv[1], params={'a': '1'}, tags={'t': 'x'})
mlflow.finalize_logged_model(model.model_id, 'READY'); print(model.model_id)`;
      const modelId = lastLine(await server.python(code, experimentId));
      const [model] = (await store.searchLoggedModels(search)).items;
      assert.equal(model?.modelId, modelId);
      assert.deepEqual(await store.getLoggedModel(modelId), model);
      assert.deepEqual([{ ...model?.params }, model?.tags.t], [{ a: '1' }, 'x']);
      assert.deepEqual((await store.listModelArtifacts(modelId)).files, []);
      await assert.rejects(store.downloadModelArtifact(modelId, 'absent'), failsAs('notFound'));
    });

    it('ends a question at once when it is cancelled', async () => {
      const abort = new AbortController();
      const asking = store.searchRuns({ experimentIds: [experimentId] }, abort.signal);
      abort.abort();
      await assert.rejects(asking, failsAs('cancelled'));
      await assert.rejects(store.getRun('a', AbortSignal.abort()), failsAs('cancelled'));
    });

    it('says so when the server dies half-way through a download', async () => {
      const { runId } = await store.createRun({ experimentId, name: 'large' });
      const code = `import sys, mlflow, pathlib
pathlib.Path('large.bin').write_bytes(bytes(200_000_000))
mlflow.MlflowClient().log_artifact(sys.argv[1], 'large.bin')`;
      await server.python(code, runId);
      const download = await store.downloadArtifact(runId, 'large.bin');
      let received = 0;
      const reading = (async () => {
        for await (const chunk of download.body) {
          if (received === 0) await server.stop();
          received += chunk.length;
        }
      })();
      await assert.rejects(reading, failsAs('unreachable'));
      assert.ok(received > 0 && received < 200_000_000);
      server = await startMlflowServer(version, { folder: server.folder, port: Number(new URL(server.uri).port) });
    });

    it('says that the server is gone, and works again when it is back', async () => {
      const { port } = new URL(server.uri);
      await server.stop();
      await assert.rejects(store.serverInfo(), failsAs('unreachable'));
      server = await startMlflowServer(version, { folder: server.folder, port: Number(port) });
      assert.equal((await store.getExperiment(experimentId)).experimentId, experimentId);
    });
  });
}
