import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { GitRepository } from '../../src/git/gitRepository';
import { pruneTrees } from '../../src/git/patchStore';
import { commit, git, makeRepository, opened, temporaryFolder, write } from './gitFixture';

const day = 86_400_000;

describe('the objects of applied patches', function () {
  this.timeout(180_000);
  const base = temporaryFolder();
  let folder = '';
  let first = '';
  let repository: GitRepository;

  beforeEach(async () => {
    folder = makeRepository(fs.mkdtempSync(path.join(base, 'repo')));
    first = commit(folder, 'First', { 'a.py': '1\n' });
    repository = await opened(folder);
  });

  const store = () => path.join(folder, '.git', 'flowdeck', 'trees');
  const patched = async (text: string) => {
    write(folder, 'a.py', `${text}\n`);
    const patch = `${git(folder, 'diff')}\n`;
    git(folder, 'checkout', '-q', '.');
    return repository.patched(first, patch);
  };
  const unusedFor = (tree: string, ms: number) => {
    const then = new Date(Date.now() - ms);
    fs.utimesSync(path.join(store(), tree), then, then);
  };
  const read = async (tree: string) => (await repository.reading(tree).readFile(tree, 'a.py')).toString();

  it('go when nobody read them for a month, and reading keeps them', async () => {
    const [old, used] = [await patched('old'), await patched('used')];
    unusedFor(old, 31 * day);
    unusedFor(used, 31 * day);
    assert.equal(await read(used), 'used\n');
    const fresh = await patched('fresh');
    await pruneTrees(repository.commonDir);
    assert.deepEqual(fs.readdirSync(store()).sort(), [fresh, used].sort());
    assert.equal(await read(used), 'used\n');
    await assert.rejects(read(old));
    assert.equal(await patched('old'), old, 'the same patch brings the same tree back');
    assert.equal(await read(old), 'old\n');
  });

  it('are looked through with the first patch of a session', async () => {
    const folders = ['aaaa', 'bbbb'].map((name) => path.join(store(), name.repeat(10)));
    for (const folder of folders) fs.mkdirSync(folder, { recursive: true });
    unusedFor(path.basename(folders[0] ?? ''), 31 * day);
    const tree = await patched('first');
    assert.deepEqual(fs.readdirSync(store()).sort(), [tree, path.basename(folders[1] ?? '')].sort());
  });

  it('go when they are too many or too large, the longest unused first, and never those of today', async () => {
    const trees = [await patched('one'), await patched('two'), await patched('three')];
    trees.forEach((tree, at) => void unusedFor(tree, (4 - at) * day));
    const today = await patched('today');
    const limits = { forMs: 30 * day, atLeastMs: day, bytes: 1e9, trees: 3 };
    await pruneTrees(repository.commonDir, Date.now(), limits);
    assert.deepEqual(fs.readdirSync(store()).sort(), [...trees.slice(1), today].sort());
    await pruneTrees(repository.commonDir, Date.now(), { ...limits, bytes: 1 });
    assert.deepEqual(fs.readdirSync(store()), [today]);
    assert.equal(await read(today), 'today\n');
  });

  it('are made once when two ask for them at the same time, and what was broken off leaves nothing', async () => {
    write(folder, 'a.py', 'twice\n');
    const patch = `${git(folder, 'diff')}\n`;
    const [tree, same] = await Promise.all([repository.patched(first, patch), repository.patched(first, patch)]);
    assert.equal(tree, same);
    await assert.rejects(repository.patched(first, patch.replace('-1', '-other')));
    await assert.rejects(repository.patched(first, patch, AbortSignal.abort()), { name: 'AbortError' });
    assert.deepEqual(fs.readdirSync(store()), [tree]);
    assert.equal(await read(tree), 'twice\n');
  });
});
