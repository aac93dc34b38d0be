// @ts-check
// The demo: a project with a history in git, and an MLflow store filled by really training at each of its commits.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { cacheFolder, installOnce } from '../lib/cache.mjs';
import { root } from '../lib/npm.mjs';
import { endGroup, freePort, run, startGroup } from '../lib/run.mjs';
import { step } from '../lib/steps.mjs';
import { history, projectRuns, registeredModel } from './history.mjs';
import { mlflowEnvironment, startMlflow } from './mlflowServer.mjs';
import { curate } from './rest.mjs';

const examples = path.join(root, 'examples');
const recipe = path.join(root, 'scripts', 'demo');

/**
 * Where everything of one demo lies.
 * @param {string} folder
 */
function placesIn(folder) {
  return {
    folder,
    project: path.join(folder, 'flowdeck-demo'),
    server: path.join(folder, 'server'),
    vscode: path.join(folder, 'vscode'),
  };
}
/** @typedef {ReturnType<typeof placesIn>} Demo */

/** Metrics are sent once a second, also by those early commits whose code does not ask for it: three times as fast. */
const buffered = { MLFLOW_ASYNC_LOGGING_BUFFERING_SECONDS: '1' };

/** The demo's folder in the cache: another recipe makes another demo. */
function demoName() {
  const hash = crypto.createHash('sha256');
  for (const top of [examples, recipe])
    for (const file of filesIn(top)) hash.update(path.relative(root, file)).update(fs.readFileSync(file));
  return `demo-${hash.digest('hex').slice(0, 8)}`;
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function filesIn(folder) {
  const entries = fs.readdirSync(folder, { withFileTypes: true }).filter(({ name }) => isSource(name));
  const inside = (/** @type {fs.Dirent} */ entry) => path.join(folder, entry.name);
  return entries.flatMap((entry) => (entry.isDirectory() ? filesIn(inside(entry)) : inside(entry))).sort();
}

/** Where the demo lies, or will. */
export function demoPlaces() {
  return placesIn(path.join(cacheFolder(), demoName()));
}

/**
 * Makes the demo unless it is there. What a user changes in it stays, until `fresh` is asked for.
 * @param {string} python one with MLflow 3.17.2
 * @param {{fresh: boolean}} options
 * @returns {Promise<Demo>}
 */
export async function prepareDemo(python, { fresh }) {
  const { folder: place } = demoPlaces();
  if (fresh) fs.rmSync(place, { recursive: true, force: true, maxRetries: 5 });
  // Not relocatable: a run of `mlflow run` names its project by an absolute address.
  const fill = (/** @type {string} */ folder) => make(placesIn(folder), python);
  return placesIn(await installOnce(path.basename(place), 'preparing the demo', fill, { relocatable: false }));
}

/**
 * @param {Demo} demo
 * @param {string} python
 */
async function make(demo, python) {
  const commits = await makeRepository(demo.project);
  fs.mkdirSync(demo.server);
  // In the demo's folder: what an interruption leaves there goes with the rest of a half-made demo.
  const clones = path.join(demo.folder, 'clones');
  fs.mkdirSync(clones);
  const server = await step('  starting the MLflow server', async () =>
    startMlflow({ python, folder: demo.server, port: await freePort() }),
  );
  const env = mlflowEnvironment(python, { MLFLOW_TRACKING_URI: server.uri, ...buffered });
  try {
    await step('  training at every commit', async () => {
      // Two at once, for two cores; each keeps to the order of the commits, so that model versions follow it.
      await Promise.all(
        /** @type {const} */ (['digits', 'tables']).map((lane) =>
          trainLane(lane, { demo, clones, commits, python, env }),
        ),
      );
      await curate(server.uri, registeredModel);
    });
    await step('  checking that all is there', () => checkDemo(python, env));
  } finally {
    await endGroup(server.child);
    fs.rmSync(clones, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * @param {string} project
 * @returns {Promise<string[]>} the commits' hashes, oldest first
 */
async function makeRepository(project) {
  fs.mkdirSync(project, { recursive: true });
  const identity = { NAME: 'Flowdeck Demo', EMAIL: 'demo@example.com' };
  const git = (/** @type {string[]} */ args, date = '') => {
    const who = Object.entries(identity).flatMap(([key, value]) => [
      [`GIT_AUTHOR_${key}`, value],
      [`GIT_COMMITTER_${key}`, value],
    ]);
    const when = date ? { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date } : {};
    return run('git', ['-C', project, ...args], { env: { ...process.env, ...Object.fromEntries(who), ...when } });
  };
  await git(['init', '-q', '-b', 'main']);
  await git(['config', 'user.name', identity.NAME]);
  await git(['config', 'user.email', identity.EMAIL]);
  await git(['config', 'core.autocrlf', 'false']);
  await git(['config', 'commit.gpgsign', 'false']);
  fs.appendFileSync(path.join(project, '.git', 'info', 'exclude'), '.vscode/\n');
  const hashes = [];
  for (const commit of history) {
    for (const name of commit.examples) {
      const part = name === '*' ? '' : name;
      fs.cpSync(path.join(examples, part), path.join(project, part), { recursive: true, filter: isSource });
    }
    if (commit.overlay)
      fs.cpSync(path.join(recipe, 'commits', commit.overlay), project, { recursive: true, filter: isSource });
    await git(['add', '--all']);
    await git(['commit', '-q', '-m', commit.message], commit.date);
    hashes.push((await git(['rev-parse', 'HEAD'])).trim());
  }
  return hashes;
}

/**
 * Neither what Python nor what a try of the examples in the checkout has left there.
 * @param {string} file
 */
function isSource(file) {
  return !['__pycache__', 'mlruns', 'mlartifacts', 'mlflow.db'].includes(path.basename(file));
}

/**
 * Trains at one commit after another, each in a clone of its own, so that MLflow itself finds the commit and the branch.
 * @param {'digits' | 'tables'} lane
 * @param {{demo: Demo, clones: string, commits: readonly string[], python: string, env: NodeJS.ProcessEnv}} where
 */
async function trainLane(lane, { demo, clones, commits, python, env }) {
  const work = [];
  for (const [index, commit] of history.entries()) {
    if (commit[lane].length === 0) continue;
    const clone = path.join(clones, `${lane}-${index}`);
    await run('git', ['clone', '-q', '--no-hardlinks', demo.project, clone]);
    await run('git', ['-C', clone, 'remote', 'remove', 'origin']);
    await run('git', ['-C', clone, 'checkout', '-q', '-B', 'main', commits[index] ?? 'HEAD']);
    work.push(...commit[lane].map((command) => [clone, command]));
  }
  await runGroup(python, [path.join(recipe, 'runMany.py'), JSON.stringify(work)], { cwd: clones, env });
  if (lane === 'tables') await runProjects({ demo, python, env });
}

/** @param {{demo: Demo, python: string, env: NodeJS.ProcessEnv}} where */
async function runProjects({ demo, python, env }) {
  for (const { experiment, args, fails } of projectRuns) {
    const options = ['--env-manager', 'local', '--experiment-name', experiment];
    const running = runGroup(python, ['-m', 'mlflow', 'run', '.', ...options, ...args], { cwd: demo.project, env });
    const hasFailed = await running.then(
      () => false,
      (error) => {
        if (!fails) throw error;
        return true;
      },
    );
    if (fails && !hasFailed) throw new Error(`mlflow run ${args.join(' ')} was meant to fail`);
  }
}

/**
 * Runs a program to its end in a group of its own, which Ctrl-C ends whole.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{cwd: string, env: NodeJS.ProcessEnv}} options
 * @returns {Promise<void>}
 */
function runGroup(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = startGroup(command, args, options);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => {
        output = (output + chunk).slice(-6000);
      });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${args.slice(0, 4).join(' ').slice(0, 200)} … ended with ${signal ?? code}\n${output}`));
    });
  });
}

/** @typedef {{claim: string, holds: boolean, found: string}} Claim */

/**
 * A demo that lacks what it is to show is not kept.
 * @param {string} python
 * @param {NodeJS.ProcessEnv} env
 */
async function checkDemo(python, env) {
  /** @type {readonly Claim[]} */
  const claims = JSON.parse(await run(python, [path.join(recipe, 'check.py')], { env }));
  const broken = claims.filter(({ holds }) => !holds).map(({ claim, found }) => `${claim}: ${found}`);
  if (broken.length > 0) throw new Error(`the demo is not what it should be:\n${broken.join('\n')}`);
}
