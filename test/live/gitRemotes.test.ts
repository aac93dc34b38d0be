import assert from 'node:assert/strict';
import path from 'node:path';
import { upstreamOf } from '../../src/git/history';
import { gitProcesses } from '../support/gitProcesses';
import { commit, git, makeRepository, opened, temporaryFolder } from './gitFixture';

describe('remotes of real repositories', () => {
  const base = temporaryFolder();
  const at = (name: string) => path.join(base, name);

  it('come without credentials and without names that are options', async () => {
    const folder = makeRepository(at('remotes'));
    git(folder, 'remote', 'add', 'origin', 'https://ada:s3cret@example.org/a/b.git');
    git(folder, 'remote', 'add', 'ssh', 'git@example.org:a/b.git');
    git(folder, 'config', 'remote.--upload-pack=touch pwned.url', 'https://example.org/x');
    assert.deepEqual(await (await opened(folder)).remotes(), [
      { name: 'origin', url: 'https://example.org/a/b.git' },
      { name: 'ssh', url: 'git@example.org:a/b.git' },
    ]);
  });

  it('are known by the addresses that git takes for theirs, with one process', async () => {
    const folder = makeRepository(at('rewritten'));
    git(folder, 'remote', 'add', 'origin', 'gh:team/code');
    git(folder, 'remote', 'add', 'plain', 'https://mirror.example.org/team/code');
    git(folder, 'config', 'url.https://ada:s3cret@example.org/.insteadOf', 'gh:');
    git(folder, 'config', 'url.https://mirror.example.org/.insteadOf', 'https://far.example.org/');
    git(folder, 'config', 'url.https://mirror.example.org/other/.insteadOf', 'https://far.example.org/other/');
    const repository = await opened(folder);
    const expected = [
      { name: 'origin', url: 'gh:team/code', aliases: ['https://example.org/team/code'] },
      {
        name: 'plain',
        url: 'https://mirror.example.org/team/code',
        aliases: ['https://far.example.org/team/code'],
      },
    ];
    const processes = await gitProcesses(async () => assert.deepEqual(await repository.remotes(), expected));
    assert.equal(processes, 1);
  });

  it('say which one the branch follows that is checked out', async () => {
    const folder = makeRepository(at('followed'));
    const repository = await opened(folder);
    assert.equal(await upstreamOf(repository), undefined, 'no commit yet');
    const id = commit(folder, 'First', { a: '1' });
    git(folder, 'branch', 'aside');
    git(folder, 'update-ref', 'refs/remotes/team/main', id);
    git(folder, 'remote', 'add', 'team', 'https://example.org/a/b.git');
    git(folder, 'branch', '-q', '--set-upstream-to=team/main', 'main');
    assert.equal(await upstreamOf(repository), 'team/main');
    git(folder, 'checkout', '-q', 'aside');
    assert.equal(await upstreamOf(repository), undefined);
  });

  it('are none where there are none', async () => {
    assert.deepEqual(await (await opened(makeRepository(at('without')))).remotes(), []);
  });
});
