// @ts-check
// npm start: VS Code, open on a project with real runs of it on a real MLflow server.
//   npm start                 in the VS Code on the PATH, else served to a browser
//   npm start -- --web        served to a browser
//   npm start -- --fresh      the demo anew, without what was changed in it
//   npm start -- --prepare    everything but opening VS Code
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { prepareDemo } from './demo/demo.mjs';
import { desktopCode, openDesktop } from './demo/desktop.mjs';
import { mlflowEnvironment, startMlflow } from './demo/mlflowServer.mjs';
import { usualPort } from './demo/port.mjs';
import { killLeftovers } from './demo/rest.mjs';
import { lock } from './lib/cache.mjs';
import { installDependencies } from './lib/npm.mjs';
import { endGroup, startGroup } from './lib/run.mjs';
import { duration, say, step } from './lib/steps.mjs';
import { packageExtension, vsixFile } from './lib/vsix.mjs';
import { installMlflow } from './mlflow.mjs';
import { installHost, installVsix, startServer, stateIn } from './vscode.mjs';

/** @typedef {import('./demo/demo.mjs').Demo} Demo */

const { values } = parseArgs({
  options: { web: { type: 'boolean' }, fresh: { type: 'boolean' }, prepare: { type: 'boolean' } },
});

/** How to end what has been started; the last started is ended first. */
const endings = /** @type {(() => unknown)[]} */ ([]);
let isEnding = false;

/** @param {number} exitCode */
async function end(exitCode) {
  if (isEnding) return;
  isEnding = true;
  if (endings.length > 0) say('ending what was started');
  for (const ending of endings.reverse()) await ending();
  process.exit(exitCode);
}

/**
 * The demo's settings for its folder; others that are there stay.
 * @param {Demo} demo
 * @param {Record<string, string>} settings
 */
function writeSettings(demo, settings) {
  const file = path.join(demo.project, '.vscode', 'settings.json');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const present = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
  fs.writeFileSync(file, `${JSON.stringify({ ...present, ...settings }, null, 2)}\n`);
}

/**
 * The MLflow server, and one run on it that goes on for as long as this script does.
 * @param {Demo} demo
 * @param {string} python
 */
async function startTracking(demo, python) {
  const port = await usualPort(demo.folder);
  const server = await step('starting the MLflow server', () => startMlflow({ python, folder: demo.server, port }));
  endings.push(() => endGroup(server.child));
  await killLeftovers(server.uri, 'online/digits');
  const env = mlflowEnvironment(python, { MLFLOW_TRACKING_URI: server.uri });
  const online = startGroup(python, ['online.py', '--minutes', '600'], { cwd: demo.project, env });
  online.stdout?.resume();
  online.stderr?.resume();
  // It marks itself KILLED, for which the server must still be there.
  endings.push(() => endGroup(online, 10_000));
  writeSettings(demo, { 'flowdeck.trackingUri': server.uri, 'flowdeck.python.path': python });
  return server;
}

/** @param {Demo} demo */
async function openWeb(demo) {
  const host = await installHost('1.139.1');
  const state = stateIn(demo.vscode);
  const server = await step('opening VS Code', async () => {
    await installVsix({ host, state, vsix: vsixFile });
    return startServer({ host, state, port: await usualPort(demo.vscode) });
  });
  endings.push(() => server.stop());
  return server.url(demo.project);
}

async function main() {
  const started = Date.now();
  await installDependencies();
  const code = values.web ? undefined : desktopCode();
  const mlflow = installMlflow('3.17.2');
  // What does not depend on each other goes on at the same time, and fails here and not as an unhandled rejection.
  const [demo, python] = await all([
    mlflow.then((python) => prepareDemo(python, { fresh: values.fresh ?? false })),
    mlflow,
    step('building and packaging the extension', () => packageExtension({ show: false })),
    code ? undefined : installHost('1.139.1'),
  ]);
  if (values.prepare) return say(`ready after ${duration(Date.now() - started)}`);
  const release = await lock(path.join(demo.folder, 'in-use'));
  endings.push(release);
  const server = await startTracking(demo, python);
  if (code) {
    const window = await step('opening VS Code', () => openDesktop(code, { demo, vsix: vsixFile }));
    endings.push(window.close);
    void window.closed.then(() => end(0));
  }
  const address = code ? 'in its window' : await openWeb(demo);
  say(`\nready after ${duration(Date.now() - started)}\n`);
  say(`VS Code  ${address}`);
  say(`MLflow   ${server.uri}`);
  say(`project  ${demo.project}`);
  say('\nCtrl-C ends everything.');
  server.child.once('exit', () => void endEarly('the MLflow server has ended'));
}

/** @param {string} why */
async function endEarly(why) {
  if (isEnding) return;
  say(why);
  await end(1);
}

/**
 * Like `Promise.all`, but nothing goes on behind a failure's back.
 * @template {readonly unknown[]} T
 * @param {T} work
 */
async function all(work) {
  await Promise.allSettled(work);
  return Promise.all(work);
}

for (const [signal, exitCode] of /** @type {const} */ ([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
]))
  process.on(signal, () => void end(exitCode));

try {
  await main();
} catch (error) {
  say(`✖ ${error instanceof Error ? error.message : error}`);
  await end(1);
}
