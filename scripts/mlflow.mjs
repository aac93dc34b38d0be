// @ts-check
// Official MLflow in a venv of its own, every package pinned.  node scripts/mlflow.mjs 3.17.2
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installOnce } from './lib/cache.mjs';
import { run, which } from './lib/run.mjs';

export const mlflowVersions = /** @type {const} */ (['3.17.2', '2.15.1']);
/** @typedef {(typeof mlflowVersions)[number]} MlflowVersion */

/** The last minor version of Python 3 with wheels: 2.15.1 wants numpy 1 and pyarrow 15. */
const newestPython = { '3.17.2': 14, '2.15.1': 12 };

/**
 * @param {MlflowVersion} version
 * @returns {Promise<string>} the venv's python
 */
export async function installMlflow(version) {
  const lockFile = fileURLToPath(new URL(`requirements/mlflow-${version}.lock.txt`, import.meta.url));
  const hash = crypto.createHash('sha256').update(fs.readFileSync(lockFile)).digest('hex').slice(0, 8);
  const fill = async (/** @type {string} */ venv) => {
    const base = await findPython(version);
    await run(base, ['-m', 'venv', venv]);
    await installLocked(pythonOf(venv), lockFile);
    await run(pythonOf(venv), ['-m', 'mlflow', '--version']);
  };
  const folder = await installOnce(`mlflow-${version}-${hash}`, `installing MLflow ${version}`, fill, {
    relocatable: false,
  });
  return pythonOf(folder);
}

/** @param {string} venv */
function pythonOf(venv) {
  return process.platform === 'win32' ? path.join(venv, 'Scripts', 'python.exe') : path.join(venv, 'bin', 'python');
}

/**
 * With uv where there is one, since it takes a third of the time. pip compiles to bytecode on one core and waits for
 * the network meanwhile, so that is left to a second step on all cores.
 * @param {string} python of the venv
 * @param {string} lockFile
 */
async function installLocked(python, lockFile) {
  const uv = which(['uv']);
  if (uv) {
    await run(uv, ['pip', 'install', '--quiet', '--compile-bytecode', '--python', python, '-r', lockFile]);
    return;
  }
  const options = ['--quiet', '--disable-pip-version-check', '--no-compile', '--prefer-binary'];
  await run(python, ['-m', 'pip', 'install', ...options, '-r', lockFile]);
  const packages = await run(python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))']);
  // Some packages ship files for other versions of Python, which do not compile; nothing imports them.
  await run(python, ['-m', 'compileall', '-qq', '-j', '0', packages.trim()]).catch(() => undefined);
}

/**
 * A Python for which the locked packages have wheels.
 * @param {MlflowVersion} version
 */
async function findPython(version) {
  const newest = newestPython[version];
  const numbered = ['3.12', '3.11', '3.10', '3.13', '3.14'].map((number) => `python${number}`);
  const found = [];
  for (const name of [process.env.FLOWDECK_PYTHON, 'python3', 'python', ...numbered]) {
    if (!name) continue;
    // The path, since a name may be a shim that another folder's settings turn into another Python.
    const report = 'import sys; print("%d.%d" % sys.version_info[:2], sys.executable)';
    const [, major, minor, executable] =
      /^(\d+)\.(\d+) (.+)/.exec(await run(name, ['-c', report]).catch(() => '')) ?? [];
    if (!executable) continue;
    if (Number(major) === 3 && Number(minor) >= 10 && Number(minor) <= newest) return executable;
    found.push(`${name} ${major}.${minor}`);
  }
  throw new Error(
    `Python 3.10 … 3.${newest} is needed for MLflow ${version}; found: ${found.join(', ') || 'none'}. Set FLOWDECK_PYTHON to one.`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const version = mlflowVersions.find((known) => known === process.argv[2]);
  if (!version) throw new Error(`usage: node scripts/mlflow.mjs ${mlflowVersions.join('|')}`);
  console.log(await installMlflow(version));
}
