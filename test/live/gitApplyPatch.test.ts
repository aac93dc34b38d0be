import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { patchWorkingTree } from '../../src/git/applyPatch';
import { GitError } from '../../src/git/gitError';
import type { GitRepository } from '../../src/git/gitRepository';
import { openRepository } from '../../src/git/openRepository';
import { workingPatch } from '../../src/git/workingPatch';
import { commit, git, makeRepository, temporaryFolder, write } from './gitFixture';

const refused = (error: unknown) => {
  assert.ok(error instanceof GitError, String(error));
  assert.equal(error.kind, 'patch', error.message);
  return true;
};
const numbered = (changed: Readonly<Record<number, string>> = {}) =>
  Array.from({ length: 30 }, (_, line) => `${changed[line] ?? `line ${line}`}\n`).join('');

/** Everything git keeps and everything in the folder but Flowdeck's own, so that a test sees whatever is written. */
function everything(folder: string): Record<string, string> {
  const files = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return Object.fromEntries(
    files
      .filter((file) => !file.startsWith(path.join('.git', 'flowdeck')))
      .filter((file) => fs.lstatSync(path.join(folder, file)).isFile())
      .map((file) => [file, fs.readFileSync(path.join(folder, file)).toString('base64')]),
  );
}

describe('a patch on a commit', function () {
  this.timeout(180_000);
  const base = temporaryFolder();
  let folder = '';
  let first = '';
  let repository: GitRepository;

  beforeEach(async () => {
    folder = makeRepository(fs.mkdtempSync(path.join(base, 'repo:"x" ')));
    first = commit(folder, 'First', { 'a.py': numbered(), 'b.py': numbered(), 'data.bin': Buffer.from([0, 1, 2]) });
    const found = await openRepository(folder);
    assert.ok(found);
    repository = found;
  });

  const read = async (tree: string, file: string) => (await repository.reading(tree).readFile(tree, file)).toString();

  it('becomes a tree, and nothing of the repository is written to', async () => {
    write(folder, 'a.py', numbered({ 3: 'patched' }));
    write(folder, 'sub/new.py', 'new\n');
    write(folder, 'data.bin', Buffer.from([0, 9, 9, 9]));
    fs.rmSync(path.join(folder, 'b.py'));
    git(folder, 'add', '-A');
    const patch = `${git(folder, 'diff', '--binary', '--cached')}\n`;
    git(folder, 'reset', '-q', '--hard');
    write(folder, 'a.py', 'work in progress\n');
    const before = everything(folder);
    const tree = await repository.patched(first, patch);
    assert.equal(await read(tree, 'a.py'), numbered({ 3: 'patched' }));
    assert.equal(await read(tree, 'sub/new.py'), 'new\n');
    assert.deepEqual([...(await repository.reading(tree).listFiles(tree))], ['a.py', 'data.bin', 'sub/new.py']);
    const changes = await repository.reading(tree).changesBetween(first, tree);
    assert.deepEqual(
      changes.map(({ kind, path }) => `${kind} ${path}`),
      ['modified a.py', 'deleted b.py', 'modified data.bin', 'added sub/new.py'],
    );
    assert.deepEqual(everything(folder), before);
    const kept = path.join(folder, '.git', 'flowdeck', 'trees');
    assert.deepEqual(fs.readdirSync(kept), [tree]);
    assert.ok(!fs.existsSync(path.join(kept, tree, 'index')));
    // Only through the other objects can it be read.
    await assert.rejects(repository.readFile(tree, 'a.py'), GitError);
  });

  it('brings back the bytes of files in any encoding, their names too', async () => {
    const latin = (text: string) => Buffer.from(text, 'latin1');
    const name = 'caf\u00e9.txt';
    write(folder, name, latin('un caf\xe9\nsans lait\n'));
    write(folder, 'plain.txt', 'one\n');
    const head = commit(folder, 'Latin', {});
    write(folder, name, latin('un caf\xe9\navec cr\xe8me\n'));
    write(folder, 'plain.txt', latin('one\ncaf\xe9\n'));
    write(folder, 'wide.txt', Buffer.from('un caf\u00e9\n', 'utf16le'));
    const untracked = ['wide.txt'];
    const patch = await workingPatch(repository, { commit: head, untracked, maxBytes: 1e6 });
    const tree = await repository.patched(head, patch);
    const stored = (file: string) => repository.reading(tree).readFile(tree, file);
    for (const file of [name, 'plain.txt', 'wide.txt'])
      assert.deepEqual(await stored(file), fs.readFileSync(path.join(folder, file)), file);
    git(folder, 'worktree', 'add', '-q', '--detach', `${folder} tree`, head);
    await patchWorkingTree(`${folder} tree`, patch);
    for (const file of [name, 'plain.txt', 'wide.txt'])
      assert.deepEqual(fs.readFileSync(path.join(`${folder} tree`, file)), fs.readFileSync(path.join(folder, file)));
  });

  it('is what MLflow records: not staged before staged, without a line end', async () => {
    write(folder, 'a.py', numbered({ 3: 'staged' }));
    write(folder, 'b.py', numbered({ 1: 'staged too' }));
    write(folder, 'new.py', 'staged\n');
    git(folder, 'add', '-A');
    write(folder, 'a.py', numbered({ 3: 'staged, then changed' }));
    write(folder, 'new.py', 'staged, then changed\n');
    const patch = `${git(folder, 'diff')}\n${git(folder, 'diff', '--cached')}`;
    const tree = await repository.patched(first, patch);
    assert.equal(await read(tree, 'a.py'), numbered({ 3: 'staged, then changed' }));
    assert.equal(await read(tree, 'b.py'), numbered({ 1: 'staged too' }));
    assert.equal(await read(tree, 'new.py'), 'staged, then changed\n');
  });

  it('is refused when it was cut short, belongs elsewhere or is none', async () => {
    write(folder, 'a.py', numbered({ 3: 'patched', 25: 'patched' }));
    const patch = git(folder, 'diff');
    git(folder, 'checkout', '-q', '.');
    await assert.rejects(repository.patched(first, patch.slice(0, -60)), refused);
    await assert.rejects(repository.patched(first, patch.replaceAll('line 2', 'other')), refused);
    for (const none of ['', 'hello', '\0'])
      await assert.rejects(repository.patched(first, none), refused, JSON.stringify(none));
  });

  it('reaches no file outside, neither by its name nor through a link', async () => {
    const victim = path.join(base, 'victim');
    fs.writeFileSync(victim, 'safe\n');
    const names = [
      '../victim',
      '/victim',
      '.git/config',
      '.git/hooks/pre-commit',
      'a/../../victim',
      '.GIT/config',
      victim,
    ];
    for (const name of names) {
      const patch = `diff --git a/${name} b/${name}\nnew file mode 100755\n--- /dev/null\n+++ b/${name}\n@@ -0,0 +1 @@\n+x\n`;
      await assert.rejects(patchWorkingTree(folder, patch), refused, name);
      await assert.rejects(repository.patched(first, patch), refused, name);
    }
    const link = `diff --git a/out b/out\nnew file mode 120000\n--- /dev/null\n+++ b/out\n@@ -0,0 +1 @@\n+${base}\n\\ No newline at end of file\ndiff --git a/out/victim b/out/victim\n--- a/out/victim\n+++ b/out/victim\n@@ -1 +1 @@\n-safe\n+pwned\n`;
    await assert.rejects(patchWorkingTree(folder, link), refused);
    assert.equal(fs.readFileSync(victim, 'utf8'), 'safe\n');
    assert.ok(!fs.existsSync(path.join(folder, 'out')));
  });

  it('changes nothing when it is arbitrary text', async () => {
    const before = everything(folder);
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'diff --git a/a.py b/a.py',
        '--- a/a.py',
        '+++ b/a.py',
        '@@ -1 +1 @@',
        '-line 0',
        'rename to ../x',
      ),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1 }), async (pieces) => {
        await repository.patched(first, `diff --git ${pieces.join('\n')}`).catch((error: unknown) => {
          if (!(error instanceof GitError)) throw error;
        });
      }),
      { numRuns: 25 },
    );
    assert.deepEqual(everything(folder), before);
  });
});
