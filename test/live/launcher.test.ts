import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import fc from 'fast-check';
import { stripCredentials } from '../../src/git/remoteUrl';
import { mlflowPython } from '../support/mlflowServer';

const root = process.env.FLOWDECK_ROOT ?? process.cwd();

/** What a function of launcher.py makes of each. */
function launcher(name: string, inputs: readonly unknown[]): unknown[] {
  const script = `import json, sys
sys.path.insert(0, ${JSON.stringify(path.join(root, 'src', 'projects', 'process'))})
import launcher
print(json.dumps([launcher.${name}(one) for one in json.load(sys.stdin)]))`;
  const options = { input: JSON.stringify(inputs), encoding: 'utf8', cwd: root } as const;
  return JSON.parse(execFileSync(mlflowPython('3.17.2'), ['-B', '-c', script], options));
}

const secret = 'geheim';
const addresses = [
  `https://ann:${secret}@host/a.git`,
  `https://${secret}@host/a.git`,
  `https://ann:${secret}@host@other/a.git`,
  `https://host/a.git?access_token=${secret}`,
  `https://host/a.git#${secret}`,
  `HTTPS://ann:p/${secret}@host/a`,
  `https://ann:12/${secret}@host/a`,
  `ssh://git:${secret}@host:22/a.git`,
  'ssh://git@host/a.git',
  'git@host:a/b.git',
  `ann:${secret}@host:a/b.git`,
  `git@host:${secret}@x/b.git`,
  'host:a/b.git',
  `ext::https://ann:${secret}@host/a`,
  'file:///home/ann@work/a?b#c',
  'C:\\work\\a',
  '/home/ann/a b',
  '../a@b',
  '',
];

describe('the launcher of other backends', () => {
  it('takes credentials out of an address as the extension does', () => {
    const part = fc.constantFrom(
      ...'abZ09@:/?#[]. -_%\\+',
      '://',
      'https',
      'ssh://',
      'file:',
      'ext::',
      'git@',
      '\n',
      'é',
    );
    const made = fc.sample(
      fc.array(part, { maxLength: 14 }).map((parts) => parts.join('')),
      3_000,
    );
    const all = [...addresses, ...made];
    const stripped = launcher('without_credentials', all);
    for (const [at, address] of all.entries())
      assert.equal(stripped[at] ?? undefined, stripCredentials(address), address);
    assert.ok(stripped.every((one) => !String(one).includes(secret)));
    assert.ok(new Set(stripped).size > 100);
  });

  it('leaves nothing of them in the tags of a run, and the other tags as they are', () => {
    const others = { 'mlflow.user': 'ann@home', 'mlflow.project.entryPoint': 'a:b@c?d', own: '1' };
    const tagged = addresses.map((address) => ({
      ...others,
      'mlflow.source.git.repoURL': address,
      'mlflow.gitRepoURL': address,
      'mlflow.source.name': `${address.split('#')[0]}#sub/folder`,
    }));
    const plain = launcher('without_credentials_in', tagged) as Record<string, string>[];
    assert.ok(!JSON.stringify(plain).includes(secret));
    for (const [at, address] of addresses.entries()) {
      assert.deepEqual({ ...plain[at], ...others }, plain[at]);
      assert.equal(plain[at]?.['mlflow.source.git.repoURL'], stripCredentials(address), address);
      assert.equal(plain[at]?.['mlflow.gitRepoURL'], stripCredentials(address), address);
    }
    const folder = addresses.findIndex((address) => address.startsWith('file:'));
    assert.equal(plain[folder]?.['mlflow.source.name'], 'file:///home/ann@work/a?b#sub/folder');
    assert.deepEqual(launcher('without_credentials_in', [others, {}]), [others, {}]);
  });
});
