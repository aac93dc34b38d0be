import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { findRepositories } from '../../src/git/findRepositories';
import { newTreePlace } from '../../src/git/newTreePlace';
import { workingTreeOf } from '../../src/git/openRepository';
import { repositoryOfRun } from '../../src/source/autoTagMark';
import { commit, git, makeRepository, opened, temporaryFolder } from './gitFixture';

describe('working trees inside the open folder', function () {
  this.timeout(180_000);
  const base = temporaryFolder();
  const at = (...names: readonly string[]) => path.join(base, ...names);
  const repo = at('repo');
  const addSubmodule = (root: string, from: string, name: string) => {
    git(root, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', from, name);
    git(root, 'commit', '-q', '-m', `Submodule ${name}`);
  };

  before(() => {
    commit(makeRepository(at('library')), 'Library', { 'train.py': 'library\n' });
    commit(makeRepository(repo), 'First', { 'train.py': '1\n', 'src/fit.py': '1\n', '.gitignore': '.*\n!.git*\n' });
    addSubmodule(repo, at('library'), 'env');
    git(repo, 'worktree', 'add', '-q', '.worktrees/feat');
    git(
      at('repo/.worktrees/feat'),
      '-c',
      'protocol.file.allow=always',
      'submodule',
      'update',
      '-q',
      '--init',
      '--recursive',
    );
    git(repo, 'worktree', 'add', '-q', at('outside'));
    git(repo, 'worktree', 'add', '-q', '.worktrees/gone');
    fs.rmSync(at('repo/.worktrees/gone'), { recursive: true });
    commit(makeRepository(at('repo/.clones/mine')), 'Mine', { 'train.py': 'mine\n' });
    fs.symlinkSync(repo, at('link'), 'junction');
  });

  const roots = async (...folders: readonly string[]) =>
    (await findRepositories(folders.map((folder) => at(folder)))).repositories
      .map(({ root }) => path.relative(base, root).split(path.sep).join('/'))
      .sort();

  it('are found by what git knows of them, wherever they are in it and by the name the folder was opened with', async () => {
    const inside = ['', '/.worktrees/feat', '/.worktrees/feat/env', '/env'];
    assert.deepEqual(
      await roots('repo'),
      inside.map((place) => `repo${place}`),
    );
    assert.deepEqual(
      await roots('link'),
      inside.map((place) => `link${place}`),
    );
    assert.deepEqual(await roots('repo/src'), ['repo']);
    assert.deepEqual(await roots('repo/.worktrees/feat'), ['repo/.worktrees/feat', 'repo/.worktrees/feat/env']);
    assert.deepEqual((await findRepositories([repo])).refused, []);
  });

  it('are no other repository than the main one, which comes before them, and after its submodules', async () => {
    const names = async (...folders: readonly string[]) =>
      (await findRepositories(folders.map((folder) => at(folder)))).repositories.map(({ root }) =>
        path.relative(repo, root).split(path.sep).join('/'),
      );
    assert.deepEqual(await names('repo'), ['env', '.worktrees/feat/env', '', '.worktrees/feat']);
    assert.deepEqual((await names('repo/.worktrees/feat', 'repo')).slice(-2), ['.worktrees/feat', '']);
  });

  describe('that a run was started in', () => {
    const rootOf = async (name: string, places: readonly string[] = [], folder = 'repo') => {
      const { repositories } = await findRepositories([at(folder)]);
      const run = { tags: { 'mlflow.source.name': name, 'mlflow.source.type': 'LOCAL' } };
      const found = await repositoryOfRun(
        run,
        repositories,
        places.map((place) => at(place)),
        workingTreeOf,
      );
      return found && path.relative(base, found.root).split(path.sep).join('/');
    };

    it('are the ones git itself says', async () => {
      for (const tree of ['repo', 'repo/.worktrees/feat', 'repo/.worktrees/feat/env', 'repo/env']) {
        assert.equal(await rootOf('train.py', [tree]), tree);
        assert.equal(await rootOf(at(tree, 'train.py')), tree);
      }
      assert.equal(await rootOf(at('repo/src/fit.py')), 'repo');
      assert.equal(await rootOf(at('repo/train.py'), [], 'link'), 'link', 'the program knows the real folder');
      assert.equal(await rootOf('train.py', ['link/env'], 'link'), 'link/env');
    });

    it('are no guess: one that nobody knows is not the one around it', async () => {
      assert.equal(await rootOf('train.py', ['repo/.clones/mine']), undefined);
      assert.equal(await rootOf(at('repo/.clones/mine/train.py')), undefined);
      assert.equal(await rootOf('train.py', ['repo', 'repo/.clones/mine']), undefined, 'it may be either');
      assert.equal(await rootOf(at('outside/train.py')), undefined);
      assert.equal(await rootOf(at('repo/missing.py')), undefined);
      assert.equal(await rootOf(at('repo/.git/config')), undefined);
    });
  });

  it('are called, when new, after the repository and not after the folder in which git keeps it', async () => {
    const bare = (folder: string) => git(base, 'clone', '-q', '--bare', repo, at(folder));
    bare('project/.bare');
    fs.writeFileSync(at('project/.git'), 'gitdir: ./.bare\n');
    git(at('project/.bare'), 'worktree', 'add', '-q', at('project/main'));
    bare('served.git');
    git(at('served.git'), 'worktree', 'add', '-q', at('of served'), '-b', 'served');
    commit(makeRepository(at('.dotfiles')), 'Dots', { 'a.py': '1' });
    const place = async (folder: string) => newTreePlace(await opened(at(folder)));
    assert.deepEqual(await place('project/main'), { parent: at('project'), name: 'project' });
    assert.deepEqual(await place('of served'), { parent: base, name: 'served' });
    assert.deepEqual(await place('repo/.worktrees/feat'), { parent: base, name: 'repo' });
    assert.deepEqual(await place('repo/env'), { parent: repo, name: 'env' });
    assert.deepEqual(await place('.dotfiles'), { parent: base, name: '.dotfiles' });
  });
});
