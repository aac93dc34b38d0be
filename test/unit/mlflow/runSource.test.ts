import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  namesCommit,
  type RunSource,
  recordedCommit,
  recordedPatch,
  runOrigin,
  runSource,
} from '../../../src/mlflow/runSource';
import { isCommitId } from '../../../src/shared/commitId';

const tagged = (name: string, type = 'LOCAL', more: Record<string, string> = {}) => ({
  tags: { 'mlflow.source.name': name, 'mlflow.source.type': type, ...more },
});
const project = (folder: string, url?: string, entryPoint = 'main'): RunSource => ({
  kind: 'project',
  folder,
  entryPoint,
  ...(url === undefined ? {} : { url }),
});
const file = (path: string): RunSource => ({ kind: 'file', path });

describe('the source of a run', () => {
  const table: readonly (readonly [string, string, RunSource])[] = [
    ['train.py', 'LOCAL', file('train.py')],
    ['../src/train.py', 'LOCAL', file('../src/train.py')],
    ['/home/ada/p/train.py', 'LOCAL', file('/home/ada/p/train.py')],
    ['C:\\p\\train.py', 'LOCAL', file('C:/p/train.py')],
    ['file:///home/ada/a%20b/train.py', 'LOCAL', file('/home/ada/a b/train.py')],
    ['file:///C:/p/train.py', 'LOCAL', file('C:/p/train.py')],
    ['file:///100%/train.py', 'LOCAL', file('/100%/train.py')],
    ['notebooks/fit.ipynb', 'LOCAL', { kind: 'notebook', path: 'notebooks/fit.ipynb' }],
    ['/Users/a/fit', 'NOTEBOOK', { kind: 'notebook', path: '/Users/a/fit' }],
    ['file:///home/ada/proj', 'PROJECT', project('/home/ada/proj')],
    ['file:///home/ada/proj#sub/dir', 'PROJECT', project('/home/ada/proj/sub/dir')],
    ['/home/ada/proj/', 'PROJECT', project('/home/ada/proj')],
    ['https://host/a/b.git#train', 'PROJECT', project('train', 'https://host/a/b.git')],
    ['https://host/a/b.git', 'PROJECT', project('', 'https://host/a/b.git')],
    ['git@host:a/b.git#x/', 'PROJECT', project('x', 'git@host:a/b.git')],
    ['ssh://git@host/a/b', 'PROJECT', project('', 'ssh://git@host/a/b')],
    ['', 'LOCAL', { kind: 'none', name: '' }],
    ['-c', 'LOCAL', { kind: 'none', name: '-c' }],
    ['<stdin>', 'LOCAL', { kind: 'none', name: '<stdin>' }],
    [
      '/v/lib/python3.11/site-packages/ipykernel_launcher.py',
      'LOCAL',
      { kind: 'none', name: '/v/lib/python3.11/site-packages/ipykernel_launcher.py' },
    ],
  ];
  for (const [name, type, expected] of table)
    it(`${type} ${JSON.stringify(name)}`, () => assert.deepEqual(runSource(tagged(name, type)), expected));

  it('takes the entry point from its tag', () => {
    const run = tagged('file:///p', 'PROJECT', { 'mlflow.project.entryPoint': 'validate' });
    assert.deepEqual(runSource(run), project('/p', undefined, 'validate'));
  });

  it('is read from any text, and a commit of it is always hex', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('--output=x', '$(id)', 'file://%', 'a#b#c', '-'),
    );
    const keys = ['mlflow.source.name', 'mlflow.source.type', 'mlflow.source.git.commit', 'mlflow.project.entryPoint'];
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), text), (tags) => {
        const { commit } = runOrigin({ tags });
        assert.ok(commit === undefined || isCommitId(commit));
      }),
    );
  });
});

describe('the origin of a run', () => {
  const commit = 'A1B2C3D4'.repeat(5);

  it('prefers the current tags to the legacy ones', () => {
    const legacy = { 'mlflow.gitRepoURL': 'https://old/x', 'mlflow.gitBranchName': 'old' };
    assert.deepEqual(runOrigin(tagged('train.py', 'LOCAL', { ...legacy, 'mlflow.source.git.commit': commit })), {
      source: file('train.py'),
      commit: commit.toLowerCase(),
      branch: 'old',
      repoUrl: 'https://old/x',
    });
    const current = { 'mlflow.source.git.repoURL': 'https://new/x', 'mlflow.source.git.branch': 'new' };
    const origin = runOrigin(tagged('train.py', 'LOCAL', { ...legacy, ...current, 'mlflow.source.git.dirty': 'True' }));
    assert.deepEqual([origin.repoUrl, origin.branch, origin.dirty], ['https://new/x', 'new', true]);
  });

  it('reads the tags of git model versioning', () => {
    const tags = { 'mlflow.git.commit': commit, 'mlflow.git.branch': 'b', 'mlflow.git.dirty': 'false' };
    const origin = runOrigin({ tags });
    assert.deepEqual([origin.commit, origin.branch, origin.dirty], [commit.toLowerCase(), 'b', false]);
  });

  it('reads what Databricks writes of its repositories', () => {
    const tags = { 'mlflow.databricks.gitRepoCommit': commit, 'mlflow.databricks.gitRepoUrl': 'https://h/a/b' };
    assert.deepEqual(
      [runOrigin({ tags }).commit, runOrigin({ tags }).repoUrl],
      [commit.toLowerCase(), 'https://h/a/b'],
    );
    assert.ok(namesCommit({ tags }));
    assert.ok(!namesCommit({ tags: { 'mlflow.source.git.commit': ' ' } }));
  });

  it('knows where uncommitted changes are kept, the artifact first', () => {
    const diff = { 'mlflow.source.git.diff': ' diff --git a/x b/x\n ' };
    assert.deepEqual(recordedPatch({ tags: diff }), { kind: 'text', text: ' diff --git a/x b/x\n ' });
    const path = 'flowdeck/uncommitted.patch';
    assert.deepEqual(recordedPatch({ tags: { ...diff, 'flowdeck.git.patch': path } }), { kind: 'artifact', path });
    assert.equal(recordedPatch({ tags: {} }), undefined);
  });

  it('takes the repository of a project from its address', () => {
    const project = tagged('https://host/a/b.git#train', 'PROJECT', { 'mlflow.source.git.commit': commit });
    assert.deepEqual(recordedCommit(project), { commit: commit.toLowerCase(), repoUrl: 'https://host/a/b.git' });
    assert.deepEqual(recordedCommit(tagged('https://host/a/b.git', 'PROJECT')), {});
    assert.equal(runOrigin(tagged('https://host/a/b.git#train', 'PROJECT')).repoUrl, 'https://host/a/b.git');
  });

  it('keeps what is no commit id apart', () => {
    const origin = runOrigin(tagged('train.py', 'LOCAL', { 'mlflow.source.git.commit': '--output=x' }));
    assert.equal(origin.commit, undefined);
    assert.equal(origin.strangeCommit, '--output=x');
  });
});
