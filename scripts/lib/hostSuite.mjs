// @ts-check
// The tests inside VS Code: one runner for the desktop and for the web host.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { calmSettings, stateIn } from '../vscode.mjs';
import { installChromium } from './chromium.mjs';
import { installHost } from './codeServer.mjs';
import { root } from './npm.mjs';
import { trySuites } from './secondTry.mjs';
import { makeWorkspace } from './workspace.mjs';

/** @typedef {import('./codeServer.mjs').HostVersion} HostVersion */

/** @type {Promise<boolean> | undefined} */
let desktop;

/** Whether desktop VS Code is to be used: `$FLOWDECK_VSCODE` (`desktop` or `web`), else whether it can be downloaded. */
async function usesDesktop() {
  const chosen = process.env.FLOWDECK_VSCODE;
  if (chosen) return chosen === 'desktop';
  desktop ??= fetch('https://update.code.visualstudio.com/api/releases/stable', {
    signal: AbortSignal.timeout(4000),
  }).then(
    async (response) => response.ok && Array.isArray(await response.json()),
    () => false,
  );
  return await desktop;
}

/**
 * @param {import('./report.mjs').Section} section
 * @param {HostVersion} version
 * @param {Record<string, string>} environment what the suite is told
 * @param {string} [chosen] an expression that the titles of the tests to run match
 */
export async function runHostSuite(section, version, environment, chosen) {
  const run = (/** @type {string | undefined} */ grep) =>
    runHost(version, { ...environment, ...(grep ? { FLOWDECK_GREP: grep } : {}) });
  await trySuites(section, `host ${version}`, run, chosen);
}

/**
 * @param {HostVersion} version
 * @param {Record<string, string>} environment
 * @returns {Promise<import('./secondTry.mjs').Result>}
 */
async function runHost(version, environment) {
  const result = path.join(environment.FLOWDECK_OUT, `host-${version}.json`);
  fs.rmSync(result, { force: true });
  const { runTests } = await import('@vscode/test-electron');
  const host = (await usesDesktop()) ? { version } : await launcher(version);
  const workspace = await makeWorkspace(root);
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'flowdeck-'));
  const { extensionsDir } = stateIn(profile);
  // VS Code writes into the folder of its extensions.
  fs.cpSync(environment.FLOWDECK_EXTENSIONS, extensionsDir, { recursive: true });
  let problem;
  try {
    await runTests({
      ...host,
      extensionDevelopmentPath: root,
      extensionTestsPath: path.join(root, 'out', 'test', 'host', 'suite.js'),
      launchArgs: [workspace.folder, ...profileArguments(profile)],
      extensionTestsEnv: {
        ...environment,
        FLOWDECK_EXTENSIONS: extensionsDir,
        FLOWDECK_HOST_VERSION: version,
        FLOWDECK_RESULT: result,
        FLOWDECK_WORKSPACE: workspace.folder,
      },
    });
  } catch (error) {
    problem = error;
  } finally {
    workspace.dispose();
    fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
  if (!fs.existsSync(result))
    throw new Error(`the extension host ended before the tests did (${problem ?? 'no error'})`);
  const counts = JSON.parse(fs.readFileSync(result, 'utf8'));
  if (problem && counts.failed === 0) throw problem;
  return counts;
}

/**
 * Like every start of the web host: calm, and nothing left of an earlier run. (The launcher ignores these arguments.)
 * @param {string} profile
 */
function profileArguments(profile) {
  const { userDataDir, extensionsDir } = stateIn(profile);
  fs.mkdirSync(path.join(userDataDir, 'User'), { recursive: true });
  fs.writeFileSync(path.join(userDataDir, 'User', 'settings.json'), JSON.stringify(calmSettings, null, 2));
  return [`--user-data-dir=${userDataDir}`, `--extensions-dir=${extensionsDir}`];
}

/** @param {HostVersion} version */
async function launcher(version) {
  await installHost(version);
  await installChromium();
  return { vscodeExecutablePath: path.join(root, 'scripts', 'launcher.mjs') };
}
