// @ts-check
// A repository of 100,000 commits, made once into the cache with `git fast-import` (some seconds), then only read.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { installOnce } from './lib/cache.mjs';
import { run } from './lib/run.mjs';

export const commitCount = 100_000;
/** Changes with what is written below: another stream makes another repository. */
const version = 1;

/** @returns {Promise<{folder: string, ids: string}>} the working tree, and a file with the ids, the newest first */
export async function commitStore() {
  const folder = await installOnce(`commits-${commitCount}-v${version}`, 'making 100,000 commits', make);
  return { folder, ids: path.join(folder, '.git', 'ids.txt') };
}

/** @param {string} folder */
async function make(folder) {
  const git = (/** @type {string[]} */ ...args) => run('git', ['-C', folder, ...args], { env: plainGit() });
  await git('init', '-q', '-b', 'main');
  await git('remote', 'add', 'origin', 'git@example.org:team/code.git');
  const importing = spawn('git', ['fast-import', '--quiet', '--done'], {
    cwd: folder,
    env: plainGit(),
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const ended = once(importing, 'close');
  for (let from = 1; from <= commitCount; from += 1000) {
    const some = Array.from({ length: 1000 }, (_, index) => commitText(from + index)).join('');
    if (!importing.stdin.write(some)) await once(importing.stdin, 'drain');
  }
  importing.stdin.end('done\n');
  const [code] = await ended;
  if (code !== 0) throw new Error(`git fast-import ended with exit code ${code}`);
  const ids = await git('rev-list', '--all');
  if (ids.trim().split('\n').length !== commitCount) throw new Error('not all commits were made');
  fs.writeFileSync(path.join(folder, '.git', 'ids.txt'), ids);
}

/** @param {number} at one commit of a file of its own among a thousand, on one branch */
function commitText(at) {
  const message = `Change ${at} of many, with a subject of a usual length`;
  const content = `value = ${at}\n`;
  const when = `${1_500_000_000 + at * 60} +0000`;
  return `commit refs/heads/main
committer Ada <ada@example.org> ${when}
data ${message.length}
${message}
M 100644 inline src/part${at % 1000}.py
data ${content.length}
${content}
`;
}

/** Nothing of the developer's settings. */
const plainGit = () => ({ ...process.env, GIT_CONFIG_GLOBAL: os.devNull, GIT_CONFIG_NOSYSTEM: '1' });
