import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { GitError } from '../../src/git/gitError';
import type { GitRepository } from '../../src/git/gitRepository';
import { openRepository } from '../../src/git/openRepository';
import { readPatch } from '../../src/git/patchText';
import { untrackedFiles, workingPatch } from '../../src/git/workingPatch';
import { commit, git, makeRepository, temporaryFolder, write } from './gitFixture';

const megabyte = 1024 * 1024;

async function opened(folder: string): Promise<GitRepository> {
  const repository = await openRepository(folder);
  assert.ok(repository);
  return repository;
}

/** Every file of a working tree, as bytes and mode. */
function contents(folder: string): Record<string, string> {
  const files = fs.readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true });
  return Object.fromEntries(
    files
      .filter((entry) => !entry.isDirectory() && !`${entry.parentPath}/`.includes('/.git/') && entry.name !== '.git')
      .map((entry) => {
        const file = path.join(entry.parentPath, entry.name);
        const link = entry.isSymbolicLink() ? fs.readlinkSync(file) : fs.readFileSync(file).toString('base64');
        return [path.relative(folder, file), `${(fs.lstatSync(file).mode & 0o100).toString(8)} ${link}`];
      }),
  );
}

describe('the patch of a working tree', function () {
  this.timeout(180_000);
  const base = temporaryFolder();
  let folder: string;
  let head: string;
  let count = 0;

  beforeEach(() => {
    folder = makeRepository(path.join(base, `repository ${++count}`));
    head = commit(folder, 'First', {
      'train.py': Array.from({ length: 40 }, (_, at) => `line ${at}\n`).join(''),
      'gone.py': 'gone\n',
      'old name.py': 'a file that moves\nwith two lines\n',
      'weights.bin': Buffer.from([0, 1, 2, 255, 254]),
      'latin.txt': Buffer.from('caf\xe9\n', 'latin1'),
      'src/größe.py': 'x = 1\n',
      'no newline.txt': 'end',
    });
  });

  /** Applies to a fresh clone at the commit and compares it with the folder, file by file. */
  async function assertApplies(untracked: readonly string[]): Promise<void> {
    const patch = await workingPatch(await opened(folder), { commit: head, untracked, maxBytes: megabyte });
    const clone = `${folder} clone`;
    git(base, 'clone', '-q', folder, clone);
    git(clone, 'checkout', '-q', head);
    const file = path.join(base, 'read back.patch');
    fs.writeFileSync(file, Buffer.concat([Buffer.from('# a comment before it\n'), patch]));
    git(clone, 'apply', '--check', file);
    git(clone, 'apply', file);
    assert.deepEqual(contents(clone), contents(folder));
  }

  it('applies cleanly: staged, not staged, binary, renamed, removed, modes, other encodings, untracked', async () => {
    write(folder, 'train.py', fs.readFileSync(path.join(folder, 'train.py'), 'utf8').replace('line 5', 'changed'));
    git(folder, 'add', 'train.py');
    fs.appendFileSync(path.join(folder, 'train.py'), 'not staged\n');
    fs.rmSync(path.join(folder, 'gone.py'));
    git(folder, 'mv', 'old name.py', 'new name.py');
    write(folder, 'weights.bin', Buffer.from(Array.from({ length: 3000 }, (_, at) => (at * 7919) % 256)));
    write(folder, 'latin.txt', Buffer.from('caf\xe9 \xfcber\n', 'latin1'));
    write(folder, 'src/größe.py', 'x = 2');
    write(folder, 'no newline.txt', 'end\nmore');
    fs.chmodSync(path.join(folder, 'train.py'), 0o755);
    write(folder, 'new dir/-dash "quote"\n.py', 'new = True\n');
    write(folder, 'blob', Buffer.from([0, 0, 7]));
    fs.symlinkSync('train.py', path.join(folder, 'link'));
    fs.symlinkSync('gone.py', path.join(folder, 'leads nowhere'));
    const status = git(folder, 'status', '--porcelain');
    await assertApplies((await untrackedFiles(await opened(folder))).map(({ file }) => file));
    assert.equal(git(folder, 'status', '--porcelain'), status, 'the index is as it was');
  });

  it('holds no untracked file that was not chosen, and is empty without any change', async () => {
    const repository = await opened(folder);
    write(folder, 'notes.txt', 'private\n');
    assert.equal((await workingPatch(repository, { commit: head, untracked: [], maxBytes: megabyte })).length, 0);
    assert.deepEqual(await untrackedFiles(repository), [{ file: 'notes.txt', size: 8 }]);
    write(folder, '.gitignore', '*.log\n');
    write(folder, 'a.log', 'ignored');
    git(folder, 'init', '-q', 'inner');
    commit(path.join(folder, 'inner'), 'Inside', { x: 'x' });
    const names = (await untrackedFiles(repository)).map(({ file }) => file);
    assert.deepEqual([...names].sort(), ['.gitignore', 'notes.txt']);
  });

  it('has one form, whatever the configuration says', async () => {
    for (const [key, value] of [
      ['diff.noprefix', 'true'],
      ['diff.mnemonicPrefix', 'true'],
      ['diff.context', '0'],
      ['diff.external', path.join(base, 'never')],
      ['diff.algorithm', 'histogram'],
      ['color.ui', 'always'],
      ['diff.submodule', 'log'],
      ['diff.renames', 'copies'],
    ])
      git(folder, 'config', key ?? '', value ?? '');
    write(folder, 'train.py', 'one line\n');
    write(folder, 'copy.py', 'a file that moves\nwith two lines\n');
    await assertApplies(['copy.py']);
  });

  it('sees a change of the same length in the second of the commit', async () => {
    for (let times = 0; times < 5; times++) {
      head = commit(folder, 'Before', { 'train.py': `a${times}\n` });
      write(folder, 'train.py', `b${times}\n`);
      const patch = await workingPatch(await opened(folder), { commit: head, untracked: [], maxBytes: megabyte });
      assert.match(patch.toString(), new RegExp(`\\+b${times}`));
    }
  });

  it('holds what a merge in conflict stands at', async () => {
    git(folder, 'checkout', '-q', '-b', 'other');
    commit(folder, 'Theirs', { 'train.py': 'theirs\n' });
    git(folder, 'checkout', '-q', 'main');
    head = commit(folder, 'Ours', { 'train.py': 'ours\n' });
    assert.throws(() => git(folder, 'merge', '-q', 'other'));
    await assertApplies([]);
  });

  it('is refused beyond the size allowed, and leaves nothing behind', async () => {
    const before = fs.readdirSync(path.join(base, '..')).filter((name) => name.startsWith('flowdeck-patch-'));
    write(folder, 'train.py', 'x\n'.repeat(5000));
    const refused: unknown = await workingPatch(await opened(folder), {
      commit: head,
      untracked: [],
      maxBytes: 1000,
    }).catch((error: unknown) => error);
    assert.ok(refused instanceof GitError && refused.kind === 'tooLarge');
    assert.match(refused.message, /The patch has 1\d kB, more than the 1 kB allowed/);
    const after = fs.readdirSync(path.join(base, '..')).filter((name) => name.startsWith('flowdeck-patch-'));
    assert.deepEqual(after, before);
  });

  it('is refused before git is asked where its untracked files can never fit, and while it is written', async () => {
    const repository = await opened(folder);
    const refusal = async (untracked: string, maxBytes: number) => {
      const options = { commit: head, untracked: [untracked], maxBytes };
      const refused: unknown = await workingPatch(repository, options).catch((error: unknown) => error);
      assert.ok(refused instanceof GitError && refused.kind === 'tooLarge', String(refused));
      return refused.message;
    };
    write(folder, 'zeros.bin', Buffer.alloc(2_000_000));
    assert.match(await refusal('zeros.bin', 1_000), /^The untracked files have 2,000 kB/);
    write(folder, 'long.txt', 'x\n'.repeat(15_000_000));
    assert.equal(await refusal('long.txt', 100_000), 'The patch has more than the 100 kB allowed.');
    const ending = new AbortController();
    setTimeout(() => ending.abort(), 50);
    const options = { commit: head, untracked: ['long.txt'], maxBytes: 1e9, signal: ending.signal };
    await assert.rejects(workingPatch(repository, options), { name: 'AbortError' });
  });

  it('is read as git means it', async () => {
    fs.rmSync(path.join(folder, 'gone.py'));
    git(folder, 'mv', 'old name.py', 'new name.py');
    write(folder, 'weights.bin', Buffer.from([0, 9]));
    write(folder, 'train.py', 'diff --git a/x b/x\n');
    const patch = await workingPatch(await opened(folder), { commit: head, untracked: [], maxBytes: megabyte });
    const files = readPatch(patch.toString('utf8'));
    assert.deepEqual(
      files.map(({ path: name, binary }) => `${name}${binary ? ' (binary)' : ''}`).sort(),
      execFileSync('git', ['diff', '--name-only', head], { cwd: folder, encoding: 'utf8' })
        .trim()
        .split('\n')
        .map((name) => (name === 'weights.bin' ? `${name} (binary)` : name))
        .sort(),
    );
  });
});
