import assert from 'node:assert/strict';
import fc from 'fast-check';
import { headTags, remoteOf } from '../../../src/git/headTags';
import type { Changes } from '../../../src/git/repositoryState';
import { conflictingRuns, type TagChange, tagChange, undoChange } from '../../../src/source/tagPlan';

const commit = '1a2b3c4d'.repeat(5);
const clean: Changes = { staged: 0, unstaged: 0, conflicted: 0, untracked: 0, submodules: [], examples: [] };
const key = (name: string) => `mlflow.source.git.${name}`;

function applied(tags: Readonly<Record<string, string>>, change: TagChange): Record<string, string> {
  const after = { ...tags, ...change.set };
  return Object.fromEntries(Object.entries(after).filter(([name]) => !change.remove.includes(name)));
}

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

  it('are undone exactly, whatever stood there', () => {
    const names = fc.constantFrom('mine', ...['commit', 'branch', 'repoURL', 'dirty'].map(key), 'mlflow.runName');
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

  it('conflict only with another commit', () => {
    const run = (value?: string) => ({ tags: value === undefined ? {} : { [key('commit')]: value } });
    const runs = [run(), run(''), run(commit), run(commit.slice(0, 8).toUpperCase()), run('f'.repeat(40)), run('mine')];
    assert.deepEqual(conflictingRuns(runs, commit), runs.slice(4));
  });
});
