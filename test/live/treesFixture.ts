import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { GitError } from '../../src/git/gitError';
import type { GitRepository } from '../../src/git/gitRepository';
import { openRepository } from '../../src/git/openRepository';

/** A repository that projects are launched from, in a folder with a space, with a branch that was merged and a tag. */
export class TreesFixture {
  readonly base = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'flowdeck-trees-')));
  readonly root = path.join(this.base, 'a b');
  private opened: GitRepository | undefined;
  private commits = 0;
  /** Of `main`: the second changes what the first made, the third is the merge. */
  readonly ids = { first: '', second: '', third: '' };

  /** For the beginning of a `describe`. */
  constructor() {
    before(() => this.fill());
    after(() => fs.rmSync(this.base, { recursive: true, force: true }));
  }

  get repository(): GitRepository {
    assert.ok(this.opened);
    return this.opened;
  }

  readonly git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=a@x', '-c', 'protocol.file.allow=always', ...args], {
      cwd: this.root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, GIT_COMMITTER_DATE: this.date() },
    }).trim();

  /** Commits of one second are fetched together where history is asked for by its time: a minute lies between two. */
  private date(): string {
    this.commits += 1;
    return `${1_700_000_000 + 60 * this.commits} +0000`;
  }

  readonly commit = (name: string, text: string) => {
    fs.mkdirSync(path.dirname(path.join(this.root, name)), { recursive: true });
    fs.writeFileSync(path.join(this.root, name), text);
    this.git('add', '-A');
    this.git('commit', '-q', '-m', name);
    return this.git('rev-parse', 'HEAD');
  };

  private async fill(): Promise<void> {
    const { root, ids, git, commit } = this;
    fs.mkdirSync(root);
    git('init', '-q', '-b', 'main');
    ids.first = commit('project/MLproject', 'one\n');
    git('checkout', '-q', '-b', 'side');
    commit('side.txt', 'side\n');
    git('checkout', '-q', 'main');
    ids.second = commit('project/MLproject', 'two\n');
    git('merge', '-q', '--no-ff', '-m', 'merge', 'side');
    ids.third = git('rev-parse', 'HEAD');
    git('tag', '-a', 'v1', '-m', 'one', ids.first);
    fs.writeFileSync(path.join(root, '.git', 'info', 'exclude'), 'ignored\n');
    this.opened = await openRepository(root);
  }
}

/** For `assert.rejects`. */
export const isKind = (kind: string) => (error: unknown) => error instanceof GitError && error.kind === kind;
