import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { cacheFolder } from '../../scripts/lib/cache.mjs';
import { endGroup, run } from '../../scripts/lib/run.mjs';
import { mlflowPython } from '../support/mlflowServer';
import { processesWith } from '../support/processes';

const root = process.env.FLOWDECK_ROOT ?? process.cwd();
const script = path.join(root, 'scripts', 'start.mjs');
const python = () => mlflowPython('3.17.2');

/** A cache of its own, with what takes long to install linked into it. */
function linkedCache(folder: string): string {
  for (const name of fs.readdirSync(cacheFolder()))
    if (/^(mlflow|vscode-host)-[\w.-]+$/.test(name) && !/\.(lock|partial)/.test(name))
      // A junction on Windows, where links are for administrators.
      fs.symlinkSync(path.join(cacheFolder(), name), path.join(folder, name), 'junction');
  return folder;
}

/** A demo that nobody has ever opened, made once; the copy that is opened here goes with the test. */
async function untouchedDemo(): Promise<string> {
  const url = (file: string) => JSON.stringify(pathToFileURL(path.join(root, 'scripts', file)).href);
  const code = `
    import { prepareDemo } from ${url('demo/demo.mjs')};
    import { installMlflow } from ${url('mlflow.mjs')};
    import { installHost } from ${url('vscode.mjs')};
    await installHost('1.139.1');
    const python = await installMlflow('3.17.2');
    process.env.FLOWDECK_CACHE = process.argv[1];
    console.log((await prepareDemo(python, { fresh: false })).folder);`;
  const forTests = path.join(cacheFolder(), 'for-tests');
  const output = await run(process.execPath, ['--input-type=module', '-e', code, forTests]);
  return output.trim().split('\n').at(-1) ?? '';
}

const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    ({ ok }) => ok,
    () => false,
  );

describe('npm start', () => {
  let cache: string;
  let demo: string;
  let start: ChildProcess;
  let printed = '';
  const address = (name: string) => new RegExp(`^${name} +(\\S+)$`, 'm').exec(printed)?.[1] ?? '';
  const startArgs = [script, '--web'];
  const env = () => ({ ...process.env, FLOWDECK_CACHE: cache });

  before(async function () {
    this.timeout(600_000);
    const made = await untouchedDemo();
    cache = linkedCache(fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'flowdeck-start-'))));
    demo = path.join(cache, path.basename(made));
    fs.cpSync(made, demo, { recursive: true });
    start = spawn(process.execPath, startArgs, { env: env(), stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    for (const stream of [start.stdout, start.stderr])
      stream?.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
      });
    while (!printed.includes('Ctrl-C ends everything') && start.exitCode === null) await delay(100);
    assert.equal(start.exitCode, null, printed);
  });

  after(async () => {
    if (start) await endGroup(start, 20_000);
    if (cache) fs.rmSync(cache, { recursive: true, force: true, maxRetries: 5 });
  });

  it('serves VS Code on a project with a history of different code', async () => {
    assert.ok(await answers(address('VS Code')), printed);
    const git = (...args: string[]) => execFileSync('git', ['-C', address('project'), ...args], { encoding: 'utf8' });
    const commits = git('log', '--format=%H').trim().split('\n');
    assert.ok(commits.length >= 6);
    for (const commit of commits) assert.match(git('show', '--format=', '--name-only', commit), /\.py$/m);
    assert.equal(git('status', '--porcelain'), '');
    const settings = JSON.parse(fs.readFileSync(path.join(address('project'), '.vscode', 'settings.json'), 'utf8'));
    assert.equal(settings['flowdeck.trackingUri'], address('MLflow'));
    assert.ok(fs.existsSync(settings['flowdeck.python.path']));
  });

  it('has runs, artifacts and models to show, according to the official client', async function () {
    this.timeout(180_000);
    const check = path.join(root, 'scripts', 'demo', 'check.py');
    const checkEnv = { ...process.env, MLFLOW_TRACKING_URI: address('MLflow') };
    const ask = async (): Promise<{ claim: string; holds: boolean; found: string }[]> =>
      JSON.parse(await run(python(), [check, '--running'], { env: checkEnv }));
    let claims = await ask();
    // The online run has to import MLflow first, and nobody waits for it.
    for (let attempt = 0; attempt < 5 && claims.some(({ holds }) => !holds); attempt++) claims = await ask();
    assert.ok(claims.length > 12);
    assert.deepEqual(
      claims.filter(({ holds }) => !holds),
      [],
    );
  });

  it('says where the first one is when it is started a second time', async () => {
    const second = await run(process.execPath, startArgs, { env: env() }).catch((error: Error) => error.message);
    assert.match(second, /another npm start \(process \d+\) has the demo/);
    assert.ok(second.includes(address('MLflow')), second);
  });

  // Windows has no signal for another process's Ctrl-C.
  if (process.platform !== 'win32')
    it('ends everything on Ctrl-C, and the run that was going on says KILLED', async () => {
      const ended = new Promise((resolve) => start.once('exit', resolve));
      start.kill('SIGINT');
      assert.equal(await ended, 130, printed);
      assert.deepEqual(processesWith(cache), []);
      assert.equal(await answers(`${address('MLflow')}/health`), false);
      const query = "select distinct status from runs where status not in ('FINISHED', 'FAILED')";
      const script = 'import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchall())';
      const database = path.join(demo, 'server', 'mlflow.db');
      assert.equal((await run(python(), ['-c', script, database, query])).trim(), "[('KILLED',)]");
    });
});
