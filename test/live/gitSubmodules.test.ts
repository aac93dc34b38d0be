import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { patchWorkingTree } from '../../src/git/applyPatch';
import { workingPatch } from '../../src/git/workingPatch';
import { addWorktree, leftIn, removeUnused, updateSubmodules } from '../../src/git/workingTrees';
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
