import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { emptyTree } from '../../src/git/changedFiles';
import { GitError } from '../../src/git/gitError';
import { addWorktree, listWorktrees, removeWorktree } from '../../src/git/workingTrees';
import { commit, git, makeRepository, opened, rejectsWith, temporaryFolder, write } from './gitFixture';

const lines = (...texts: string[]) => texts.map((text) => `${text}\n`).join('');

describe('what changed, on real repositories', function () {
  this.timeout(180_000);
  const base = temporaryFolder();
  const at = (name: string) => path.join(base, name);

  it('tells added, deleted, renamed and binary files apart, with names git would quote', async () => {
    const folder = makeRepository(at('kinds'));
    const long = lines('one', 'two', 'three', 'four', 'five');
    const first = commit(folder, 'First', {
      'gone.py': 'gone\n',
      'old "name".py': long,
      'same.py': '1\n',
      'b.bin': 'a\0b',
    });
    fs.rmSync(path.join(folder, 'gone.py'));
    git(folder, 'mv', 'old "name".py', 'new\tname ü.py');
    write(folder, 'new\tname ü.py', `${long}six\n`);
    const second = commit(folder, 'Second', { '--output=x.py': '1\n2\n', 'b.bin': 'a\0c' });
    const files = await (await opened(folder)).changesBetween(first, second);
    assert.deepEqual(
      [...files].sort((a, b) => (a.path < b.path ? -1 : 1)),
      [
        { kind: 'added', path: '--output=x.py', added: 2, removed: 0 },
        { kind: 'modified', path: 'b.bin' },
        { kind: 'deleted', path: 'gone.py', added: 0, removed: 1 },
        { kind: 'renamed', path: 'new\tname ü.py', oldPath: 'old "name".py', added: 1, removed: 0 },
      ],
    );
    assert.ok(!fs.existsSync(path.join(folder, 'x.py')));
  });

  it('compares with the working tree, untracked files included and ignored ones not', async () => {
    const folder = makeRepository(at('tree'));
    const first = commit(folder, 'First', { 'a.py': '1\n', 'b.py': '1\n', '.gitignore': '*.log\n' });
    commit(folder, 'Second', { 'a.py': '2\n' });
    fs.rmSync(path.join(folder, 'b.py'));
    write(folder, 'deep/new file.py', '1\n');
    write(folder, 'noise.log', '1\n');
    const files = await (await opened(folder)).changesToWorkingTree(first);
    assert.deepEqual(files, [
      { kind: 'modified', path: 'a.py', added: 1, removed: 1 },
      { kind: 'deleted', path: 'b.py', added: 0, removed: 1 },
      { kind: 'added', path: 'deep/new file.py' },
    ]);
  });

  it('names the commits of a submodule that moved', async () => {
    const library = makeRepository(at('library'));
    const before = commit(library, 'Library', { 'lib.py': '1' });
    const folder = makeRepository(at('super'));
    commit(folder, 'Super', { 'a.py': '1' });
    git(folder, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', library, 'vendor');
    git(folder, 'commit', '-q', '-m', 'Vendor');
    const first = git(folder, 'rev-parse', 'HEAD');
    const after = commit(path.join(folder, 'vendor'), 'Moved', { 'lib.py': '2' });
    const repository = await opened(folder);
    const moved = { kind: 'modified', path: 'vendor', added: 1, removed: 1 };
    const [live] = await repository.changesToWorkingTree(first);
    assert.deepEqual({ ...live, submodule: live?.submodule?.from }, { ...moved, submodule: before });
    const second = commit(folder, 'Bump', {});
    assert.deepEqual(await repository.changesBetween(first, second), [
      { ...moved, submodule: { from: before, to: after } },
    ]);
  });

  it('reads a merge with all its parents, a root without any, and the message whole', async () => {
    const folder = makeRepository(at('merge'));
    const root = commit(folder, 'Root\n\nWith a body: <b>.', { 'a.py': '1\n' });
    git(folder, 'checkout', '-q', '-b', 'side');
    const side = commit(folder, 'Side', { 'b.py': '1\n' });
    git(folder, 'checkout', '-q', 'main');
    const main = commit(folder, 'Main', { 'c.py': '1\n' });
    git(folder, 'merge', '-q', '-m', 'Merge side', 'side');
    const repository = await opened(folder);
    const merge = git(folder, 'rev-parse', 'HEAD');
    assert.deepEqual((await repository.details(merge)).parents, [main, side]);
    const details = await repository.details(root);
    assert.deepEqual(details.parents, []);
    assert.equal(details.message, 'Root\n\nWith a body: <b>.');
    assert.equal(details.author.email, 'ada@example.org');
    const files = await repository.changesBetween(emptyTree(root), root);
    assert.deepEqual(files, [{ kind: 'added', path: 'a.py', added: 1, removed: 0 }]);
    await assert.rejects(repository.details('e'.repeat(40)), GitError);
  });

  it('reads many files of a commit at once, whatever they are called', async () => {
    const folder = makeRepository(at('many'));
    const names = ['a.py', 'pkg/ü b.py', '--batch.py', 'line\nend.py'];
    const first = commit(folder, 'Files', {
      ...Object.fromEntries(names.map((name) => [name, name])),
      'big.py': 'x'.repeat(2000),
    });
    const files = await (await opened(folder)).readFiles(first, [...names, 'big.py', 'absent.py'], 1000);
    assert.deepEqual(
      [...files].map(([name, content]) => [name, content.toString()]),
      names.slice(0, 3).map((name) => [name, name]),
    );
  });

  it('knows which commits of a shallow clone are there', async () => {
    const origin = makeRepository(at('deep'));
    const first = commit(origin, 'First', { 'a.py': '1' });
    const second = commit(origin, 'Second', { 'a.py': '2' });
    git(base, 'clone', '-q', '--depth=1', pathToFileURL(origin).href, at('shallow'));
    const repository = await opened(at('shallow'));
    const present = await repository.present([first, second, second.slice(0, 8)]);
    assert.deepEqual(
      [...present],
      [
        [second, second],
        [second.slice(0, 8), second],
      ],
    );
    assert.deepEqual((await repository.details(second)).parents, [first]);
    await assert.rejects(repository.changesBetween(first, second), rejectsWith('notFound'));
  });

  describe('a new worktree', () => {
    it('is made at a commit on no branch, runs no hook, and goes away without a trace', async () => {
      const folder = makeRepository(at('worktree'));
      const first = commit(folder, 'First', { 'a.py': '1\n' });
      commit(folder, 'Second', { 'a.py': '2\n' });
      write(folder, '.git/hooks/post-checkout', `#!/bin/sh\ntouch '${at('hooked')}'\n`);
      fs.chmodSync(path.join(folder, '.git/hooks/post-checkout'), 0o755);
      const repository = await opened(folder);
      const target = at('--force $(touch pwned) `x`');
      await addWorktree(repository, target, first);
      assert.equal(fs.readFileSync(path.join(target, 'a.py'), 'utf8'), '1\n');
      assert.ok(!fs.existsSync(at('hooked')));
      assert.deepEqual((await listWorktrees(repository)).slice(1), [{ folder: target, commit: first }]);
      assert.equal((await (await opened(target)).state()).branch, undefined);
      write(target, 'a.py', 'changed\n');
      await removeWorktree(repository, target);
      assert.ok(!fs.existsSync(target));
      assert.equal((await listWorktrees(repository)).length, 1);
      await assert.rejects(addWorktree(repository, 'relative', first), rejectsWith('badArgument'));
    });
  });

  it('reads no argument as an option, whatever it is', async () => {
    const folder = makeRepository(at('hostile'));
    const first = commit(folder, 'First', { 'a.py': '1\n' });
    const repository = await opened(folder);
    const hostile = fc.oneof(
      fc.constantFrom('--output=pwned', '-o', '--exec=touch pwned', 'HEAD', '$(touch pwned)', 'a'.repeat(6), ''),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(hostile, async (text) => {
        if (/^[0-9a-f]{7,64}$/i.test(text.trim())) return;
        for (const ask of [
          () => repository.changesBetween(first, text),
          () => repository.changesBetween(text, first),
          () => repository.changesToWorkingTree(text),
          () => repository.details(text),
          () => repository.present([text]),
          () => repository.readFiles(text, ['a.py'], 10),
          () => addWorktree(repository, at('never'), text),
        ])
          await assert.rejects(ask, rejectsWith('badArgument'));
      }),
      { numRuns: 50 },
    );
    assert.deepEqual(fs.readdirSync(folder).sort(), ['.git', 'a.py']);
    assert.ok(!fs.existsSync(at('never')));
  });
});
