// @ts-check
// The official MLflow server, on the loopback address, with one folder for all it stores.
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { endGroup, startGroup } from '../lib/run.mjs';

/** @typedef {{uri: string, child: import('node:child_process').ChildProcess}} Server */

/**
 * Starts a server and waits until it answers (about 6 s).
 * @param {{python: string, folder: string, port: number}} options `folder`: gets `mlflow.db` and `artifacts/`
 * @returns {Promise<Server>}
 */
export async function startMlflow({ python, folder, port }) {
  const uri = `http://127.0.0.1:${port}`;
  const place = ['--host', '127.0.0.1', '--port', String(port), '--workers', '1'];
  // In its own folder, so that no drive letter is taken for the scheme of an address.
  const store = ['--backend-store-uri', 'sqlite:///mlflow.db', '--artifacts-destination', './artifacts'];
  const env = mlflowEnvironment(python, { MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false' });
  const child = startGroup(python, ['-m', 'mlflow', 'server', ...place, ...store], { cwd: folder, env });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      output = (output + chunk).slice(-4000);
    });
  for (const deadline = Date.now() + 60_000; !(await answers(uri)); await sleep(100)) {
    // MLflow 3 ends with code 0 when somebody else has the port: what answers must be this process.
    const isGone = child.exitCode !== null || child.signalCode !== null;
    if (!isGone && Date.now() < deadline) continue;
    await endGroup(child);
    throw new Error(`mlflow server did not start\n${output}`);
  }
  return { uri, child };
}

/** @param {string} uri */
function answers(uri) {
  return fetch(`${uri}/health`).then(
    (response) => response.ok,
    () => false,
  );
}

/**
 * MLflow starts python and uvicorn by name, so the environment's own programs come first. The caller's MLflow settings
 * do not leak in, nothing is reported to anybody, and two trainings at once get one core each.
 * @param {string} python
 * @param {Record<string, string>} [extra]
 * @returns {NodeJS.ProcessEnv}
 */
export function mlflowEnvironment(python, extra = {}) {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('MLFLOW_'));
  return {
    ...Object.fromEntries(own),
    PATH: `${path.dirname(python)}${path.delimiter}${process.env.PATH ?? ''}`,
    GIT_PYTHON_REFRESH: 'quiet',
    MLFLOW_DISABLE_TELEMETRY: 'true',
    OMP_NUM_THREADS: '1',
    PYTHONUNBUFFERED: '1',
    PYTHONUTF8: '1',
    ...extra,
  };
}
