import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { LocalServer } from '../../src/connections/local/localServer';
import { decodeStoreReport, reportScript } from '../../src/connections/local/storeReport';
import { mlflowPython } from '../support/mlflowServer';
import { configure, newSession, removeStores, Script, type Shown, workspaceFolder } from './connectionsHarness';
import { isOldestHost } from './generations';

const inFolder = (name: string) => path.join(workspaceFolder(), name);
const backups = () => fs.readdirSync(workspaceFolder()).filter((name) => name.endsWith('.bak'));

function makeStore(version: '3.17.2' | '2.15.1', uri: string): void {
  const code = `import mlflow; mlflow.set_tracking_uri(${JSON.stringify(uri)}); mlflow.set_experiment('kept')
with mlflow.start_run(run_name='old'): mlflow.log_metric('m', 1)`;
  const env = { ...process.env, MLFLOW_ALLOW_FILE_STORE: 'true' };
  execFileSync(mlflowPython(version), ['-c', code], { cwd: workspaceFolder(), env, stdio: 'pipe' });
}

const revision = (file: string) =>
  decodeStoreReport(execFileSync(mlflowPython('3.17.2'), ['-c', reportScript, file], { encoding: 'utf8' })).revision;

interface Served {
  readonly script: Script;
  readonly uri: string | undefined;
  readonly experiments: readonly string[];
}

/** Starts a local server with scripted answers, gives what was shown and the names of its experiments, and stops it. */
async function serve(answer: (shown: Shown) => string | undefined): Promise<Served> {
  const { session } = newSession();
  const local = new LocalServer(session);
  const script = new Script(answer);
  try {
    await local.start();
    const { state } = session.connector;
    if (state.kind !== 'connected') return { script, uri: undefined, experiments: [] };
    const { uri, store } = state.connection;
    const experiments = (await store.searchExperiments({})).items.map(({ name }) => name).sort();
    return { script, uri, experiments };
  } finally {
    script.restore();
    await local.stop();
    local.dispose();
    session.dispose();
  }
}

async function assertStopped(uri: string | undefined): Promise<void> {
  const port = uri ? new URL(uri).port : '';
  assert.notEqual(port, '');
  const running = () =>
    execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes(port) && /mlflow|gunicorn|uvicorn/.test(line));
  for (const end = Date.now() + 30_000; running().length > 0 && Date.now() < end; ) await delay(100);
  assert.deepEqual(running(), []);
}

describe('the local server of a folder', function () {
  this.timeout(180_000);

  before(() => configure('trackingUri', undefined));
  afterEach(async () => {
    removeStores();
    await configure('python.path', undefined);
  });

  it('serves mlflow.db as it is, connects to it, and leaves no process', async () => {
    await configure('python.path', mlflowPython('3.17.2'));
    makeStore('3.17.2', 'sqlite:///mlflow.db');
    const { uri, experiments, script } = await serve(() => undefined);
    assert.deepEqual(experiments, ['Default', 'kept']);
    assert.deepEqual([script.shown, backups()], [[], []]);
    await assertStopped(uri);
  });

  // What follows is about MLflow, Python and files: the same in every editor.
  if (isOldestHost) return;

  it('upgrades an older database only after a copy was made', async () => {
    await configure('python.path', mlflowPython('3.17.2'));
    makeStore('2.15.1', 'sqlite:///mlflow.db');
    const before = revision(inFolder('mlflow.db'));
    const { uri, experiments, script } = await serve(({ choices }) => choices[0]);
    assert.match(script.texts('warning').join(), /has to be upgraded for MLflow 3\.17\.2/);
    assert.ok(experiments.includes('kept'));
    assert.equal(backups().length, 1);
    assert.equal(revision(inFolder(backups()[0] ?? '')), before);
    assert.notEqual(revision(inFolder('mlflow.db')), before);
    await assertStopped(uri);
  });

  it('leaves an older database alone when the person says no', async () => {
    await configure('python.path', mlflowPython('3.17.2'));
    makeStore('2.15.1', 'sqlite:///mlflow.db');
    const before = fs.readFileSync(inFolder('mlflow.db'));
    const { uri } = await serve(() => undefined);
    assert.equal(uri, undefined);
    assert.deepEqual(fs.readFileSync(inFolder('mlflow.db')), before);
    assert.deepEqual(backups(), []);
  });

  it('says which MLflow is too old for a newer database', async () => {
    await configure('python.path', mlflowPython('2.15.1'));
    makeStore('3.17.2', 'sqlite:///mlflow.db');
    await assert.rejects(
      serve(() => undefined),
      /written by a later MLflow than the 2\.15\.1/,
    );
  });

  it('offers what works for mlruns, and copies it into a database without touching it', async () => {
    await configure('python.path', mlflowPython('3.17.2'));
    makeStore('2.15.1', './mlruns');
    const before = fs.readdirSync(inFolder('mlruns'), { recursive: true }).length;
    const { uri, experiments, script } = await serve(() => 'Copy into a Database');
    assert.ok(script.shown[0]?.choices.some((label) => label.includes('Serve It Anyway')));
    assert.ok(experiments.includes('kept'));
    assert.equal(fs.readdirSync(inFolder('mlruns'), { recursive: true }).length, before);
    await assertStopped(uri);
  });

  it('serves mlruns anyway, or with an MLflow that takes it', async () => {
    makeStore('2.15.1', './mlruns');
    await configure('python.path', mlflowPython('3.17.2'));
    const anyway = await serve(() => 'Serve It Anyway');
    assert.ok(anyway.experiments.includes('kept'));
    await assertStopped(anyway.uri);
    await configure('python.path', mlflowPython('2.15.1'));
    const older = await serve(() => undefined);
    assert.ok(older.experiments.includes('kept'));
    assert.deepEqual(older.script.shown, []);
    await assertStopped(older.uri);
  });
});
