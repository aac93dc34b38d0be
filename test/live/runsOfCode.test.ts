import assert from 'node:assert/strict';
import type { Connection } from '../../src/connections/connection';
import { createRestTrackingStore } from '../../src/mlflow/rest/restTrackingStore';
import {
  filterOfCommits,
  filterOfSource,
  findRuns,
  findRunsOfCommits,
  findRunsOfMany,
} from '../../src/source/runsOf/findRuns';
import { runsOfModels, spellingsInUse } from '../../src/source/runsOf/recordedAs';
import { branchFilter } from '../../src/source/runsOf/runsFilter';
import { sourceNames } from '../../src/source/runsOf/sourceNames';
import { type MlflowServer, type MlflowVersion, startMlflowServer } from '../support/mlflowServer';

const limits = { headersTimeoutMs: 30_000, retries: 1, maxResponseBytes: 50_000_000, userAgent: 'flowdeck-test' };
const versions: readonly MlflowVersion[] = ['3.17.2', '2.15.1'];
const commit = 'a'.repeat(40);
const other = 'b'.repeat(40);

const modelsOf = `
import sys, mlflow
client = mlflow.MlflowClient()
experiment, commit, other = sys.argv[1:]
def run(name, model, **tags):
    run_id = client.create_run(experiment, run_name=name, tags={'mlflow.source.git.commit': tags['own']} if 'own' in tags else {}).info.run_id
    client.create_logged_model(experiment, name='m', source_run_id=run_id, tags={tags.get('key', 'mlflow.source.git.commit'): model})
run('by its model', commit)
run('by its model, early spelling', commit, key='mlflow.git.commit')
run('of another model', 'c' * 40)
run('says otherwise itself', commit, own=other)
`;

