import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { GitRepository } from '../../src/git/gitRepository';
import { headMovedAt, headMoves } from '../../src/git/headMoved';
import { branches, distanceFromHead, headOf, log, mainBranch, resolveCommit } from '../../src/git/history';
import { openRepository } from '../../src/git/openRepository';
import { commit, git, makeRepository, temporaryFolder } from './gitFixture';

async function opened(folder: string): Promise<GitRepository> {
  const repository = await openRepository(folder);
  assert.ok(repository);
  return repository;
}

describe('the history of a repository', function () {
  this.timeout(180_000);
  const base = temporaryFolder();
  const folder = path.join(base, 'upstream');
  let repository: GitRepository;
  let first = '';
  let renamed = '';
  let head = '';

  before(async () => {
    makeRepository(folder);
    first = commit(folder, 'First', { 'old name.py': 'a\nb\nc\nd\n', 'other.py': 'x' });
    git(folder, 'mv', 'old name.py', 'train.py');
    renamed = commit(folder, 'Rename it', {});
    commit(folder, 'Elsewhere', { 'other.py': 'y' });
    git(folder, 'checkout', '-q', '-b', 'feature/a');
    head = commit(folder, 'On the branch\n\nwith a body', { 'train.py': 'a\nb\nc\nchanged\n' });
    repository = await opened(folder);
  });

  it('says what is checked out, on a branch, detached, and before any commit', async () => {
    assert.deepEqual(await headOf(repository), { commit: head, subject: 'On the branch', branch: 'feature/a' });
    git(folder, 'checkout', '-q', '--detach', first);
    assert.deepEqual(await headOf(repository), { commit: first, subject: 'First' });
    git(folder, 'checkout', '-q', 'feature/a');
    assert.equal(await headOf(await opened(makeRepository(path.join(base, 'empty')))), undefined);
  });

  it('says how far a commit is from what is checked out', async () => {
    assert.deepEqual(await distanceFromHead(repository, head), { ahead: 0, behind: 0 });
    assert.deepEqual(await distanceFromHead(repository, first), { ahead: 0, behind: 3 });
    git(folder, 'checkout', '-q', '--detach', renamed);
    assert.deepEqual(await distanceFromHead(repository, head), { ahead: 2, behind: 0 });
    const aside = commit(folder, 'Aside', { 'aside.py': 'x' });
    git(folder, 'checkout', '-q', 'feature/a');
    assert.deepEqual(await distanceFromHead(repository, aside), { ahead: 1, behind: 2 });
    assert.equal(await distanceFromHead(await opened(makeRepository(path.join(base, 'unborn'))), head), undefined);
  });

  it('lists commits, ranges, and those of a file over its renames', async () => {
    const subjects = async (question: Parameters<typeof log>[1]) =>
      (await log(repository, question)).map(({ subject }) => subject);
    assert.deepEqual(await subjects({ most: 2 }), ['On the branch', 'Elsewhere']);
    assert.deepEqual(await subjects({ most: 2, skip: 1 }), ['Elsewhere', 'Rename it']);
    const main = await resolveCommit(repository, 'main');
    assert.deepEqual(await subjects({ from: head, notFrom: main, most: 10 }), ['On the branch']);
    assert.deepEqual(await subjects({ file: 'train.py', most: 10 }), ['On the branch', 'Rename it', 'First']);
    const [, second] = await log(repository, { file: 'train.py', most: 10 });
    assert.deepEqual([second?.id, second?.author], [renamed, 'Ada']);
    assert.ok(Math.abs((second?.time ?? 0) - Date.now()) < 3_600_000);
  });

  it('reads the same whatever a person has set of how they see it', async () => {
    const other = makeRepository(path.join(base, 'settings'));
    const plain = commit(other, 'Größer', { 'a.py': '1' });
    const raw = execFileSync('git', ['cat-file', 'commit', plain], { cwd: other, encoding: 'utf8' });
    const signed = path.join(base, 'signed');
    fs.writeFileSync(
      signed,
      raw.replace('\n\n', '\ngpgsig -----BEGIN PGP SIGNATURE-----\n -----END PGP SIGNATURE-----\n\n'),
    );
    const id = git(other, 'hash-object', '-t', 'commit', '-w', signed);
    git(other, 'update-ref', 'refs/heads/main', id);
    const program = path.join(base, 'gpg');
    fs.writeFileSync(program, '#!/bin/sh\necho "gpg: Good signature" >&2\necho "[GNUPG:] GOODSIG 1 Ada"\n', {
      mode: 0o755,
    });
    const set = { 'gpg.program': program, 'log.showSignature': 'true', 'i18n.logOutputEncoding': 'ISO-8859-1' };
    for (const [key, value] of Object.entries(set)) git(other, 'config', key, value);
    const [found] = await log(await opened(other), { most: 10 });
    assert.deepEqual([found?.id, found?.subject], [id, 'Größer']);
    assert.equal((await headMoves(await opened(other)))[0]?.commit, id);
  });

  it('resolves what a person types, and never takes it for an option', async () => {
    assert.equal(await resolveCommit(repository, 'HEAD~3'), first);
    assert.equal(await resolveCommit(repository, first.slice(0, 8)), first);
    for (const name of ['--output=pwned', '-n1', 'nothing', 'a b', '$(touch x)', '', 'main:train.py'])
      await assert.rejects(resolveCommit(repository, name), /There is no commit/, name);
  });

  it('knows the branches and the one that work starts from, in a clone and a shallow one', async () => {
    const clone = path.join(base, 'clone');
    git(folder, 'checkout', '-q', 'main');
    git(base, 'clone', '-q', '--depth=1', '--no-single-branch', pathToFileURL(folder).href, clone);
    git(folder, 'checkout', '-q', 'feature/a');
    const cloned = await opened(clone);
    const known = await branches(cloned);
    assert.deepEqual(
      known.map(({ name, remote }) => `${name}${remote ? ' (remote)' : ''}`),
      ['main', 'origin/feature/a (remote)', 'origin/main (remote)'],
    );
    assert.equal((await mainBranch(cloned, known))?.name, 'main');
    assert.equal((await mainBranch(repository, await branches(repository)))?.name, 'main');
    assert.deepEqual(
      (await log(cloned, { file: 'train.py', most: 10 })).map(({ subject }) => subject),
      ['Elsewhere'],
    );
  });

  it('knows when the head moved, in a worktree too', async () => {
    const worktree = path.join(base, 'worktree');
    const before = await headMovedAt(repository);
    git(folder, 'worktree', 'add', '-q', worktree, 'main');
    const moved = await headMovedAt(await opened(worktree));
    assert.ok(before !== undefined && moved !== undefined && moved > before);
    assert.equal(await headMovedAt(repository), before);
  });
});
