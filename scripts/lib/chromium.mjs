// @ts-check
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { cacheFolder, lock } from './cache.mjs';
import { root } from './npm.mjs';
import { run } from './run.mjs';
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
 * The browser that draws the workbench: `$FLOWDECK_CHROMIUM`, one on the PATH, else Debian's package when this is root
 * on Debian, else playwright's own.
 * @returns {Promise<string>}
 */
export async function installChromium() {
  const found = process.env.FLOWDECK_CHROMIUM ?? onPath();
  if (found) return found;
  fs.mkdirSync(cacheFolder(), { recursive: true });
  const release = await lock(path.join(cacheFolder(), 'chromium.lock'));
  try {
    const meanwhile = onPath();
    if (meanwhile) return meanwhile;
    if (fs.existsSync('/etc/debian_version') && process.getuid?.() === 0) {
      const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
      await step('installing Chromium with apt', async () => {
        await run('apt-get', ['update', '-qq'], { env });
        await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], {
          env,
        });
      });
      const installed = onPath();
      if (installed) return installed;
    }
    const require = createRequire(path.join(root, 'package.json'));
    const { chromium } = require('playwright-core');
    if (!fs.existsSync(chromium.executablePath())) {
      const cli = path.join(path.dirname(require.resolve('playwright-core/package.json')), 'cli.js');
      await step("installing playwright's Chromium", () => run(process.execPath, [cli, 'install', 'chromium']));
    }
    return chromium.executablePath();
  } finally {
    release();
  }
}

function onPath() {
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    for (const name of names) {
      const file = path.join(folder, process.platform === 'win32' ? `${name}.exe` : name);
      if (fs.existsSync(file)) return file;
    }
  }
  return undefined;
}
