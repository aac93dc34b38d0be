// @ts-check
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.mjs';
import { step } from './steps.mjs';

/** The checkout. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** `npm ci` when node_modules is missing or older than the lock file. */
export async function installDependencies() {
  const installed = path.join(root, 'node_modules', '.package-lock.json');
  const locked = path.join(root, 'package-lock.json');
  if (fs.existsSync(installed) && fs.statSync(installed).mtimeMs >= fs.statSync(locked).mtimeMs) return;
  await step('installing npm packages', () =>
    run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: root }),
  );
  fs.utimesSync(installed, new Date(), new Date());
}
