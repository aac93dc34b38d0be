#!/usr/bin/env node
// @ts-check
// Stands in for the VS Code executable that @vscode/test-electron's runTests starts: serves a real VS Code, opens it in
// headless Chromium with the tests' paths, passes the extension host's console on, and exits with the tests' result.
// From the environment: FLOWDECK_HOST_VERSION (default the newest), FLOWDECK_RESULT (a file that the suite writes as its
// last act: without it the run has failed, since VS Code reports a crashed extension host as success),
// FLOWDECK_TEST_TIMEOUT (ms, default 75 minutes), FLOWDECK_EXTENSIONS (a folder of installed extensions), FLOWDECK_OUT (where logs go when a run fails).
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import util from 'node:util';
import { launchBrowser } from './lib/chromium.mjs';
import { isNoise } from './lib/noise.mjs';
import { endGroupsOnSignals } from './lib/run.mjs';
import { hostVersions, installHost, startServer, stateIn } from './vscode.mjs';

const timeout = Number(process.env.FLOWDECK_TEST_TIMEOUT ?? 4_500_000);
const resultFile = process.env.FLOWDECK_RESULT;

/** The arguments of VS Code's command line that matter here; the rest is for the desktop. */
function readArguments() {
  /** @type {Record<string, string>} */
  const options = {};
  const positional = [];
  for (const argument of process.argv.slice(2)) {
    const [, name, value] = /^--([\w-]+)(?:=(.*))?$/s.exec(argument) ?? [];
    if (name === undefined) positional.push(argument);
    else options[name] = value ?? '';
  }
  return { options, folder: positional[0] && path.resolve(positional[0]) };
}

/**
 * Waits for the end of the tests' run() in the page.
 * @param {import('playwright-core').Page} page
 * @param {string} url
 * @returns {Promise<number>} the exit code
 */
function runInPage(page, url) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the tests were not done after ${timeout / 1000} s`)), timeout);
    let isDone = false;
    const settle = (/** @type {() => void} */ how) => {
      isDone = true;
      clearTimeout(timer);
      how();
    };
    page.on('crash', () => settle(() => reject(new Error('the page with the workbench crashed'))));
    const open = async () => {
      await page.exposeFunction('codeAutomationLog', (/** @type {string} */ _type, /** @type {unknown[]} */ args) => {
        const line = util.format(...args);
        if (!isDone && !isNoise(line)) process.stdout.write(`${line}\n`);
      });
      await page.exposeFunction('codeAutomationExit', (/** @type {number} */ code) => settle(() => resolve(code)));
      await page.goto(url);
    };
    open().catch((error) => settle(() => reject(error)));
  });
}

/**
 * A run that says it passed must have left its result behind, and that must agree.
 * @param {number} code
 */
function checkResult(code) {
  if (!resultFile) return code;
  if (!fs.existsSync(resultFile))
    throw new Error('the extension host ended before the tests did: no result was written');
  const { failed } = JSON.parse(fs.readFileSync(resultFile, 'utf8'));
  return code || (failed > 0 ? 1 : 0);
}

/** runTests holds this process's stdin: when that closes, its process has died, and nobody waits for the tests any more. */
function endWithParent() {
  const stdin = fs.fstatSync(0);
  if (!stdin.isFIFO() && !stdin.isSocket()) return;
  process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM'));
  process.stdin.resume();
  process.stdin.unref();
}

/** @param {string} stateFolder */
function keepLogs(stateFolder) {
  const logs = path.join(stateFolder, 'data', 'logs');
  if (!process.env.FLOWDECK_OUT || !fs.existsSync(logs)) return;
  const kept = path.join(process.env.FLOWDECK_OUT, `host-logs-${process.env.FLOWDECK_HOST_VERSION ?? hostVersions[0]}`);
  fs.cpSync(logs, kept, { recursive: true });
  process.stderr.write(`VS Code's logs are in ${kept}\n`);
}

async function main() {
  const { options, folder } = readArguments();
  const version = hostVersions.find((known) => known === process.env.FLOWDECK_HOST_VERSION) ?? hostVersions[0];
  if (resultFile) fs.rmSync(resultFile, { force: true });
  const stateFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'flowdeck-host-'));
  const removeState = () => fs.rmSync(stateFolder, { recursive: true, force: true, maxRetries: 5 });
  endGroupsOnSignals(removeState);
  endWithParent();
  const state = stateIn(stateFolder);
  if (process.env.FLOWDECK_EXTENSIONS) state.extensionsDir = path.resolve(process.env.FLOWDECK_EXTENSIONS);
  const server = await startServer({ host: await installHost(version), state, smokeTestDriver: true });
  const browser = await launchBrowser();
  let code = 1;
  try {
    const page = await (await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] })).newPage();
    const payload = Object.fromEntries(
      ['extensionDevelopmentPath', 'extensionTestsPath']
        .filter((name) => options[name])
        .map((name) => [name, server.remoteUri(path.resolve(options[name]))]),
    );
    code = checkResult(await runInPage(page, server.url(folder, payload)));
  } finally {
    await browser.close();
    await server.stop();
    if (code !== 0) keepLogs(stateFolder);
    removeState();
  }
  process.exitCode = code;
}

main().catch((error) => {
  process.stderr.write(`✖ ${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
});
