// @ts-check
// A throw-away folder for a test to open: the example project as a git repository with one commit.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { run } from './run.mjs';

/**
 * @param {string} root the checkout
 * @returns {Promise<{folder: string, dispose: () => void}>}
 */
export async function makeWorkspace(root) {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'flowdeck-workspace-')));
  const examples = path.join(root, 'examples');
  if (fs.existsSync(examples)) fs.cpSync(examples, folder, { recursive: true });
  const git = (/** @type {string[]} */ ...args) => run('git', ['-C', folder, ...args]);
  await git('init', '-q', '-b', 'main');
  await git('config', 'user.name', 'Test');
  await git('config', 'user.email', 'test@example.com');
  await git('config', 'commit.gpgsign', 'false');
  await git('add', '-A');
  await git('commit', '-q', '--allow-empty', '-m', 'The example project');
  return { folder, dispose: () => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}
