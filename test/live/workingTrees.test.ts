import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { patchWorkingTree } from '../../src/git/applyPatch';
import { GitError } from '../../src/git/gitError';
import { addWorktree, commitsBetween, leftIn, removeUnused, resolveVersion } from '../../src/git/workingTrees';
import { Checkouts } from '../../src/projects/checkouts/checkouts';
import { isKind, TreesFixture } from './treesFixture';

describe('working trees for launches', () => {
  const fixture = new TreesFixture();
  const { base, root, git, ids } = fixture;

  it('are of a branch, a tag or an id, and of nothing that git could read as something else', async () => {
    assert.deepEqual(
      await Promise.all(
        ['main', 'v1', ids.first.slice(0, 9), 'HEAD~1'].map((version) => resolveVersion(fixture.repository, version)),
      ),
      [ids.third, ids.first, ids.first, ids.second],
    );
    await assert.rejects(resolveVersion(fixture.repository, 'nowhere'), isKind('notFound'));
    for (const bad of ['', '--all', '-x', 'a b', 'a\nb', 'x\0'])
      await assert.rejects(resolveVersion(fixture.repository, bad), isKind('badArgument'));
  });

  it('are of a branch that another remote than origin has, where it is the only one, and say so of a repository without commits', async () => {
    const clone = path.join(base, 'clone');
    git('clone', '-q', root, clone);
    const inClone = (...args: string[]) => execFileSync('git', args, { cwd: clone, encoding: 'utf8' }).trim();
    inClone('update-ref', 'refs/remotes/ada/topic', ids.first);
    inClone('update-ref', 'refs/remotes/bob/topic', ids.first);
    inClone('remote', 'add', 'ada', root);
    inClone('remote', 'add', 'bob', root);
    const at = { root: clone };
    assert.equal(await resolveVersion(at, 'topic'), ids.first);
    inClone('update-ref', 'refs/remotes/bob/topic', ids.second);
    await assert.rejects(
      resolveVersion(at, 'topic'),
      /topic may be any of ada\/topic, bob\/topic\. Name one of them\./,
    );
    assert.equal(await resolveVersion(at, 'bob/topic'), ids.second);
    inClone('update-ref', 'refs/remotes/origin/topic', ids.third);
    assert.equal(await resolveVersion(at, 'topic'), ids.third);
    const empty = path.join(base, 'empty');
    fs.mkdirSync(empty);
    execFileSync('git', ['init', '-q'], { cwd: empty });
    await assert.rejects(
      resolveVersion({ root: empty }, 'main'),
      /^GitError: empty has no commits yet\. Commit first\.$/,
    );
  });

  describe('of a version that only a remote has', () => {
    const clone = path.join(base, 'behind');
    const other = path.join(base, 'other');
    const at = (folder: string, ...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=a@x', ...args], {
        cwd: folder,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      }).trim();
    const refs = () => at(clone, 'for-each-ref');
    const checkouts = new Checkouts(() => path.join(base, 'behind storage'));
    const told: string[] = [];
    const launched = async (version: string) => {
      told.length = 0;
      const tree = await checkouts.ofFolder(clone, version, undefined, (remote) => void told.push(remote));
      assert.equal(await tree.release(), true);
      return tree.commit;
    };
    let topic = '';

    before(() => {
      git('clone', '-q', '--depth=1', `file://${encodeURI(root)}`, clone);
      git('clone', '-q', root, other);
      at(other, 'checkout', '-q', '-b', 'topic/one');
      fs.writeFileSync(path.join(other, 'topic.txt'), 'x');
      at(other, 'add', '-A');
      at(other, 'commit', '-q', '-m', 'topic');
      topic = at(other, 'rev-parse', 'HEAD');
      at(other, 'tag', '-a', 'v2', '-m', 'two', topic);
      at(clone, 'remote', 'add', 'ada', `file://${encodeURI(other)}`);
    });

    it('fetch it by its branch, its tag or its id, and leave all names and the depth as they are', async () => {
      const before = refs();
      assert.deepEqual([await launched('topic/one'), told], [topic, ['ada']]);
      assert.deepEqual([await launched('v1'), told], [ids.first, ['origin']]);
      assert.deepEqual([await launched('v2'), told], [topic, ['ada']]);
      assert.deepEqual([await launched(ids.second), told], [ids.second, ['origin']]);
      assert.deepEqual([await launched(ids.second), told], [ids.second, []], 'it is here by now');
      assert.deepEqual([refs(), at(clone, 'rev-parse', '--is-shallow-repository')], [before, 'true']);
    });

    it('say what is nowhere, and which remote could not be asked', async () => {
      await assert.rejects(launched('mian'), /^GitError: behind has no commit, branch or tag mian\.$/);
      await assert.rejects(launched('*'), isKind('notFound'));
      at(clone, 'remote', 'set-url', 'ada', 'http://127.0.0.1:1/x.git');
      await assert.rejects(launched('mian'), (error: unknown) => {
        assert.ok(error instanceof GitError);
        assert.equal(error.kind, 'network');
        assert.match(error.message, /^behind has no .* mian, and its remote ada could not be asked for it: /);
        return true;
      });
      assert.equal(await launched('v1'), ids.first, 'a remote that does not answer is in the way of no other');
      assert.deepEqual(fs.readdirSync(path.join(base, 'behind storage', 'worktrees')), []);
    });
  });

  it('are taken away half made where git was ended, at once or when the next one is made, and never that of somebody else', async () => {
    const storage = path.join(base, 'halves');
    const trees = path.join(storage, 'worktrees');
    const checkouts = new Checkouts(() => storage);
    const made = async () => checkouts.atCommit(fixture.repository, '', ids.first, undefined);
    /** As git leaves it when it is killed: locked, with a part of the files. */
    const half = async (folder: string, ageMs: number) => {
      await addWorktree(fixture.repository, folder, ids.first);
      fs.rmSync(path.join(folder, 'project'), { recursive: true });
      const lock = path.join(root, '.git', 'worktrees', path.basename(folder), 'locked');
      fs.writeFileSync(lock, 'initializing');
      const then = new Date(Date.now() - ageMs);
      fs.utimesSync(lock, then, then);
    };
    assert.equal(await (await made()).release(), true);
    const hour = 3_600_000;
    await half(path.join(trees, 'killed'), hour);
    await half(path.join(trees, 'busy'), 60_000);
    await half(path.join(base, 'theirs'), hour);
    const next = await made();
    assert.deepEqual(fs.readdirSync(trees).sort(), ['busy', path.basename(next.root)].sort());
    const listed = git('worktree', 'list', '--porcelain');
    assert.deepEqual(
      ['killed', 'busy', 'theirs'].map((name) => listed.includes(`/${name}\n`)),
      [false, true, true],
    );
    assert.equal(await next.release(), true);
    // Git that dies while it writes the files: a filter of the repository kills it.
    const script = path.join(base, 'kill.sh');
    fs.writeFileSync(script, '#!/bin/sh\nkill -9 $(ps -o ppid= -p $PPID)\nsleep 1\n', { mode: 0o755 });
    fs.writeFileSync(path.join(root, '.git', 'info', 'attributes'), '*.txt filter=killer\n');
    git('config', 'filter.killer.smudge', script);
    git('config', 'filter.killer.required', 'true');
    try {
      await assert.rejects(checkouts.atCommit(fixture.repository, '', ids.third, undefined), GitError);
      assert.deepEqual(fs.readdirSync(trees), ['busy']);
      assert.deepEqual(fs.readdirSync(path.join(root, '.git', 'worktrees')).sort(), ['busy', 'theirs']);
    } finally {
      fs.rmSync(path.join(root, '.git', 'info', 'attributes'));
      git('config', '--remove-section', 'filter.killer');
    }
    for (const folder of [path.join(trees, 'busy'), path.join(base, 'theirs')])
      git('worktree', 'remove', '--force', '--force', folder);
  });

  it('go when nothing was left in them, and stay for what a program left, ignored or not', async () => {
    const tree = path.join(base, 'tree');
    const open = async () => {
      await addWorktree(fixture.repository, tree, ids.first);
      assert.equal(fs.readFileSync(path.join(tree, 'project', 'MLproject'), 'utf8'), 'one\n');
    };
    await open();
    fs.mkdirSync(path.join(tree, '__pycache__'));
    fs.writeFileSync(path.join(tree, '__pycache__', 'x.pyc'), 'x');
    assert.equal(await removeUnused(fixture.repository, tree), true);
    assert.equal(fs.existsSync(tree), false);
    for (const left of ['result.txt', 'ignored', 'project/MLproject']) {
      await open();
      fs.writeFileSync(path.join(tree, left), 'left');
      assert.equal(await removeUnused(fixture.repository, tree), false, left);
      assert.equal(fs.existsSync(path.join(tree, left)), true);
      assert.equal(await removeUnused(fixture.repository, tree, await leftIn(tree)), true);
    }
    await open();
    // Deleted by hand, and made once more.
    fs.rmSync(tree, { recursive: true });
    await open();
    assert.equal(await removeUnused(fixture.repository, tree), true);
    assert.deepEqual([git('status', '--porcelain'), git('rev-parse', '--abbrev-ref', 'HEAD')], ['', 'main']);
  });

  it('leave alone what links in them lead to', async () => {
    const [tree, data] = [path.join(base, 'linked'), path.join(base, 'data')];
    fs.mkdirSync(data);
    fs.writeFileSync(path.join(data, 'in.txt'), 'data');
    await addWorktree(fixture.repository, tree, ids.first);
    fs.mkdirSync(path.join(tree, 'deep'));
    fs.symlinkSync(data, path.join(tree, 'deep', 'data'), 'junction');
    fs.symlinkSync(data, path.join(tree, 'ignored'), 'junction');
    assert.equal(await removeUnused(fixture.repository, tree), false);
    assert.equal(await removeUnused(fixture.repository, tree, await leftIn(tree)), true);
    assert.deepEqual([fs.existsSync(tree), fs.readFileSync(path.join(data, 'in.txt'), 'utf8')], [false, 'data']);
  });

  it('take a patch that fits, and none that leads out of them', async () => {
    const tree = path.join(base, 'patched');
    await addWorktree(fixture.repository, tree, ids.first);
    await patchWorkingTree(
      tree,
      'diff --git a/project/MLproject b/project/MLproject\n--- a/project/MLproject\n+++ b/project/MLproject\n@@ -1 +1 @@\n-one\n+changed\n',
    );
    assert.equal(fs.readFileSync(path.join(tree, 'project', 'MLproject'), 'utf8'), 'changed\n');
    const outside =
      'diff --git a/../evil.txt b/../evil.txt\nnew file mode 100644\n--- /dev/null\n+++ b/../evil.txt\n@@ -0,0 +1 @@\n+evil\n';
    await assert.rejects(patchWorkingTree(tree, outside), GitError);
    await assert.rejects(patchWorkingTree(tree, 'no patch at all\n'), GitError);
    assert.equal(fs.existsSync(path.join(base, 'evil.txt')), false);
    assert.equal(await removeUnused(fixture.repository, tree, await leftIn(tree)), true);
  });

  it('have the commits between two along first parents, where one comes from the other', async () => {
    assert.deepEqual(await commitsBetween(fixture.repository, ids.first, ids.third), [ids.second, ids.third]);
    assert.deepEqual(await commitsBetween(fixture.repository, ids.first.slice(0, 8), ids.first), []);
    assert.equal(await commitsBetween(fixture.repository, ids.third, ids.first), undefined);
    await assert.rejects(commitsBetween(fixture.repository, '--output=x', ids.third), isKind('badArgument'));
  });

  it('go a month after their window forgot them, unless something was left in them or they are in use', async () => {
    const storage = path.join(base, 'forgotten');
    const former = new Checkouts(() => storage);
    const make = () => former.atCommit(fixture.repository, '', ids.first, undefined);
    const [old, young, used, known] = [await make(), await make(), await make(), await make()];
    fs.writeFileSync(path.join(used.root, 'result.txt'), 'left');
    const monthAgo = new Date(Date.now() - 31 * 86_400_000);
    for (const { root: tree } of [old, used, known]) fs.utimesSync(path.join(tree, '.git'), monthAgo, monthAgo);
    const next = new Checkouts(
      () => storage,
      () => [known.root],
    );
    const made = await next.atCommit(fixture.repository, '', ids.first, undefined);
    await Reflect.get(next, 'tidied');
    const left = fs.readdirSync(path.join(storage, 'worktrees')).sort();
    assert.deepEqual(left, [young, used, known, made].map(({ root: tree }) => path.basename(tree)).sort());
    assert.ok(!git('worktree', 'list').includes(old.root));
    fs.rmSync(path.join(used.root, 'result.txt'));
    for (const tree of [young, used, known, made]) assert.equal(await tree.release(), true);
  });
});
