import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { findRepositories } from '../../src/git/findRepositories';
import { GitError } from '../../src/git/gitError';
import { linkCommits } from '../../src/git/linkCommits';
import { commit, git, makeRepository, opened, temporaryFolder } from './gitFixture';

describe('commits found in many repositories', function () {
  this.timeout(180_000);
  const base = temporaryFolder();
  const at = (name: string) => path.join(base, name);
  const ids = { first: '', second: '', library: '', fork: '' };
  let linked: (commit: string, repoUrl?: string) => Promise<string>;

  before(async () => {
    const origin = makeRepository(at('origin'));
    ids.first = commit(origin, 'First', { 'a.py': '1' });
    ids.second = commit(origin, 'Second', { 'a.py': '2' });
    git(base, 'clone', '-q', origin, at('ours'));
    git(at('ours'), 'remote', 'set-url', 'origin', 'git@example.org:team/code.git');
    git(base, 'clone', '-q', origin, at('fork'));
    git(at('fork'), 'remote', 'set-url', 'origin', 'https://example.org/ada/code');
    ids.fork = commit(at('fork'), 'Only here', { 'b.py': '1' });
    git(at('ours'), 'worktree', 'add', '-q', at('tree'));
    git(base, 'clone', '-q', '--depth=1', pathToFileURL(origin).href, at('shallow'));
    const library = makeRepository(at('library'));
    ids.library = commit(library, 'Library', { 'lib.py': '1' });
    git(at('ours'), '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', library, 'vendor');
    makeRepository(at('empty'));
    const folders = ['empty', 'shallow', 'ours', 'tree', 'fork'].map(at);
    const { repositories } = await findRepositories(folders);
    linked = async (wanted, repoUrl) => {
      const [found] = await linkCommits([{ commit: wanted, repoUrl }], repositories);
      return found ? `${path.relative(base, found.repository.root)} ${found.commit}` : 'nowhere';
    };
  });

  it('are in the repository with the remote that was recorded, else in the first that has them', async () => {
    assert.equal(await linked(ids.second, 'https://token@example.org/ada/code.git'), `fork ${ids.second}`);
    assert.equal(await linked(ids.second, 'ssh://git@example.org/team/code'), `ours ${ids.second}`);
    assert.equal(await linked(ids.second, 'https://elsewhere.org/x'), `shallow ${ids.second}`);
    assert.equal(await linked(ids.first), `ours ${ids.first}`);
    assert.equal(await linked(ids.fork, 'ssh://git@example.org/team/code'), `fork ${ids.fork}`);
    assert.equal(await linked(ids.library), `ours/vendor ${ids.library}`);
    assert.equal(await linked('e'.repeat(40)), 'nowhere');
  });

  it('are found by an abbreviation, in capitals too', async () => {
    assert.equal(await linked(ids.fork.slice(0, 9).toUpperCase()), `fork ${ids.fork}`);
  });

  it('are commits and nothing else', async () => {
    assert.equal(await linked(git(at('fork'), 'rev-parse', 'HEAD^{tree}')), 'nowhere');
    await assert.rejects(linked('--help'), GitError);
  });

  it('are looked for here alone, where a partial clone would ask its remote for each that it does not have', async () => {
    const partial = at('partial');
    git(at('origin'), 'config', 'uploadpack.allowFilter', 'true');
    git(base, 'clone', '-q', '--filter=blob:none', pathToFileURL(at('origin')).href, partial);
    // What git runs to ask a remote on this machine.
    git(partial, 'config', 'remote.origin.uploadpack', 'touch asked; git-upload-pack');
    const repository = await opened(partial);
    const unknown = Array.from({ length: 20 }, (_, at) => `${at}`.padStart(40, 'a'));
    assert.deepEqual([...(await repository.present([ids.first, ...unknown])).keys()], [ids.first]);
    assert.deepEqual([...(await repository.commits([ids.second, ...unknown])).keys()], [ids.second]);
    assert.equal(fs.existsSync(path.join(partial, 'asked')), false);
    // Files come when they are read.
    assert.equal((await repository.readFile(ids.first, 'a.py')).toString(), '1');
    assert.equal(fs.existsSync(path.join(partial, 'asked')), true);
  });
});
