import assert from 'node:assert/strict';
import fc from 'fast-check';
import { headTags, remoteOf } from '../../../src/git/headTags';
import type { Changes } from '../../../src/git/repositoryState';
import {
  changed,
  isWrittenByOthers,
  otherCommit,
  type TagChange,
  tagChange,
  undoChange,
} from '../../../src/source/tagPlan';

const commit = '1a2b3c4d'.repeat(5);
const clean: Changes = { staged: 0, unstaged: 0, conflicted: 0, untracked: 0, submodules: [], examples: [] };
const key = (name: string) => `mlflow.source.git.${name}`;

const applied = (tags: Readonly<Record<string, string>>, change: TagChange) => ({ ...changed(tags, change) });

describe('the tags of a commit', () => {
  it('are commit, branch, address and whether there were changes', () => {
    const remotes = [{ name: 'origin', url: 'https://host/x.git' }];
    assert.deepEqual(headTags({ commit, branch: 'main', changes: clean }, remotes), {
      [key('commit')]: commit,
      [key('branch')]: 'main',
      [key('repoURL')]: 'https://host/x.git',
      [key('dirty')]: 'false',
    });
    const dirty = headTags({ commit, changes: { ...clean, untracked: 1 } }, []);
    assert.deepEqual(dirty, { [key('commit')]: commit, [key('dirty')]: 'true' });
  });

  it('name the remote of the branch, else origin, else the first', () => {
    const remotes = ['first', 'origin', 'up', 'up/stream'].map((name) => ({ name }));
    assert.equal(remoteOf({ upstream: 'up/main' }, remotes)?.name, 'up');
    assert.equal(remoteOf({ upstream: 'up/stream/main' }, remotes)?.name, 'up/stream');
    assert.equal(remoteOf({}, remotes)?.name, 'origin');
    assert.equal(remoteOf({ upstream: 'gone/x' }, remotes.slice(0, 1))?.name, 'first');
    assert.equal(remoteOf({}, []), undefined);
  });

  it('take the branch of another commit away on a detached head', () => {
    const run = { tags: { [key('branch')]: 'old', [key('commit')]: 'f'.repeat(40), mine: 'x' } };
    const change = tagChange(run, headTags({ commit, changes: clean }, []));
    assert.deepEqual(change.remove, [key('branch')]);
    assert.deepEqual(applied(run.tags, change), { mine: 'x', [key('commit')]: commit, [key('dirty')]: 'false' });
  });

  it('take every other spelling away that says something else, and the changes beyond another commit', () => {
    const url = 'https://host/x.git';
    const tags = headTags({ commit, branch: 'main', changes: clean }, [{ name: 'origin', url }]);
    const former = {
      'mlflow.git.commit': 'f'.repeat(40),
      'mlflow.gitBranchName': 'old',
      'mlflow.git.repo_url': 'git@elsewhere:y.git',
      'mlflow.git.dirty': 'True',
      [key('diff')]: 'diff --git a/x b/x',
      'mlflow.git.diff': 'diff --git a/x b/x',
      'flowdeck.git.patch': 'flowdeck/uncommitted.patch',
      mine: 'x',
    };
    assert.deepEqual(applied(former, tagChange({ tags: former }, tags)), { ...tags, mine: 'x' });
    const same = {
      'mlflow.git.commit': commit.slice(0, 10),
      'mlflow.gitBranchName': 'main',
      'mlflow.gitRepoURL': 'git@host:x',
      'mlflow.git.dirty': 'False',
    };
    assert.deepEqual(applied(same, tagChange({ tags: same }, tags)), { ...same, ...tags });
    const detached = tagChange({ tags: same }, headTags({ commit, changes: clean }, []));
    assert.deepEqual([...detached.remove].sort(), ['mlflow.gitBranchName', 'mlflow.gitRepoURL']);
  });

  it('are not written over what others wrote since, be a change half made', () => {
    const before = { [key('commit')]: 'f'.repeat(40), [key('branch')]: 'old', mine: 'x' };
    const change = tagChange({ tags: before }, headTags({ commit, changes: clean }, []));
    const known = [before, changed(before, change)];
    const half = { ...before, ...change.set };
    for (const now of [...known, half, { ...half, mine: 'other', 'mlflow.note.content': 'n' }])
      assert.ok(!isWrittenByOthers(now, known, change));
    for (const now of [
      { ...half, [key('commit')]: 'e'.repeat(40) },
      { ...half, [key('branch')]: 'other' },
      { ...half, 'mlflow.git.commit': commit },
      { ...half, 'flowdeck.git.patch': 'x' },
    ])
      assert.ok(isWrittenByOthers(now, known, change));
    assert.ok(
      isWrittenByOthers({ 'flowdeck.window': 'b' }, [{ 'flowdeck.window': 'a' }], {
        set: {},
        remove: ['flowdeck.window'],
      }),
    );
  });

  it('are undone exactly, whatever stood there', () => {
    const spelled = [
      'mlflow.git.commit',
      'mlflow.gitBranchName',
      'mlflow.gitRepoURL',
      'mlflow.git.dirty',
      'mlflow.git.diff',
    ];
    const names = fc.constantFrom(
      'mine',
      ...['commit', 'branch', 'repoURL', 'dirty', 'diff'].map(key),
      ...spelled,
      'mlflow.runName',
    );
    const branch = fc.option(fc.string(), { nil: undefined });
    fc.assert(
      fc.property(
        fc.dictionary(names, fc.string(), { noNullPrototype: true }),
        branch,
        fc.boolean(),
        (tags, name, remote) => {
          const state = { commit, changes: clean, ...(name === undefined ? {} : { branch: name }) };
          const change = tagChange({ tags }, headTags(state, remote ? [{ name: 'origin', url: '/x' }] : []));
          assert.deepEqual(applied(applied(tags, change), undoChange({ tags }, change)), { ...tags });
        },
      ),
    );
  });

  it('conflict only with another commit, in whatever spelling, or that of a model where the run is silent', () => {
    const other = 'f'.repeat(40);
    const of = (tags: Readonly<Record<string, string>>, ofModels?: string) => otherCommit({ tags }, ofModels, commit);
    for (const value of ['', ' ', commit, commit.slice(0, 8).toUpperCase()])
      assert.equal(of({ [key('commit')]: value }), undefined, value);
    for (const value of [other, 'mine']) assert.equal(of({ [key('commit')]: value }), value);
    for (const name of ['mlflow.git.commit', 'mlflow.databricks.gitRepoCommit']) {
      assert.equal(of({ [name]: other }), other, name);
      assert.equal(of({ [key('commit')]: commit, [name]: other }), other, name);
    }
    assert.equal(of({}, other), other);
    assert.equal(of({ [key('commit')]: commit }, other), undefined);
  });
});
