import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { GitError } from '../../src/git/gitError';
import { mirrorOf } from '../../src/git/workingTrees';
import { Checkouts } from '../../src/projects/checkouts/checkouts';
import { eventually } from '../support/eventually';
import { isKind, TreesFixture } from './treesFixture';

describe('working trees of a project at an address', () => {
  const { base, root, git, commit, ids } = new TreesFixture();

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
      assert.deepEqual([...(await copy.present([ids.first])).keys()], [ids.first]);
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
      await afterFirstTry(() => fs.writeFileSync(path.join(entry, 'HEAD'), `${ids.first}\n`));
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
