// @ts-check
// What launching is tried with beside MLflow itself: the tools that make environments, a project backend as a plug-in that
// pip has installed, wheels for environments without a network, and the Python debugger.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { installOnce } from './lib/cache.mjs';
import { root } from './lib/npm.mjs';
import { run } from './lib/run.mjs';

/** @typedef {import('./mlflow.mjs').MlflowVersion} MlflowVersion */

const lockFile = fileURLToPath(new URL('requirements/launching.lock.txt', import.meta.url));
const packages = path.join(root, 'test', 'support', 'pythonPackages');
const debuggerSource = path.join(root, 'test', 'support', 'pythonDebugger');
const quiet = ['--quiet', '--disable-pip-version-check'];
/** What MLflow writes into a model's environment beside its requirements. */
const seeds = ['pip', 'setuptools', 'wheel'];

/**
 * Every model requires MLflow. This wheel of it holds a path to where it is installed: an environment that has it has
 * the real one, without another 500 MB. Arguments: folder, version, path.
 */
const mlflowWheel = `
import sys, zipfile
folder, version, place = sys.argv[1:]
info = "mlflow-" + version + ".dist-info/"
files = {"mlflow-installed.pth": place + "\\n",
    info + "METADATA": "Metadata-Version: 2.1\\nName: mlflow\\nVersion: " + version + "\\n",
    info + "WHEEL": "Wheel-Version: 1.0\\nGenerator: flowdeck\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"}
files[info + "RECORD"] = "".join(name + ",,\\n" for name in [*files, info + "RECORD"])
with zipfile.ZipFile(folder + "/mlflow-" + version + "-py3-none-any.whl", "w") as wheel:
    for name, text in files.items():
        wheel.writestr(name, text)
`;

/**
 * A venv on top of MLflow's own, which stays as it is: `bin/python` in it, and the wheels in `wheels`.
 * @param {MlflowVersion} version
 * @param {string} python of the venv that has MLflow
 * @returns {Promise<string>} the folder
 */
export async function installLaunchTools(version, python) {
  const hash = hashOf(python, lockFile, fileURLToPath(import.meta.url), ...filesBelow(packages));
  const fill = async (/** @type {string} */ venv) => {
    await run(python, ['-m', 'venv', '--without-pip', venv]);
    const own = path.join(venv, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));
    const packagesOf = async (/** @type {string} */ one) =>
      (await run(one, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'])).trim();
    // --system-site-packages would show what is below MLflow's venv, and not that venv.
    fs.writeFileSync(path.join(await packagesOf(own), 'mlflow-below.pth'), `${await packagesOf(python)}\n`);
    const pip = (/** @type {string[]} */ ...args) => run(own, ['-m', 'pip', ...args]);
    await pip('install', ...quiet, '--no-compile', '--no-deps', '-r', lockFile);
    const wheels = path.join(venv, 'wheels');
    await pip('download', ...quiet, '--no-deps', '--dest', wheels, ...seeds.map(pinOf));
    const build = ['wheel', ...quiet, '--no-index', '--no-deps', '--no-build-isolation', '--wheel-dir', wheels];
    for (const name of fs.readdirSync(packages)) await pip(...build, path.join(packages, name));
    await run(own, ['-c', mlflowWheel, wheels, version, await packagesOf(python)]);
    await pip('install', ...quiet, '--no-index', '--no-deps', '--find-links', wheels, 'flowdeck-test-backend');
  };
  const name = `launch-tools-${version}-${hash}`;
  return installOnce(name, `installing what MLflow ${version} launches with`, fill, { relocatable: false });
}

/**
 * An extension that has the id and the library of the Python debugger's, which cannot be had everywhere.
 * @param {string} python of any venv that has MLflow
 * @returns {Promise<string>} a folder of extensions
 */
export function installDebugger(python) {
  const hash = hashOf(python, lockFile, fileURLToPath(import.meta.url), ...filesBelow(debuggerSource));
  return installOnce(`debugger-${hash}`, 'installing the Python debugger', async (folder) => {
    const name = 'ms-python.debugpy-0.0.1';
    fs.cpSync(debuggerSource, path.join(folder, name), { recursive: true });
    const target = path.join(folder, name, 'bundled', 'libs');
    await run(python, ['-m', 'pip', 'install', ...quiet, '--no-deps', '--target', target, pinOf('debugpy')]);
    // VS Code's own list. What counts is the location relative to it, but there must be another.
    const installed = { identifier: { id: 'ms-python.debugpy' }, version: '0.0.1', relativeLocation: name };
    const location = { $mid: 1, scheme: 'file', path: `/${name}` };
    fs.writeFileSync(path.join(folder, 'extensions.json'), JSON.stringify([{ ...installed, location }]));
  });
}

/** @param {string} name */
function pinOf(name) {
  const pin = fs
    .readFileSync(lockFile, 'utf8')
    .split('\n')
    .find((line) => line.startsWith(`${name}==`));
  if (!pin) throw new Error(`${name} is not locked in ${lockFile}`);
  return pin;
}

/** @param {string} folder */
function filesBelow(folder) {
  const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

/**
 * @param {string} text
 * @param {string[]} files
 */
function hashOf(text, ...files) {
  const hash = crypto.createHash('sha256').update(text);
  for (const file of files) hash.update(path.basename(file)).update(fs.readFileSync(file));
  return hash.digest('hex').slice(0, 8);
}
