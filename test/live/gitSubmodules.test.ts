import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { patchWorkingTree } from '../../src/git/applyPatch';
import { updateSubmodules } from '../../src/git/submodules';
import { workingPatch } from '../../src/git/workingPatch';
import { addWorktree, leftIn, removeUnused } from '../../src/git/workingTrees';
import { Checkouts } from '../../src/projects/checkouts/checkouts';
import { allowFileSubmodules, commit, git, makeRepository, opened, temporaryFolder, write } from './gitFixture';

describe('a patch with submodules', function () {
  this.timeout(180_000);
  const base = temporaryFolder();
  const at = (name: string) => path.join(base, name);
  const main = at('main');
  const vendor = path.join(main, 'vendor');
  let [head, earlier, later] = ['', '', ''];
  allowFileSubmodules();

  beforeEach(() => {
    for (const made of ['main', 'library']) fs.rmSync(at(made), { recursive: true, force: true });
    const library = makeRepository(at('library'));
    earlier = commit(library, 'Library', { 'lib.py': '1\n' });
    later = commit(library, 'Later', { 'lib.py': '2\n' });
    makeRepository(main);
    commit(main, 'Main', { 'a.py': '1\n' });
    git(main, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', library, 'vendor');
    git(vendor, 'checkout', '-q', earlier);
    head = commit(main, 'Vendor', {});
  });

  const patchNow = async () => {
    const options = { commit: head, untracked: [], maxBytes: 1e6 };
    return (await workingPatch(await opened(main), options)).toString();
  };

  it('holds the commit that is checked out in one, and says which have changes inside that it does not hold', async () => {
    git(vendor, 'checkout', '-q', later);
    write(vendor, 'lib.py', 'edited\n');
    const patch = await patchNow();
    assert.match(patch, new RegExp(`-Subproject commit ${earlier}\n\\+Subproject commit ${later}\n`));
    assert.doesNotMatch(patch, /edited/);
    const { changes } = await (await opened(main)).state();
    assert.deepEqual([changes.unstaged, changes.submodules], [1, ['vendor']]);
    git(vendor, 'checkout', '-q', '.');
    assert.deepEqual((await (await opened(main)).state()).changes.submodules, []);
    git(vendor, 'checkout', '-q', earlier);
    write(vendor, 'new.py', 'untracked\n');
    assert.equal(await patchNow(), '');
    assert.deepEqual((await (await opened(main)).state()).changes.submodules, ['vendor']);
  });

  it('becomes a tree with that commit, also as MLflow writes it, marked as dirty', async () => {
    git(vendor, 'checkout', '-q', later);
    write(vendor, 'lib.py', 'edited\n');
    const repository = await opened(main);
    for (const patch of [await patchNow(), git(main, 'diff')]) {
      const tree = await repository.patched(head, patch);
      const [change] = await repository.reading(tree).changesBetween(head, tree);
      assert.deepEqual(change?.submodule, { from: earlier, to: later });
    }
  });

  it('is checked out with the submodule at that commit, and the folder can be taken away', async () => {
    git(vendor, 'checkout', '-q', later);
    write(main, 'a.py', 'changed\n');
    const patch = await patchNow();
    git(main, 'checkout', '-q', 'a.py');
    const repository = await opened(main);
    const folder = at('tree');
    await addWorktree(repository, folder, head);
    await patchWorkingTree(folder, patch);
    await updateSubmodules(folder);
    assert.equal(fs.readFileSync(path.join(folder, 'vendor', 'lib.py'), 'utf8'), '2\n');
    assert.equal(fs.readFileSync(path.join(folder, 'a.py'), 'utf8'), 'changed\n');
    const known = await leftIn(folder);
    write(folder, 'vendor/result.txt', 'left by a program\n');
    assert.equal(await removeUnused(repository, folder, known), false);
    fs.rmSync(path.join(folder, 'vendor', 'result.txt'));
    assert.equal(await removeUnused(repository, folder, known), true);
    assert.ok(!fs.existsSync(folder));
  });

  it('shows what is changed inside one as a change of the working tree', async () => {
    write(vendor, 'lib.py', 'edited\n');
    const [change, ...others] = await (await opened(main)).changesToWorkingTree(head);
    assert.deepEqual([change?.path, change?.submodule?.from, others], ['vendor', earlier, []]);
  });
});

describe('submodules in a working tree for a launch', function () {
  this.timeout(180_000);
  const base = temporaryFolder();
  const at = (name: string) => path.join(base, name);
  const main = at('main');
  const checkouts = new Checkouts(() => at('storage'));
  const read = (root: string, file: string) => fs.readFileSync(path.join(root, ...file.split('/')), 'utf8');
  const add = (root: string, from: string, name: string) =>
    git(root, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', from, name);
  const gone = (name: string) => fs.renameSync(at(name), at(`${name}.gone`));
  let head = '';
  allowFileSubmodules();

  before(() => {
    commit(makeRepository(at('inner')), 'Inner', { 'inner.py': 'inner\n' });
    commit(makeRepository(at('library')), 'Library', { 'lib.py': '1\n', '.gitignore': 'outputs/\n' });
    add(at('library'), '../inner', 'deep/inner');
    commit(at('library'), 'Inner', {});
    commit(makeRepository(main), 'Main', { 'a.py': '1\n' });
    add(main, at('library'), 'libs/library');
    head = commit(main, 'Library', {});
    git(main, '-c', 'protocol.file.allow=always', 'submodule', 'update', '--init', '--recursive');
  });

  const made = async () => checkouts.atCommit(await opened(main), '', head, undefined);

  it('come from the open folder, and from nowhere else where it has their commits', async () => {
    for (const name of ['library', 'inner']) gone(name);
    const config = read(main, '.git/config');
    const tree = await made();
    assert.equal(read(tree.root, 'libs/library/lib.py'), '1\n');
    assert.equal(read(tree.root, 'libs/library/deep/inner/inner.py'), 'inner\n');
    assert.equal(git(path.join(tree.root, 'libs/library'), 'remote', 'get-url', 'origin'), at('library'));
    assert.equal(await tree.release(), true);
    assert.ok(!fs.existsSync(tree.root));
    assert.deepEqual([read(main, '.git/config'), git(main, 'status', '--porcelain')], [config, '']);
  });

  it('come from there also where they have another name by now, or none', async () => {
    git(main, 'mv', 'libs/library', 'vendor');
    commit(main, 'Another name', {});
    const renamed = await made();
    assert.equal(read(renamed.root, 'libs/library/deep/inner/inner.py'), 'inner\n');
    assert.equal(await renamed.release(), true);
    git(main, 'rm', '-q', 'vendor');
    fs.rmSync(path.join(main, 'vendor'), { recursive: true, force: true });
    commit(main, 'Gone', {});
    const removed = await made();
    assert.equal(read(removed.root, 'libs/library/deep/inner/inner.py'), 'inner\n');
    assert.equal(await removed.release(), true);
    git(main, 'reset', '-q', '--hard', head);
    git(main, 'submodule', 'update', '--recursive');
  });

  it('write nothing into the configuration of a repository that has none of them checked out', async () => {
    for (const name of ['library', 'inner']) fs.renameSync(at(`${name}.gone`), at(name));
    const bare = at('plain clone');
    git(base, 'clone', '-q', main, bare);
    const config = read(bare, '.git/config');
    const tree = await checkouts.atCommit(await opened(bare), '', head, undefined);
    assert.equal(read(tree.root, 'libs/library/deep/inner/inner.py'), 'inner\n');
    assert.equal(await tree.release(), true);
    const kept = at('kept tree');
    await addWorktree(await opened(bare), kept, head);
    await updateSubmodules(kept);
    assert.equal(read(kept, 'libs/library/lib.py'), '1\n');
    assert.equal(git(kept, 'status', '--porcelain'), '');
    assert.deepEqual([read(bare, '.git/config'), git(bare, 'status', '--porcelain')], [config, '']);
    git(bare, 'worktree', 'remove', '--force', kept);
    for (const name of ['library', 'inner']) gone(name);
  });

  it('keep what a program left in them, also what they tell git to ignore', async () => {
    const tree = await made();
    const file = path.join(tree.root, 'libs', 'library', 'outputs', 'model.bin');
    write(path.dirname(file), 'model.bin', 'trained\n');
    assert.equal(await tree.release(), false);
    assert.ok(fs.existsSync(file));
    await tree.settle();
    assert.equal(await tree.release(), true);
  });

  it('come from their address where the open folder has no such commit', async () => {
    for (const name of ['library', 'inner']) fs.renameSync(at(`${name}.gone`), at(name));
    const newer = commit(at('library'), 'Newer', { 'lib.py': '2\n' });
    git(main, 'update-index', '--add', '--cacheinfo', `160000,${newer},libs/library`);
    git(main, 'commit', '-q', '-m', 'Newer library');
    const tree = await checkouts.atCommit(await opened(main), '', 'HEAD', undefined);
    assert.equal(read(tree.root, 'libs/library/lib.py'), '2\n');
    assert.equal(read(tree.root, 'libs/library/deep/inner/inner.py'), 'inner\n');
    assert.equal(await tree.release(), true);
  });
});
