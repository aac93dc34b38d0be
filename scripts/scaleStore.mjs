// @ts-check
// A store of a size that hurts, for MLflow 3.17.2: 10,000 runs, 100,000 points a curve, 1,000 metrics a run.
// Seeded once into the cache (two minutes, 1.3 GB), then only read.  node scripts/scaleStore.mjs [--serve] says where it is;
// --serve also serves it until Ctrl-C.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { mlflowEnvironment, startMlflow } from './demo/mlflowServer.mjs';
import { installOnce } from './lib/cache.mjs';
import { endGroup, endGroupsOnSignals, freePort, run } from './lib/run.mjs';
import { say } from './lib/steps.mjs';
import { installMlflow } from './mlflow.mjs';

const version = '3.17.2';
const code = fileURLToPath(new URL('scale/', import.meta.url));
const lockFile = fileURLToPath(new URL(`requirements/mlflow-${version}.lock.txt`, import.meta.url));

/** @returns {Promise<{folder: string, python: string}>} `folder` holds `mlflow.db` and is not to be written to */
export async function scaleStore() {
  const python = await installMlflow(version);
  const hash = crypto.createHash('sha256');
  for (const file of ['shape.py', 'seed.py', 'verify.py']) hash.update(fs.readFileSync(path.join(code, file)));
  hash.update(fs.readFileSync(lockFile));
  const name = `scale-${hash.digest('hex').slice(0, 8)}`;
  const folder = await installOnce(name, 'seeding the scale store', (target) => seed(python, target));
  return { folder, python };
}

/**
 * Only what the official client reads back as meant is kept.
 * @param {string} python
 * @param {string} folder
 */
async function seed(python, folder) {
  await run(python, [path.join(code, 'seed.py'), folder], { env: mlflowEnvironment(python) });
  const server = await startMlflow({ python, folder, port: await freePort() });
  try {
    await checkAnswers(server.uri);
    const env = mlflowEnvironment(python, { MLFLOW_TRACKING_URI: server.uri });
    await run(python, [path.join(code, 'verify.py')], { env });
  } finally {
    await endGroup(server.child);
  }
}

/**
 * The questions that are measured, as their clients ask them.
 * @param {string} uri
 */
async function checkAnswers(uri) {
  /** @param {string} place @param {object} [body] @returns {Promise<any>} */
  const ask = async (place, body) => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(`${uri}/api/2.0/mlflow/${place}`, body ? init : {});
    if (!response.ok) throw new Error(`${place}: ${response.status} ${await response.text()}`);
    return await response.json();
  };
  /** @param {string} name */
  const idOf = async (name) => (await ask(`experiments/get-by-name?experiment_name=${name}`)).experiment.experiment_id;
  const page = await ask('runs/search', { experiment_ids: [await idOf('runs-10k')], max_results: 100 });
  expectEqual('runs of a page', page.runs.length, 100);
  expectEqual('more pages', typeof page.next_page_token, 'string');
  expectEqual('metrics of a run', page.runs[0].data.metrics.length, 20);
  expectEqual('params of a run', page.runs[0].data.params.length, 10);
  const long = await ask('runs/search', { experiment_ids: [await idOf('long')], max_results: 1 });
  const query = `run_id=${long.runs[0].info.run_id}&metric_key=metric_0`;
  expectEqual('points of a curve', (await ask(`metrics/get-history?${query}`)).metrics.length, 100_000);
}

/** @param {string} what @param {unknown} found @param {unknown} wanted */
function expectEqual(what, found, wanted) {
  if (found !== wanted) throw new Error(`the scale store: ${what}: ${found}, not ${wanted}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  endGroupsOnSignals();
  const { folder, python } = await scaleStore();
  say(folder);
  if (process.argv.includes('--serve')) say((await startMlflow({ python, folder, port: await freePort() })).uri);
}
