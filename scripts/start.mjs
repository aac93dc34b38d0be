// @ts-check
// npm start: VS Code, open on a project with real runs of it on a real MLflow server.  --help says what it takes.
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { demoPlaces, prepareDemo } from './demo/demo.mjs';
import { desktopCode, openDesktop } from './demo/desktop.mjs';
import { mlflowEnvironment, startMlflow } from './demo/mlflowServer.mjs';
import { readOptions, usage } from './demo/options.mjs';
import { usualPort } from './demo/port.mjs';
import { killLeftovers } from './demo/rest.mjs';
import { writeFolderSettings } from './demo/settings.mjs';
import { tryHold } from './lib/cache.mjs';
import { installDependencies } from './lib/npm.mjs';
import { closeDown, endGroup, startGroup, startNothingMore } from './lib/run.mjs';
import { duration, say, step } from './lib/steps.mjs';
import { packageExtension, vsixFile } from './lib/vsix.mjs';
import { installMlflow } from './mlflow.mjs';
import { installHost, installVsix, startServer, stateIn } from './vscode.mjs';

/** @typedef {import('./demo/demo.mjs').Demo} Demo */

/** How to end what has been started; the last started is ended first. */
const endings = /** @type {(() => unknown)[]} */ ([]);
let isEnding = false;
let endingSince = 0;

/** @param {number} exitCode */
async function end(exitCode) {
  if (isEnding) return;
  isEnding = true;
  endingSince = Date.now();
  startNothingMore();
  if (endings.length > 2) say('ending what was started');
  // One that fails must not keep the others from ending.
  for (const ending of endings.reverse())
    try {
      await ending();
    } catch (error) {
      complain(error);
    }
  process.exit(exitCode);
}

/** @param {unknown} error */
function complain(error) {
  say(`✖ ${error instanceof Error ? error.message : error}`);
}

/**
 * One `npm start` at a time has a demo: a second one would fill the same store, and pack over the same package.
 * @returns {(addresses: string) => void} notes for the others where this one is to be found
 * @throws when another one has it
 */
function holdDemo() {
  const folder = `${demoPlaces().folder}.in-use`;
  const note = path.join(folder, 'addresses');
  const release = tryHold(folder);
  if (!release) {
    const [owner] = fs.readFileSync(path.join(folder, 'owner'), 'utf8').split('@');
    const addresses = fs.existsSync(note) ? `\n${fs.readFileSync(note, 'utf8')}` : '';
    throw new Error(`another npm start (process ${owner}) has the demo; Ctrl-C ends it${addresses}`);
  }
  endings.push(release, () => closeDown({ settleMs: 1000, signal: 'SIGINT' }));
  return (addresses) => fs.writeFileSync(note, addresses);
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
  server.child.once('exit', () => void endEarly('the MLflow server has ended'));
  await killLeftovers(server.uri);
  const env = mlflowEnvironment(python, { MLFLOW_TRACKING_URI: server.uri });
  const online = startGroup(python, ['online.py', '--minutes', '600'], { cwd: demo.project, env });
  online.stdout?.resume();
  online.stderr?.resume();
  // It marks itself KILLED, for which the server must still be there; what was cut off before it could is marked here.
  endings.push(async () => {
    await endGroup(online, 10_000);
    await killLeftovers(server.uri);
  });
  writeFolderSettings(demo.project, { 'flowdeck.trackingUri': server.uri, 'flowdeck.python.path': python });
  // Terminals have it as well: `python train.py`, as the examples say, logs here and not to a server of the caller's.
  return { uri: server.uri, environment: env };
}

/**
 * @param {Demo} demo
 * @param {NodeJS.ProcessEnv} environment
 */
async function openWeb(demo, environment) {
  const host = await installHost('1.139.1');
  const state = stateIn(demo.vscode);
  await installVsix({ host, state, vsix: vsixFile });
  const port = await usualPort(demo.vscode);
  const server = await startServer({ host, state, port, env: environment, keepSettings: true });
  endings.push(() => server.stop());
  return server.url(demo.project);
}

/**
 * @param {string} code
 * @param {Demo} demo
 * @param {NodeJS.ProcessEnv} environment
 */
async function openWindow(code, demo, environment) {
  const window = await openDesktop(code, { demo, vsix: vsixFile, environment });
  endings.push(window.close);
  void window.closed.then(async (exitCode) => {
    if (isEnding) return;
    if (exitCode === 0) return say('VS Code was closed. Ctrl-C ends the rest.');
    // Without a screen, for instance.
    say(`${code} ended with ${exitCode}, so VS Code is served to a browser`);
    await openWeb(demo, environment).then((address) => say(`VS Code  ${address}`), complain);
  });
  return 'in its window';
}

/** @param {string} why */
async function endEarly(why) {
  if (isEnding) return;
  say(`✖ ${why}`);
  await end(1);
}

/** @param {ReturnType<typeof readOptions>} options */
async function main({ web, fresh, prepare }) {
  const started = Date.now();
  const note = holdDemo();
  await installDependencies();
  const code = web ? undefined : desktopCode();
  const python = installMlflow('3.17.2');
  const demo = python.then((interpreter) => prepareDemo(interpreter, { fresh }));
  // What does not depend on each other goes on at the same time, and fails here and not as an unhandled rejection.
  const [places, tracking] = await all([
    demo,
    prepare ? undefined : demo.then(async (made) => startTracking(made, await python)),
    step('building and packaging the extension', () => packageExtension({ show: false })),
    code ? undefined : installHost('1.139.1'),
  ]);
  if (!tracking) {
    say(`ready after ${duration(Date.now() - started)}`);
    return await end(0);
  }
  const address = await step('opening VS Code', () =>
    code ? openWindow(code, places, tracking.environment) : openWeb(places, tracking.environment),
  );
  const addresses = `VS Code  ${address}\nMLflow   ${tracking.uri}\nproject  ${places.project}`;
  note(addresses);
  say(`\nready after ${duration(Date.now() - started)}\n\n${addresses}\n\nCtrl-C ends everything.`);
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
  process.on(signal, () => {
    // npm passes on what the terminal has sent already; later than that, somebody is tired of waiting.
    if (isEnding && Date.now() - endingSince > 1000) process.exit(exitCode);
    void end(exitCode);
  });
// A terminal that is closed takes nothing in any more; what was started has to be ended all the same.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

/** @returns {ReturnType<typeof readOptions>} */
function options() {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    complain(error);
    console.error(`\n${usage}`);
    process.exit(2);
  }
}

const chosen = options();
if (chosen.help) say(usage);
else
  await main(chosen).catch(async (error) => {
    // What was cut off by the ending itself is nothing to complain about.
    if (!isEnding) complain(error);
    await end(1);
  });
