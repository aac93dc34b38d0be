import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { patchWorkingTree } from '../../src/git/applyPatch';
import { openRepository } from '../../src/git/findRepositories';
import { GitError } from '../../src/git/gitError';
import type { GitRepository } from '../../src/git/gitRepository';
import {
  addWorktree,
  commitsBetween,
  leftIn,
  mirrorOf,
  removeUnused,
  resolveVersion,
} from '../../src/git/workingTrees';
import { Checkouts } from '../../src/projects/checkouts/checkouts';
import { eventually } from '../support/eventually';

describe('working trees for launches', () => {
  const base = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'flowdeck-trees-')));
  const root = path.join(base, 'a b');
  let repository: GitRepository;

  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=a@x', '-c', 'protocol.file.allow=always', ...args], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  const commit = (name: string, text: string) => {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), text);
    git('add', '-A');
    git('commit', '-q', '-m', name);
    return git('rev-parse', 'HEAD');
  };
  const isKind = (kind: string) => (error: unknown) => error instanceof GitError && error.kind === kind;
  let [first, second, third] = ['', '', ''];

  before(async () => {
    fs.mkdirSync(root);
    git('init', '-q', '-b', 'main');
    first = commit('project/MLproject', 'one\n');
    git('checkout', '-q', '-b', 'side');
    commit('side.txt', 'side\n');
    git('checkout', '-q', 'main');
    second = commit('project/MLproject', 'two\n');
    git('merge', '-q', '--no-ff', '-m', 'merge', 'side');
    third = git('rev-parse', 'HEAD');
    git('tag', '-a', 'v1', '-m', 'one', first);
    fs.writeFileSync(path.join(root, '.git', 'info', 'exclude'), 'ignored\n');
    const opened = await openRepository(root);
    assert.ok(opened);
    repository = opened;
  });
  after(() => fs.rmSync(base, { recursive: true, force: true }));

  it('are of a branch, a tag or an id, and of nothing that git could read as something else', async () => {
    assert.deepEqual(
      await Promise.all(
        ['main', 'v1', first.slice(0, 9), 'HEAD~1'].map((version) => resolveVersion(repository, version)),
      ),
      [third, first, first, second],
    );
    await assert.rejects(resolveVersion(repository, 'nowhere'), isKind('notFound'));
    for (const bad of ['', '--all', '-x', 'a b', 'a\nb', 'x\0'])
      await assert.rejects(resolveVersion(repository, bad), isKind('badArgument'));
  });

  it('are of a branch that another remote than origin has, where it is the only one, and say so of a repository without commits', async () => {
    const clone = path.join(base, 'clone');
    git('clone', '-q', root, clone);
    const inClone = (...args: string[]) => execFileSync('git', args, { cwd: clone, encoding: 'utf8' }).trim();
    inClone('update-ref', 'refs/remotes/ada/topic', first);
    inClone('update-ref', 'refs/remotes/bob/topic', first);
    inClone('remote', 'add', 'ada', root);
    inClone('remote', 'add', 'bob', root);
    const at = { root: clone };
    assert.equal(await resolveVersion(at, 'topic'), first);
    inClone('update-ref', 'refs/remotes/bob/topic', second);
    await assert.rejects(
      resolveVersion(at, 'topic'),
      /topic may be any of ada\/topic, bob\/topic\. Name one of them\./,
    );
    assert.equal(await resolveVersion(at, 'bob/topic'), second);
    inClone('update-ref', 'refs/remotes/origin/topic', third);
    assert.equal(await resolveVersion(at, 'topic'), third);
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
      assert.deepEqual([await launched('v1'), told], [first, ['origin']]);
      assert.deepEqual([await launched('v2'), told], [topic, ['ada']]);
      assert.deepEqual([await launched(second), told], [second, ['origin']]);
      assert.deepEqual([await launched(second), told], [second, []], 'it is here by now');
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
      assert.equal(await launched('v1'), first, 'a remote that does not answer is in the way of no other');
      assert.deepEqual(fs.readdirSync(path.join(base, 'behind storage', 'worktrees')), []);
    });
  });

  it('are taken away half made where git was ended, at once or when the next one is made, and never that of somebody else', async () => {
    const storage = path.join(base, 'halves');
    const trees = path.join(storage, 'worktrees');
    const checkouts = new Checkouts(() => storage);
    const made = async () => checkouts.atCommit(repository, '', first, undefined);
    /** As git leaves it when it is killed: locked, with a part of the files. */
    const half = async (folder: string, ageMs: number) => {
      await addWorktree(repository, folder, first);
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
      await assert.rejects(checkouts.atCommit(repository, '', third, undefined), GitError);
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
      await addWorktree(repository, tree, first);
      assert.equal(fs.readFileSync(path.join(tree, 'project', 'MLproject'), 'utf8'), 'one\n');
    };
    await open();
    fs.mkdirSync(path.join(tree, '__pycache__'));
    fs.writeFileSync(path.join(tree, '__pycache__', 'x.pyc'), 'x');
    assert.equal(await removeUnused(repository, tree), true);
    assert.equal(fs.existsSync(tree), false);
    for (const left of ['result.txt', 'ignored', 'project/MLproject']) {
      await open();
      fs.writeFileSync(path.join(tree, left), 'left');
      assert.equal(await removeUnused(repository, tree), false, left);
      assert.equal(fs.existsSync(path.join(tree, left)), true);
      assert.equal(await removeUnused(repository, tree, await leftIn(tree)), true);
    }
    await open();
    // Deleted by hand, and made once more.
    fs.rmSync(tree, { recursive: true });
    await open();
    assert.equal(await removeUnused(repository, tree), true);
    assert.deepEqual([git('status', '--porcelain'), git('rev-parse', '--abbrev-ref', 'HEAD')], ['', 'main']);
  });

  it('leave alone what links in them lead to', async () => {
    const [tree, data] = [path.join(base, 'linked'), path.join(base, 'data')];
    fs.mkdirSync(data);
    fs.writeFileSync(path.join(data, 'in.txt'), 'data');
    await addWorktree(repository, tree, first);
    fs.mkdirSync(path.join(tree, 'deep'));
    fs.symlinkSync(data, path.join(tree, 'deep', 'data'), 'junction');
    fs.symlinkSync(data, path.join(tree, 'ignored'), 'junction');
    assert.equal(await removeUnused(repository, tree), false);
    assert.equal(await removeUnused(repository, tree, await leftIn(tree)), true);
    assert.deepEqual([fs.existsSync(tree), fs.readFileSync(path.join(data, 'in.txt'), 'utf8')], [false, 'data']);
  });

  it('take a patch that fits, and none that leads out of them', async () => {
    const tree = path.join(base, 'patched');
    await addWorktree(repository, tree, first);
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
    assert.equal(await removeUnused(repository, tree, await leftIn(tree)), true);
  });

  it('have the commits between two along first parents, where one comes from the other', async () => {
    assert.deepEqual(await commitsBetween(repository, first, third), [second, third]);
    assert.deepEqual(await commitsBetween(repository, first.slice(0, 8), first), []);
    assert.equal(await commitsBetween(repository, third, first), undefined);
    await assert.rejects(commitsBetween(repository, '--output=x', third), isKind('badArgument'));
  });

  it('come from an address as well, with submodules’ absence no fault, and never with a password', async () => {
    const checkouts = new Checkouts(() => path.join(base, 'storage'));
    const address = `file://${encodeURI(root)}`;
    const made = await checkouts.ofUrl(address, 'project', 'v1');
    assert.equal(fs.readFileSync(path.join(made.folder, 'MLproject'), 'utf8'), 'one\n');
    assert.equal(made.tags['mlflow.source.git.branch'], undefined);
    assert.equal(made.tags['mlflow.source.name'], `${address}#project`);
    assert.equal(await made.release(), true);
    const fourth = commit('project/MLproject', 'four\n');
    const newest = await checkouts.ofUrl(address, '', undefined);
    assert.equal(newest.commit, fourth);
    assert.equal(await newest.release(), true);
    // What is checked out there is what the remote calls its HEAD: another branch by now.
    git('checkout', '-q', 'side');
    const moved = await checkouts.ofUrl(address, '', undefined);
    assert.equal(moved.commit, git('rev-parse', 'side'));
    assert.equal(await moved.release(), true);
    git('checkout', '-q', 'main');
    git('branch', '-q', '-m', 'side', 'renamed');
    git('checkout', '-q', 'renamed');
    const renamed = await checkouts.ofUrl(address, '', undefined);
    assert.equal(renamed.commit, git('rev-parse', 'renamed'));
    assert.equal(await renamed.release(), true);
    git('checkout', '-q', 'main');
    await assert.rejects(checkouts.ofUrl(address, 'nothing', 'main'), isKind('notFound'));
    assert.deepEqual(fs.readdirSync(path.join(base, 'storage', 'worktrees')), []);
    for (const url of [
      'https://ann:geheim@127.0.0.1:1/x.git',
      'https://127.0.0.1:1/x.git?token=geheim',
      '--upload-pack=x',
      'ext::sh -c id',
    ])
      await assert.rejects(mirrorOf(url, path.join(base, 'none')), (error: unknown) => {
        assert.ok(error instanceof GitError);
        assert.doesNotMatch(error.message, /geheim/);
        return true;
      });
    assert.equal(fs.existsSync(path.join(base, 'none')), false);
  });

  it('come from an address that several ask for at once, in one window or in two', async () => {
    const address = `file://${encodeURI(root)}`;
    const checkouts = new Checkouts(() => path.join(base, 'at once'));
    const made = await Promise.all([1, 2, 3].map(() => checkouts.ofUrl(address, '', 'main')));
    assert.deepEqual(
      made.map(({ commit }) => commit),
      made.map(() => git('rev-parse', 'main')),
    );
    for (const tree of made) assert.equal(await tree.release(), true);
    const abort = new AbortController();
    const stopped = checkouts.ofUrl(address, '', 'main', abort.signal);
    abort.abort();
    await assert.rejects(stopped, { name: 'AbortError' });
    const copies = path.join(base, 'copies');
    fs.mkdirSync(copies);
    await Promise.all([1, 2, 3].map(() => mirrorOf(address, path.join(copies, 'one.git'))));
    await assert.rejects(mirrorOf(`${address}-gone`, path.join(copies, 'none.git')), GitError);
    assert.deepEqual(fs.readdirSync(copies), ['one.git']);
  });

  it('come from an address also where git calls remotes otherwise, and trusts no bare repository that it comes across', async () => {
    const [former, config] = [process.env.GIT_CONFIG_GLOBAL, path.join(base, 'explicit.config')];
    fs.writeFileSync(config, '[safe]\n\tbareRepository = explicit\n[clone]\n\tdefaultRemoteName = upstream\n');
    process.env.GIT_CONFIG_GLOBAL = config;
    try {
      const checkouts = new Checkouts(() => path.join(base, 'explicit'));
      const address = `file://${encodeURI(root)}`;
      for (const _time of ['made', 'brought up to date']) {
        const tree = await checkouts.ofUrl(address, 'project', undefined);
        assert.equal(tree.commit, git('rev-parse', 'HEAD'));
        assert.equal(await tree.release(), true);
      }
      const copy = await checkouts.copyOf(address);
      assert.deepEqual([...(await copy.present([first])).keys()], [first]);
    } finally {
      if (former === undefined) delete process.env.GIT_CONFIG_GLOBAL;
      else process.env.GIT_CONFIG_GLOBAL = former;
    }
  });

  describe('come from a copy that', () => {
    const copy = path.join(base, 'busy.git');
    const entry = path.join(copy, 'worktrees', 'half');
    const zeros = `${'0'.repeat(40)}\n`;
    const fetch = () => mirrorOf(`file://${encodeURI(root)}`, copy);
    const newest = () => execFileSync('git', ['rev-parse', 'main'], { cwd: copy, encoding: 'utf8' }).trim();
    /** What older versions of git write first, and what another window's git stops at when it is killed. */
    const half = () => {
      fs.mkdirSync(entry, { recursive: true });
      fs.writeFileSync(path.join(entry, 'HEAD'), zeros);
      fs.writeFileSync(path.join(entry, 'commondir'), '../..\n');
      fs.writeFileSync(path.join(entry, 'gitdir'), `${path.join(base, 'half', '.git')}\n`);
      fs.writeFileSync(path.join(entry, 'locked'), 'initializing');
    };
    /** Does something once git has tried to fetch in vain: every attempt begins this file anew. */
    const afterFirstTry = async (then: () => void) => {
      const head = path.join(copy, 'FETCH_HEAD');
      const tried = async () => {
        for (const _attempt of [1, 2]) {
          fs.rmSync(head, { force: true });
          await eventually(() => assert.ok(fs.existsSync(head)));
        }
        then();
      };
      await Promise.all([fetch(), tried()]);
    };

    before(fetch);

    it('another window adds a working tree to in the meantime', async () => {
      const added = commit('busy.txt', 'one\n');
      half();
      await afterFirstTry(() => fs.writeFileSync(path.join(entry, 'HEAD'), `${first}\n`));
      assert.deepEqual([newest(), fs.existsSync(entry)], [added, true]);
    });

    it('another window fetches into in the meantime', async () => {
      const added = commit('busy.txt', 'two\n');
      const lock = path.join(copy, 'refs', 'heads', 'main.lock');
      fs.writeFileSync(lock, '');
      await afterFirstTry(() => fs.rmSync(lock));
      assert.equal(newest(), added);
    });

    it('a window which was killed left half a working tree in', async () => {
      const added = commit('busy.txt', 'three\n');
      half();
      await fetch();
      assert.deepEqual([newest(), fs.existsSync(entry)], [added, false]);
    });
  });

  it('go a month after their window forgot them, unless something was left in them or they are in use', async () => {
    const storage = path.join(base, 'forgotten');
    const former = new Checkouts(() => storage);
    const make = () => former.atCommit(repository, '', first, undefined);
    const [old, young, used, known] = [await make(), await make(), await make(), await make()];
    fs.writeFileSync(path.join(used.root, 'result.txt'), 'left');
    const monthAgo = new Date(Date.now() - 31 * 86_400_000);
    for (const { root: tree } of [old, used, known]) fs.utimesSync(path.join(tree, '.git'), monthAgo, monthAgo);
    const next = new Checkouts(
      () => storage,
      () => [known.root],
    );
    const made = await next.atCommit(repository, '', first, undefined);
    await Reflect.get(next, 'tidied');
    const left = fs.readdirSync(path.join(storage, 'worktrees')).sort();
    assert.deepEqual(left, [young, used, known, made].map(({ root: tree }) => path.basename(tree)).sort());
    assert.ok(!git('worktree', 'list').includes(old.root));
    fs.rmSync(path.join(used.root, 'result.txt'));
    for (const tree of [young, used, known, made]) assert.equal(await tree.release(), true);
  });

  it('have copies of remotes that go when nobody used them for 60 days, unless a working tree of theirs stands', async () => {
    const storage = path.join(base, 'old copies');
    const copies = path.join(storage, 'repositories');
    const address = (name: string) => {
      const clone = path.join(base, name);
      git('clone', '-q', '--bare', root, clone);
      return `file://${encodeURI(clone)}`;
    };
    const former = new Checkouts(() => storage);
    const copyAt = async (url: string) => path.basename((await former.copyOf(url)).root);
    const [idle, stands, again, late] = [address('idle'), address('stands'), address('again'), address('late')];
    const [idleCopy, standsCopy, againCopy, lateCopy] = [
      await copyAt(idle),
      await copyAt(stands),
      await copyAt(again),
      await copyAt(late),
    ];
    const tree = await former.ofUrl(stands, '', 'main');
    // A clone that never got whole.
    fs.mkdirSync(path.join(copies, `${idleCopy}.new-1`));
    const age = (days: number, name: string) => {
      const then = new Date(Date.now() - days * 86_400_000);
      fs.utimesSync(path.join(copies, name), then, then);
    };
    for (const name of [idleCopy, standsCopy, againCopy, `${idleCopy}.new-1`]) age(61, name);
    age(59, lateCopy);
    const next = new Checkouts(() => storage);
    const used = await next.ofUrl(again, '', 'main');
    await Reflect.get(next, 'tidied');
    assert.deepEqual(fs.readdirSync(copies).sort(), [standsCopy, againCopy, lateCopy].sort());
    assert.equal(fs.readFileSync(path.join(tree.root, 'project', 'MLproject'), 'utf8').length > 0, true);
    assert.deepEqual([await tree.release(), await used.release()], [true, true]);
    const last = new Checkouts(() => storage);
    age(61, standsCopy);
    const newest = await last.ofUrl(idle, '', 'main');
    await Reflect.get(last, 'tidied');
    assert.deepEqual(fs.readdirSync(copies).sort(), [idleCopy, againCopy, lateCopy].sort());
    assert.equal(await newest.release(), true);
  });
});
