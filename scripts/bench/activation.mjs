// @ts-check
// The time VS Code waits in `activate()` of the installed VSIX.
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { installChromium } from '../lib/chromium.mjs';
import { root } from '../lib/npm.mjs';
import { run } from '../lib/run.mjs';
import { step } from '../lib/steps.mjs';
import { vsixFile } from '../lib/vsix.mjs';
import { hostVersions, installHost, installVsix, stateIn } from '../vscode.mjs';
import { median } from './verdict.mjs';

/** ms */
const budget = 25;

// Runs inside VS Code, from an empty extension beside the installed one: start-up has to be over before the clock starts.
const suite = `
const fs = require('node:fs');
const vscode = require('vscode');
exports.run = async () => {
  await new Promise((resolve) => setTimeout(resolve, 2500));
  const extension = vscode.extensions.getExtension('flowdeck.flowdeck');
  if (!extension) throw new Error('the extension is not installed');
  if (extension.isActive) throw new Error('the extension was activated by something else');
  const started = performance.now();
  await extension.activate();
  const activation = performance.now() - started;
  fs.writeFileSync(process.env.FLOWDECK_RESULT, JSON.stringify({ passed: 1, failed: 0, activation }));
};
`;

/**
 * One fresh start of VS Code.
 * @param {string} folder holds the empty extension, the suite and the installed extension
 * @returns {Promise<number>} ms
 */
async function measureActivation(folder) {
  const result = path.join(folder, 'result.json');
  const environment = { FLOWDECK_RESULT: result, FLOWDECK_HOST_VERSION: hostVersions[0] };
  await run(
    process.execPath,
    [
      path.join(root, 'scripts', 'launcher.mjs'),
      `--extensionDevelopmentPath=${path.join(folder, 'empty')}`,
      `--extensionTestsPath=${path.join(folder, 'empty', 'suite.js')}`,
      folder,
    ],
    { env: { ...process.env, ...environment, FLOWDECK_EXTENSIONS: stateIn(folder).extensionsDir } },
  );
  return JSON.parse(fs.readFileSync(result, 'utf8')).activation;
}

/**
 * @param {string} folder
 * @param {number} starts
 */
async function activation(folder, starts) {
  const empty = path.join(folder, 'empty');
  fs.mkdirSync(empty);
  const manifest = { name: 'empty', publisher: 'test', version: '0.0.0', engines: { vscode: '*' } };
  fs.writeFileSync(path.join(empty, 'package.json'), JSON.stringify(manifest));
  fs.writeFileSync(path.join(empty, 'suite.js'), suite);
  await installVsix({ host: await installHost(hostVersions[0]), state: stateIn(folder), vsix: vsixFile });
  const times = [];
  for (let start = 0; start < starts; start++) times.push(await measureActivation(folder));
  return times.sort((a, b) => a - b);
}

/**
 * @param {import('../lib/report.mjs').Section} section
 * @param {string} folder a throw-away one
 * @param {number} starts fresh starts of VS Code
 */
export async function activationTime(section, folder, starts) {
  await installHost(hostVersions[0]);
  await installChromium();
  const times = await step(`activating in ${starts} fresh starts of VS Code`, () => activation(folder, starts));
  const middle = median(times) ?? Number.NaN;
  const all = times.map((time) => time.toFixed(1)).join(' · ');
  section.check(`activation: median ${middle.toFixed(1)} ms of ${budget} ms (${all})`, middle <= budget, 'too slow');
  return { median: middle, times, budget };
}
