import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { findLocalServer } from '../../src/connections/findLocalServer';
import { runPython } from '../../src/connections/local/runPython';
import { ServerProcess } from '../../src/connections/local/serverProcess';
import {
  backupScript,
  databaseVerdict,
  decodeStoreReport,
  reportScript,
} from '../../src/connections/local/storeReport';
import type { PythonCommand } from '../../src/platform/python';
import { type MlflowVersion, mlflowPython } from '../support/mlflowServer';
import { processesWith } from '../support/processes';

const options = { headersTimeoutMs: 5_000, retries: 0, maxResponseBytes: 1_000_000, userAgent: 'flowdeck-test' };
const find = (uri: string) => findLocalServer(uri, options);
const pythonOf = (version: MlflowVersion): PythonCommand => ({
  command: mlflowPython(version),
  args: [],
  label: `python ${version}`,
});

async function untilGone(text: string): Promise<number[]> {
  for (const end = Date.now() + 10_000; Date.now() < end; await delay(100))
    if (processesWith(text).length === 0) return [];
  return processesWith(text);
}

describe('a local server', () => {
  let folder = '';
  let watchdog = '';

  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'flowdeck-local-'));
    watchdog = path.join(folder, 'watchdog.js');
    const entryPoints = [path.join(process.env.FLOWDECK_ROOT ?? '.', 'src/connections/local/watchdog.ts')];
    buildSync({ entryPoints, bundle: true, platform: 'node', outfile: watchdog });
  });

  after(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

  const start = async (version: MlflowVersion, output: string[] = []) => {
    const at = fs.mkdtempSync(path.join(folder, 'store-'));
    const server = await ServerProcess.start({
      python: pythonOf(version),
      folder: at,
      backendStore: 'sqlite:///mlflow.db',
      watchdog,
      onOutput: (text) => output.push(text),
    });
    await server.waitUntilHealthy(async (uri) => (await find(uri)) !== undefined, AbortSignal.timeout(100_000));
    return server;
  };

  for (const version of ['3.17.2', '2.15.1'] as const) {
    it(`${version} answers, and stopping it leaves no process`, async () => {
      const output: string[] = [];
      const server = await start(version, output);
      const port = new URL(server.uri).port;
      assert.deepEqual(await find(server.uri), { uri: server.uri, version });
      // The watchdog and at least one MLflow; MLflow 2 adds gunicorn and its worker.
      assert.ok(processesWith(port).length >= 2, String(processesWith(port)));
      await server.stop();
      assert.deepEqual(await untilGone(port), []);
      assert.equal(server.isRunning, false);
      assert.equal(await find(server.uri), undefined);
      assert.match(output.join(''), /--workers 1/);
    });
  }

  it('ends when the process that started it is killed', async () => {
    const port = String(20_000 + (process.pid % 20_000));
    const args = [watchdog, process.execPath, '-e', `setInterval(() => {}, 1000); // ${port} marker`];
    const launch = `const {spawn}=require('node:child_process');spawn(process.execPath,${JSON.stringify(args)},{stdio:['pipe','inherit','inherit']});setInterval(()=>{},1000)`;
    const host = spawn(process.execPath, ['-e', launch], { stdio: 'ignore' });
    for (const end = Date.now() + 30_000; processesWith(`${port} marker`).length < 3 && Date.now() < end; )
      await delay(50);
    assert.ok(processesWith(`${port} marker`).length >= 3, 'host, watchdog and child run');
    host.kill('SIGKILL');
    assert.deepEqual(await untilGone(`${port} marker`), []);
  });

  it('says why it did not start', async () => {
    const server = await ServerProcess.start({
      python: pythonOf('3.17.2'),
      folder,
      backendStore: './mlruns',
      watchdog,
      onOutput: () => undefined,
    });
    await assert.rejects(
      server.waitUntilHealthy(async (uri) => (await find(uri)) !== undefined, AbortSignal.timeout(100_000)),
      /ended before it answered: .*file ?system tracking backend/i,
    );
    await server.stop();
  });

  it('is told from other programs that listen', async () => {
    const other = http.createServer((_request, response) => response.end('OK'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    assert.equal(await find(`http://127.0.0.1:${port}`), undefined);
    other.closeAllConnections();
    other.close();
    assert.equal(await find(`http://127.0.0.1:${port}`), undefined);
  });

  it('is given up on after a second', async () => {
    const silent = http.createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const started = Date.now();
    assert.equal(await find(`http://127.0.0.1:${port}`), undefined);
    // Far less than a question to any other server may take.
    assert.ok(Date.now() - started < options.headersTimeoutMs);
    silent.closeAllConnections();
    silent.close();
  });
});

describe('the database of a local server', () => {
  let folder = '';
  const old = () => path.join(folder, 'old.db');
  const report = async (version: MlflowVersion, file: string) =>
    decodeStoreReport(await runPython(pythonOf(version), ['-c', reportScript, file], { cwd: folder }));

  before(async function () {
    this.timeout(180_000);
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'flowdeck-database-'));
    const create = "import mlflow; mlflow.set_tracking_uri('sqlite:///old.db'); mlflow.create_experiment('first')";
    await runPython(pythonOf('2.15.1'), ['-c', create], { cwd: folder });
  });

  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  it('is found to be older, ready or newer without being touched', async () => {
    const before = fs.readFileSync(old());
    const [three, two] = [await report('3.17.2', old()), await report('2.15.1', old())];
    assert.equal(three.mlflow, '3.17.2');
    assert.equal(databaseVerdict(three), 'older');
    assert.equal(databaseVerdict(two), 'ready');
    assert.deepEqual(fs.readFileSync(old()), before);
    const newer = path.join(folder, 'newer.db');
    fs.copyFileSync(old(), newer);
    const statement =
      "import sqlite3; d=sqlite3.connect('newer.db'); d.execute(\"update alembic_version set version_num='f00'\"); d.commit()";
    execFileSync(mlflowPython('2.15.1'), ['-c', statement], { cwd: folder });
    assert.equal(databaseVerdict(await report('3.17.2', newer)), 'newer');
  });

  it('is no database, or not there', async () => {
    const text = path.join(folder, 'text.db');
    fs.writeFileSync(text, 'not a database, whatever its name says, and long enough to have no header');
    assert.equal((await report('3.17.2', text)).file, 'broken');
    assert.equal((await report('3.17.2', path.join(folder, 'none.db'))).file, 'missing');
  });

  it('is copied with what its write-ahead log holds, never over another copy', async () => {
    const copy = path.join(folder, `a 'quoted" #%20 copy.bak`);
    const fill =
      "import sqlite3,os; d=sqlite3.connect('old.db'); d.execute('pragma journal_mode=wal'); d.execute(\"insert into experiments(name,lifecycle_stage) values('in the log','active')\"); d.commit(); os._exit(0)";
    execFileSync(mlflowPython('2.15.1'), ['-c', fill], { cwd: folder });
    assert.ok(fs.statSync(`${old()}-wal`).size > 0);
    await runPython(pythonOf('2.15.1'), ['-c', backupScript, old(), copy], { cwd: folder });
    const count =
      'import sqlite3,sys; print(sqlite3.connect(sys.argv[1]).execute("select count(*) from experiments where name=\'in the log\'").fetchone()[0])';
    assert.equal(execFileSync(mlflowPython('2.15.1'), ['-c', count, copy], { encoding: 'utf8' }).trim(), '1');
    await assert.rejects(runPython(pythonOf('2.15.1'), ['-c', backupScript, old(), copy], { cwd: folder }), /exists/i);
  });
});
