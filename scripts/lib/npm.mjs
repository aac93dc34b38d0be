// @ts-check
// The checkout and the packages it needs.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { npm } from './run.mjs';
import { step } from './steps.mjs';

/** The checkout. */
export const root = path.resolve(fileURLToPath(new URL('../..', import.meta.url)));

/** `npm ci` when node_modules is missing or holds something else than the lock file says. */
export async function installDependencies() {
  const installed = path.join(root, 'node_modules', '.package-lock.json');
  if (fs.existsSync(installed) && agrees(readLock(path.join(root, 'package-lock.json')), readLock(installed))) return;
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  await step('installing npm packages', () => npm(args, { cwd: root }));
}

/**
 * @param {string} file
 * @returns {Record<string, {version?: string, optional?: boolean}>}
 */
function readLock(file) {
  return JSON.parse(fs.readFileSync(file, 'utf8')).packages;
}

/**
 * Optional packages are for some platforms only, so their absence means nothing.
 * @param {ReturnType<typeof readLock>} wanted
 * @param {ReturnType<typeof readLock>} present
 */
function agrees(wanted, present) {
  return Object.entries(wanted).every(
    ([place, { version, optional }]) => place === '' || optional || present[place]?.version === version,
  );
}