for (const version of versions)
  describe(`the runs of code, on MLflow ${version}`, function () {
    this.timeout(180_000);
    let server: MlflowServer;
    let experimentId = '';
    const stores: { dispose(): void }[] = [];

    before(async () => {
      server = await startMlflowServer(version);
      experimentId = await (await connect()).store.createExperiment('code');
    });
    after(async () => {
      for (const store of stores) store.dispose();
      await server?.dispose();
    });

    /** Each connection asks anew which spellings there are. */
    async function connect(): Promise<Connection> {
      const store = createRestTrackingStore({ baseUrl: server.uri, ...limits });
      stores.push(store);
      return {
        uri: server.uri,
        store,
        server: await store.serverInfo(),
        readOnly: false,
        environment: async () => ({}),
      };
    }
    async function make(name: string, tags: Record<string, string>): Promise<void> {
      await (await connect()).store.createRun({ experimentId, name, tags });
    }
    async function found(filter: string): Promise<readonly string[]> {
      const { runs } = await findRuns(await connect(), filter, { most: 100 });
      return runs.map(({ name }) => name).sort();
    }

    it('are found by the tags that its runs have, and the filter names no others', async () => {
      await make('usual', { 'mlflow.source.git.commit': commit, 'mlflow.source.git.branch': 'topic' });
      const plain = await connect();
      const experiments = [experimentId];
      assert.deepEqual(await spellingsInUse(plain, 'commit', experiments), ['mlflow.source.git.commit']);
      assert.equal(await filterOfCommits(plain, [commit], experiments), `tags.mlflow.source.git.commit = '${commit}'`);
      await make('early', { 'mlflow.git.commit': commit, 'mlflow.git.branch': 'topic' });
      await make('databricks', { 'mlflow.databricks.gitRepoCommit': commit });
      await make('projects', { 'mlflow.gitBranchName': 'topic' });
      await make('elsewhere', { 'mlflow.git.commit': other, 'mlflow.gitBranchName': 'other' });
      const now = await connect();
      assert.deepEqual(await found(await filterOfCommits(now, [commit], experiments)), [
        'databricks',
        'early',
        'usual',
      ]);
      assert.deepEqual(await found(await filterOfCommits(now, [commit, other], experiments)), [
        'databricks',
        'early',
        'elsewhere',
        'usual',
      ]);
      const branches = branchFilter('topic', await spellingsInUse(now, 'branch', experiments));
      assert.deepEqual(await found(branches), ['early', 'projects', 'usual']);
      const many = await findRunsOfMany(now, [{ id: commit, time: 0 }], { most: 100 });
      assert.deepEqual(many.runs.map(({ name }) => name).sort(), ['databricks', 'early', 'usual']);
    });

    it('are found by an abbreviated commit, in whatever case, and the filter names what is in use', async () => {
      const id = 'abcdef1234567890abcdef1234567890abcdef12';
      const namesake = 'abcdef1999999999999999999999999999999999';
      const key = 'mlflow.source.git.commit';
      for (const [name, text] of Object.entries({
        full: id,
        short: id.slice(0, 7),
        loud: id.slice(0, 12).toUpperCase(),
      }))
        await make(name, { [key]: text });
      await make('namesake', { [key]: namesake });
      await make('too short', { [key]: id.slice(0, 6) });
      const connection = await connect();
      const filter = await filterOfCommits(connection, [id], [experimentId]);
      assert.deepEqual(await found(filter), ['full', 'loud', 'short']);
      assert.doesNotMatch(filter, /LIKE/);
      const { runs, more } = await findRunsOfCommits(connection, [id], { most: 100 });
      assert.deepEqual([runs.map(({ name }) => name).sort(), more], [['full', 'loud', 'short'], false]);
      const most = await findRunsOfCommits(connection, [id], { most: 2 });
      assert.deepEqual(
        [most.runs.length, most.more, await found(most.filter)],
        [2, true, ['full', 'loud', 'namesake', 'short']],
      );
      const many = await findRunsOfMany(connection, [{ id, time: 0 }], { most: 100 });
      assert.deepEqual(many.runs.map(({ name }) => name).sort(), ['full', 'loud', 'short']);
      // A run that says an abbreviation leads to those that say it in full.
      assert.ok((await found(await filterOfCommits(connection, [id.slice(0, 8)], [experimentId]))).includes('full'));
    });

    it('are found by a file that was named on Windows', async () => {
      await make('windows', { 'mlflow.source.name': 'C:\\ada\\lib\\fit model.py' });
      await make('relative', { 'mlflow.source.name': 'lib\\fit model.py' });
      await make('slashes', { 'mlflow.source.name': 'C:/ada/lib/fit model.py' });
      await make('not it', { 'mlflow.source.name': 'C:\\ada\\slib\\fit model.py' });
      const connection = await connect();
      const filter = await filterOfSource(connection, sourceNames('lib/fit model.py', [], []));
      assert.deepEqual(await found(filter), ['relative', 'slashes', 'windows']);
      assert.doesNotMatch(await filterOfSource(connection, sourceNames('lib/other.py', [], [])), /\\/);
    });

    it('are found by a file whose name holds a wildcard, and no other file', async () => {
      await make('exact', { 'mlflow.source.name': 'src/train_model.py' });
      await make('absolute', { 'mlflow.source.name': '/home/ada/src/train_model.py' });
      await make('namesake', { 'mlflow.source.name': '/home/ada/src/train-model.py' });
      await make('percent', { 'mlflow.source.name': '/home/ada/50%.py' });
      await make('not percent', { 'mlflow.source.name': '/home/ada/50 or more.py' });
      const connection = await connect();
      const filter = await filterOfSource(connection, sourceNames('src/train_model.py', [], []));
      assert.match(filter, /NOT IN \('\/home\/ada\/src\/train-model\.py'\)\)$/);
      assert.deepEqual(await found(filter), ['absolute', 'exact']);
      assert.deepEqual(await found(await filterOfSource(connection, sourceNames('50%.py', [], []))), ['percent']);
      assert.doesNotMatch(await filterOfSource(connection, sourceNames('src/no_such.py', [], [])), /NOT IN/);
    });

    if (version.startsWith('3'))
      it('are found by the models they logged, unless they say otherwise themselves', async () => {
        await server.python(modelsOf, experimentId, commit, other);
        const connection = await connect();
        const names = await found(await filterOfCommits(connection, [commit], [experimentId]));
        assert.deepEqual(
          names.filter((name) => name.includes('model') || name.includes('itself')),
          ['by its model', 'by its model, early spelling'],
        );
        const many = Array.from({ length: 700 }, (_, at) => at.toString(16).padStart(40, '0'));
        const { store } = connection;
        let asked = 0;
        const searchLoggedModels: typeof store.searchLoggedModels = (...question) => {
          asked++;
          return store.searchLoggedModels(...question);
        };
        const counting = { ...connection, store: { ...store, searchLoggedModels } };
        assert.equal((await runsOfModels(counting, [...many, commit], [experimentId])).get(commit)?.length, 2);
        // One for each way to write the tag, whatever the number of commits.
        assert.ok(asked <= 3, `${asked} questions`);
      });
  });
