// @ts-check
// The package that is shipped, and what it may weigh.
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { root } from './npm.mjs';
import { run } from './run.mjs';
import { tryShippedUndici } from './shippedUndici.mjs';

export const vsixFile = path.join(root, 'out', 'flowdeck.vsix');
const vsce = path.join('node_modules', '@vscode', 'vsce', 'vsce');

/** Makes a production build (vsce runs `vscode:prepublish`) and packs it into `vsixFile`. */
export async function packageExtension({ show = true } = {}) {
  fs.mkdirSync(path.dirname(vsixFile), { recursive: true });
  // Somebody else may be installing the one that is there.
  const made = `${vsixFile}.${process.pid}.new`;
  const args = [vsce, 'package', '--no-dependencies', '--allow-missing-repository', '--out', made];
  try {
    await run(process.execPath, args, { cwd: root, show });
    fs.renameSync(made, vsixFile);
  } finally {
    fs.rmSync(made, { force: true });
  }
}

/** Budgets in bytes. Of the host side a window reads only the chunks whose features are used; it is held so that it is grown on purpose. */
const budgets = { vsix: 1_500_000, activation: 150_000, hostSide: 1_250_000, firstWebviewScript: 500_000 };

/** @param {import('./report.mjs').Section} section */
export async function checkSizes(section) {
  const size = (/** @type {string} */ file) => fs.statSync(path.join(root, file)).size;
  if (!fs.existsSync(vsixFile)) return section.check('sizes', false, 'there is no package');
  const dist = fs.readdirSync(path.join(root, 'dist')).filter((file) => file.endsWith('.js'));
  const hostSide = dist.reduce((sum, file) => sum + size(path.join('dist', file)), 0);
  const within = (/** @type {string} */ name, /** @type {number} */ bytes, /** @type {number} */ budget) =>
    section.check(`${name} ${kilobytes(bytes)} of ${kilobytes(budget)}`, bytes <= budget, 'over its budget');
  within('VSIX', size(path.relative(root, vsixFile)), budgets.vsix);
  const loaded = await loadedByActivation();
  const bytes = loaded.reduce((sum, file) => sum + size(file), 0);
  within(`what activation loads (${loaded.join(', ')})`, bytes, budgets.activation);
  within('host side (dist/*.js)', hostSide, budgets.hostSide);
  within('first webview script', firstLoad('dist/webview/runs.js'), budgets.firstWebviewScript);
  await section.attempt('the shipped parts of undici work, also through a proxy', tryShippedUndici);
  await section.attempt('VSIX holds no node_modules, sources or maps', async () => {
    const files = (await run(process.execPath, [vsce, 'ls', '--no-dependencies'], { cwd: root })).split(/\r?\n/);
    const strays = files.filter((file) =>
      /(^|\/)(node_modules|src|webview\/.*\.ts|test|scripts)\/|\.(ts|map)$/.test(file),
    );
    if (strays.length > 0) throw new Error(`the VSIX holds ${strays.join(', ')}`);
  });
}

// What is loaded is asked of Node itself, with an editor in which everything is there and does nothing.
const listLoaded = `
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const anything = new Proxy(class {}, {
  get: (target, key) => (key === 'prototype' ? target.prototype : anything),
  apply: () => anything,
  construct: () => ({}),
});
const types = fs.readFileSync('node_modules/@types/vscode/index.d.ts', 'utf8');
const names = [...types.matchAll(/export (?:abstract )?(?:class|namespace|enum|const|function) (\\w+)/g)].map(([, name]) => name);
const editor = Object.fromEntries(names.map((name) => [name, anything]));
const load = Module._load;
Module._load = (name, ...rest) => (name === 'vscode' ? editor : load(name, ...rest));
require(path.resolve('dist/extension.js'));
console.log(JSON.stringify(Object.keys(require.cache).map((file) => path.relative(process.cwd(), file))));
`;

/** @returns {Promise<string[]>} files, relative to the root */
async function loadedByActivation() {
  const files = JSON.parse(await run(process.execPath, ['-e', listLoaded], { cwd: root }));
  if (!files.includes(path.join('dist', 'extension.js'))) throw new Error('dist/extension.js was not loaded');
  return files;
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1)} kB`;
}

/**
 * A script and everything it imports statically, which is what a webview loads before it shows anything.
 * @param {string} entry
 * @returns {number} bytes
 */
function firstLoad(entry) {
  const seen = new Set();
  const visit = (/** @type {string} */ file) => {
    if (seen.has(file)) return;
    seen.add(file);
    const code = fs.readFileSync(path.join(root, file), 'utf8');
    // Minified code too: `import{a}from"./x.js"`, `import"./x.js"`, `export*from"./x.js"`; not `import("./x.js")`.
    for (const [, specifier] of code.matchAll(/(?:\bfrom|\bimport)\s*"(\.[^"]+)"/g))
      visit(path.posix.join(path.posix.dirname(file), specifier));
  };
  visit(entry);
  return [...seen].reduce((sum, file) => sum + fs.statSync(path.join(root, file)).size, 0);
}
