import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { GitError } from '../../src/git/gitError';
import type { GitRepository } from '../../src/git/gitRepository';
import { openRepository } from '../../src/git/openRepository';

/** A folder that goes away when the tests of the file are over. */
export function temporaryFolder(): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'flowdeck-git-')));
  after(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  return folder;
}

/** Runs the real git, with an identity of its own and without the developer's settings. */
export function git(folder: string, ...args: string[]): string {
  return execFileSync('git', args, {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      GIT_CONFIG_GLOBAL: os.devNull,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'Ada',
      GIT_AUTHOR_EMAIL: 'ada@example.org',
      GIT_COMMITTER_NAME: 'Ada',
      GIT_COMMITTER_EMAIL: 'ada@example.org',
      GIT_ALLOW_PROTOCOL: 'file',
    },
  }).trim();
}

export function makeRepository(folder: string): string {
  fs.mkdirSync(folder, { recursive: true });
  git(folder, 'init', '-q', '-b', 'main');
  return folder;
}

export function write(folder: string, file: string, content: string | Uint8Array): void {
  const target = path.join(folder, file);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, content);
}

/** Writes the files, commits everything and gives the commit's id. */
export function commit(folder: string, subject: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  for (const [file, content] of Object.entries(files)) write(folder, file, content);
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '--allow-empty', '-m', subject);
  return git(folder, 'rev-parse', 'HEAD');
}

/** The repository at a folder, which has to be one. */
export async function opened(folder: string): Promise<GitRepository> {
  const repository = await openRepository(folder);
  assert.ok(repository);
  return repository;
}

/** For `assert.rejects`. */
export const rejectsWith = (kind: GitError['kind']) => (error: unknown) => {
  assert.ok(error instanceof GitError, String(error));
  assert.equal(error.kind, kind, error.message);
  return true;
};

/** For the tests of a file: git may clone submodules from folders, which it does only where a person's own configuration says so. */
export function allowFileSubmodules(): void {
  const folder = temporaryFolder();
  const former = process.env.GIT_CONFIG_GLOBAL;
  before(() => {
    fs.writeFileSync(path.join(folder, 'config'), '[protocol "file"]\n\tallow = always\n');
    process.env.GIT_CONFIG_GLOBAL = path.join(folder, 'config');
  });
  after(() => {
    if (former === undefined) delete process.env.GIT_CONFIG_GLOBAL;
    else process.env.GIT_CONFIG_GLOBAL = former;
  });
}
