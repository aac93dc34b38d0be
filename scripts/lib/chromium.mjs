// @ts-check
// The browser that draws the workbench.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { cacheFolder, lock } from './cache.mjs';
import { run, which } from './run.mjs';
import { step } from './steps.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** No network of its own, no sandbox (root has none), nothing kept. */
export const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Loaded when it is wanted: `npm test` imports this file before node_modules is there.
 * @returns {Promise<typeof import('playwright-core')>}
 */
async function playwright() {
  return await import('playwright-core');
}

/**
 * The browser: `$FLOWDECK_CHROMIUM`, one on the PATH, else Debian's package when this is root on Debian, else
 * playwright's own.
 * @returns {Promise<string>} its executable
 */
export async function installChromium() {
  const find = () => process.env.FLOWDECK_CHROMIUM ?? which(names);
  const found = find();
  if (found) return found;
  fs.mkdirSync(cacheFolder(), { recursive: true });
  const release = await lock(path.join(cacheFolder(), 'chromium.lock'));
  try {
    if (!find() && fs.existsSync('/etc/debian_version') && process.getuid?.() === 0)
      await step('installing Chromium with apt', installFromDebian);
    return find() ?? (await installFromPlaywright());
  } finally {
    release();
  }
}

async function installFromDebian() {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { env });
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], { env });
}

async function installFromPlaywright() {
  const executable = (await playwright()).chromium.executablePath();
  if (fs.existsSync(executable)) return executable;
  const require = createRequire(path.join(process.cwd(), 'package.json'));
  const cli = path.join(path.dirname(require.resolve('playwright-core/package.json')), 'cli.js');
  await step("installing playwright's Chromium", () => run(process.execPath, [cli, 'install', 'chromium']));
  return executable;
}

/** A headless browser with a fresh profile. */
export async function launchBrowser() {
  const { chromium } = await playwright();
  return await chromium.launch({ executablePath: await installChromium(), args: chromiumFlags });
}
