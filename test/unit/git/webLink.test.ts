import assert from 'node:assert/strict';
import fc from 'fast-check';
import { remoteHostKinds, webLink } from '../../../src/git/webLink';

const commit = 'a1b2c3d4'.repeat(5);
const file = 'src/my train#1.py';

describe('the web page of a commit', () => {
  const pages: readonly (readonly [string, string, string])[] = [
    [
      'https://github.com/ada/code.git',
      `github.com/ada/code/commit/${commit}`,
      `github.com/ada/code/blob/${commit}/src/my%20train%231.py`,
    ],
    [
      'git@github.com:ada/code.git',
      `github.com/ada/code/commit/${commit}`,
      `github.com/ada/code/blob/${commit}/src/my%20train%231.py`,
    ],
    [
      'ssh://git@ssh.github.com:443/ada/code',
      `github.com/ada/code/commit/${commit}`,
      `github.com/ada/code/blob/${commit}/src/my%20train%231.py`,
    ],
    [
      'ssh://git@gitlab.example.org:2222/a/b/c.git',
      `gitlab.example.org/a/b/c/-/commit/${commit}`,
      `gitlab.example.org/a/b/c/-/blob/${commit}/src/my%20train%231.py`,
    ],
    [
      'https://token:x@gitlab.com/a/b',
      `gitlab.com/a/b/-/commit/${commit}`,
      `gitlab.com/a/b/-/blob/${commit}/src/my%20train%231.py`,
    ],
    [
      'git@bitbucket.org:team/code.git',
      `bitbucket.org/team/code/commits/${commit}`,
      `bitbucket.org/team/code/src/${commit}/src/my%20train%231.py`,
    ],
    [
      'https://bitbucket.example.org/scm/ML/code.git',
      `bitbucket.example.org/projects/ML/repos/code/commits/${commit}`,
      `bitbucket.example.org/projects/ML/repos/code/browse/src/my%20train%231.py?at=${commit}`,
    ],
    [
      'ssh://git@bitbucket.example.org:7999/~ada/code.git',
      `bitbucket.example.org/users/ada/repos/code/commits/${commit}`,
      `bitbucket.example.org/users/ada/repos/code/browse/src/my%20train%231.py?at=${commit}`,
    ],
    [
      'https://org@dev.azure.com/org/my%20project/_git/code',
      `dev.azure.com/org/my%20project/_git/code/commit/${commit}`,
      `dev.azure.com/org/my%20project/_git/code?path=%2Fsrc%2Fmy%20train%231.py&version=GC${commit}`,
    ],
    [
      'git@ssh.dev.azure.com:v3/org/project/code',
      `dev.azure.com/org/project/_git/code/commit/${commit}`,
      `dev.azure.com/org/project/_git/code?path=%2Fsrc%2Fmy%20train%231.py&version=GC${commit}`,
    ],
    [
      'https://org.visualstudio.com/project/_git/code',
      `org.visualstudio.com/project/_git/code/commit/${commit}`,
      `org.visualstudio.com/project/_git/code?path=%2Fsrc%2Fmy%20train%231.py&version=GC${commit}`,
    ],
    [
      'https://codeberg.org/ada/code.git',
      `codeberg.org/ada/code/commit/${commit}`,
      `codeberg.org/ada/code/src/commit/${commit}/src/my%20train%231.py`,
    ],
    [
      'https://gitea.example.org:3000/ada/code',
      `gitea.example.org:3000/ada/code/commit/${commit}`,
      `gitea.example.org:3000/ada/code/src/commit/${commit}/src/my%20train%231.py`,
    ],
  ];
  for (const [remote, ofCommit, ofFile] of pages)
    it(remote, () => {
      assert.equal(webLink(remote, { commit }), `https://${ofCommit}`);
      assert.equal(webLink(remote, { commit, file }), `https://${ofFile}`);
    });

  it('is unknown of hosts nobody named and of folders, whatever they are called', () => {
    const inherited = ['git@constructor:a/b', 'git@__proto__:a/b', 'https://hasOwnProperty/a/b', 'git@toString:a/b'];
    for (const remote of inherited) assert.equal(webLink(remote, { commit }), undefined, remote);
    assert.equal(
      webLink('git@constructor:a/b', { commit }, { constructor: 'github' }),
      `https://constructor/a/b/commit/${commit}`,
    );
    for (const remote of [
      'javascript:alert(1)',
      '',
      'https://git.example.org/a/b',
      '/home/ada/code',
      'file:///home/ada/code',
      'C:\\code',
      'x',
    ])
      assert.equal(webLink(remote, { commit }), undefined, remote);
  });

  it('follows the setting for self-hosted names: a kind or a pattern', () => {
    const hosts = {
      'git.example.org': 'gitlab',
      'code.example.org': 'https://{host}/browse?r={repository}&c={commit}&f={file}',
      'github.com': 'gitea',
    };
    assert.equal(
      webLink('git@git.example.org:a/b.git', { commit }, hosts),
      `https://git.example.org/a/b/-/commit/${commit}`,
    );
    assert.equal(
      webLink('ssh://git@code.example.org:22/a b/c', { commit, file: 'x&y.py' }, hosts),
      `https://code.example.org/browse?r=a%20b/c&c=${commit}&f=x%26y.py`,
    );
    assert.equal(webLink('https://github.com/a/b', { commit }, hosts), `https://github.com/a/b/commit/${commit}`);
    assert.equal(
      webLink('https://git.example.org/a/b', { commit }, { 'Git.Example.ORG': 'gitlab' }),
      `https://git.example.org/a/b/-/commit/${commit}`,
    );
    for (const pattern of [
      'javascript:alert("{commit}")',
      'file:///etc/{repository}',
      'vscode://x/{commit}',
      'nonsense',
    ])
      assert.equal(webLink('https://h.org/a/b', { commit }, { 'h.org': pattern }), undefined, pattern);
  });

  it('is never anything but a web address on the remote’s own host, and holds no credential', () => {
    const kinds = fc.constantFrom(...remoteHostKinds);
    // A slash would end the name of the host.
    const user = fc.stringMatching(/^[^/?#@\\]{0,20}$/);
    const remote = fc.oneof(
      fc.string(),
      fc
        .tuple(fc.constantFrom('https', 'ssh', 'http'), user, fc.webPath())
        .map(([scheme, name, path]) => `${scheme}://${name}:s3cret@host.org${path}`),
      fc.string().map((path) => `git@host.org:${path}`),
    );
    fc.assert(
      fc.property(remote, kinds, fc.option(fc.string(), { nil: undefined }), (address, kind, name) => {
        const link = webLink(address, { commit, file: name }, { 'host.org': kind });
        if (link === undefined) return;
        assert.match(new URL(link).protocol, /^https?:$/);
        assert.doesNotMatch(link, /s3cret/);
        assert.ok(['host.org', 'dev.azure.com'].includes(new URL(link).hostname), link);
      }),
    );
  });
});
