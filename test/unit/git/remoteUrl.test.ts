import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isCloneable, redactUrls, repositoryKey, sameRepository, stripCredentials } from '../../../src/git/remoteUrl';

describe('the address of a remote', () => {
  const table: readonly (readonly [string, string | undefined])[] = [
    ['https://user:token@host/x.git', 'https://host/x.git'],
    ['https://ghp_abc123@github.com/a/b', 'https://github.com/a/b'],
    ['HTTPS://u:p@Host:8443/x.git', 'https://Host:8443/x.git'],
    ['https://u:p@ss@host/x.git', 'https://host/x.git'],
    ['https://host/x.git?access_token=1#frag', 'https://host/x.git'],
    ['https://host/@scope/x', 'https://host/@scope/x'],
    ['https://u:p/w@host/x.git', undefined],
    ['git@github.com:a/b.git', 'git@github.com:a/b.git'],
    ['github.com:a/b.git', 'github.com:a/b.git'],
    ['user:pass@host:a/b', undefined],
    ['ssh://git@host:2222/a/b.git', 'ssh://git@host:2222/a/b.git'],
    ['ssh://git:pw@host/a/b.git', 'ssh://git@host/a/b.git'],
    ['ssh://git@[::1]:22/a.git', 'ssh://git@[::1]:22/a.git'],
    ['file:///srv/git/a b.git', 'file:///srv/git/a b.git'],
    ['file:///C:/git/a.git', 'file:///C:/git/a.git'],
    ['/srv/git/a.git', '/srv/git/a.git'],
    ['../a.git', '../a.git'],
    ['C:\\git\\a.git', 'C:\\git\\a.git'],
    ['codecommit::https://u:p@host/x', 'https://host/x'],
    ['', undefined],
    ['https://host/x\nInjected: y', undefined],
  ];
  for (const [url, expected] of table)
    it(`without credentials: ${JSON.stringify(url)}`, () => assert.equal(stripCredentials(url), expected));

  it('never lets a user name or password of a network address through', () => {
    const secret = fc.stringMatching(/^S3CR3T[\w!$%&'()*+,;=.~@:-]{0,20}$/);
    const slashed = fc.stringMatching(/^(S3CR3T|\d{1,3}[/?#]S3CR3T)[\w!$%&*+,;=.~@:/?#-]{0,20}$/);
    const scheme = fc.constantFrom('https', 'http', 'git', 'ftp', 'HTTPS', 'codecommit::https');
    fc.assert(
      fc.property(scheme, secret, secret, slashed, (name, user, password, broken) => {
        for (const authority of [
          `${user}:${password}@`,
          `${user}@`,
          `:${password}@`,
          `ada:${broken}@`,
          `:${broken}@`,
        ]) {
          const url = `${name}://${authority}example.org/a/b.git`;
          assert.doesNotMatch(stripCredentials(url) ?? '', /S3CR3T/);
          assert.doesNotMatch(redactUrls(`fatal: unable to access '${url}': no`), /S3CR3T/);
        }
      }),
    );
  });

  it('is unchanged by stripping twice, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = stripCredentials(text);
        if (once !== undefined) assert.equal(stripCredentials(once), once);
      }),
    );
  });

  it('is one for all protocols of a repository', () => {
    const same = [
      'https://github.com/Org/Repo.git',
      'https://token@github.com/Org/Repo/',
      'git@github.com:Org/Repo.git',
      'ssh://git@github.com/org/repo',
      'ssh://git@github.com:22/Org/Repo.git',
      'http://github.com:80/org/repo',
    ];
    assert.equal(new Set(same.map(repositoryKey)).size, 1);
    assert.equal(sameRepository('/srv/git/a.git', 'file:///srv/git/a'), true);
    assert.equal(sameRepository('/srv/git/a b', 'file:///srv/git/a%20b.git'), true);
    for (const other of ['https://github.com/org/repo2', 'https://gitlab.com/org/repo', 'git@github.com:2222/org/repo'])
      assert.equal(sameRepository('https://github.com/org/repo', other), false, other);
    assert.equal(sameRepository('', ''), false);
  });

  it('is offered for cloning only over the network', () => {
    for (const url of ['https://host/x.git', 'git@host:x.git', 'ssh://git@host/x'])
      assert.equal(isCloneable(url), true, url);
    for (const url of [
      'ext::sh -c id',
      '--upload-pack=x',
      '/x',
      'file:///x',
      'https://-x/y',
      'ssh://-oProxyCommand=id/x',
      'a@-x:y',
    ])
      assert.equal(isCloneable(url), false, url);
  });
});
