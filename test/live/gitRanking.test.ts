import assert from 'node:assert/strict';
import path from 'node:path';
import { findRepositories } from '../../src/git/findRepositories';
import { runOrigin } from '../../src/mlflow/runSource';
import { onePerObjectStore, rankRepositories } from '../../src/source/rankRepositories';
import { commit, git, makeRepository, temporaryFolder } from './gitFixture';

describe('the right repository for a run', function () {
  this.timeout(180_000);
  const base = temporaryFolder();
  const at = (name: string) => path.join(base, name);

  before(() => {
    const library = makeRepository(at('library'));
    commit(library, 'Library', { 'lib.py': '1' });
    const main = makeRepository(at('main'));
    commit(main, 'Main', { 'train.py': '1', 'steps/fit.py': '1' });
    git(main, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', library, 'vendor');
    git(main, 'commit', '-q', '-m', 'Vendor');
    git(main, 'worktree', 'add', '-q', at('tree'));
    commit(makeRepository(at('remote')), 'Remote', { 'other.py': '1' });
    git(at('remote'), 'remote', 'add', 'upstream', 'git@example.org:team/code.git');
  });

  async function ranked(name: string, repoUrl?: string): Promise<readonly string[]> {
    const { repositories } = await findRepositories([at('main'), at('tree'), at('remote'), at('library')]);
    const tags = { 'mlflow.source.name': name, ...(repoUrl ? { 'mlflow.source.git.repoURL': repoUrl } : {}) };
    const order = await rankRepositories(repositories, runOrigin({ tags }));
    return order.map(({ root }) => path.relative(base, root).split(path.sep).join('/'));
  }

  it('is the innermost one that an absolute path lies in: a submodule, a worktree', async () => {
    assert.equal((await ranked(path.join(at('main'), 'vendor', 'lib.py')))[0], 'main/vendor');
    assert.equal((await ranked(path.join(at('tree'), 'train.py')))[0], 'tree');
    assert.equal((await ranked(path.join(at('main'), 'train.py')))[0], 'main');
  });

  it('is the one that has the script as typed', async () => {
    assert.equal((await ranked('steps/fit.py'))[0], 'main');
    assert.equal((await ranked('other.py'))[0], 'remote');
  });

  it('is the one with the remote the run names, whatever the protocol', async () => {
    assert.equal((await ranked('nowhere.py', 'https://token@example.org/team/code'))[0], 'remote');
    assert.equal((await ranked('../../escape.py', 'https://example.org/team/code.git'))[0], 'remote');
  });

  it('is the one with the remote the run names, where git is told to take that address for another', async () => {
    git(at('library'), 'remote', 'add', 'origin', 'lib:parts/lib');
    git(at('library'), 'config', 'url.https://example.com/.insteadOf', 'lib:');
    for (const url of ['git@example.com:parts/lib.git', 'lib:parts/lib'])
      assert.equal((await ranked('nowhere.py', url))[0], 'library');
    git(at('library'), 'remote', 'set-url', 'origin', 'https://example.com/parts/lib');
    assert.equal((await ranked('nowhere.py', 'lib:parts/lib'))[0], 'library');
  });

  it('is asked once for all its worktrees', async () => {
    const { repositories } = await findRepositories([at('main'), at('tree')]);
    assert.deepEqual(
      onePerObjectStore(repositories).map(({ name }) => name),
      ['vendor', 'main'],
    );
  });
});
