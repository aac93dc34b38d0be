import assert from 'node:assert/strict';
import type { Connection } from '../../../src/connections/connection';
import type { RunSearch } from '../../../src/mlflow/trackingStore';
import type { Run } from '../../../src/shared/domain';
import { evaluateFilter, rowOfRun } from '../../../src/shared/filter/evaluate';
import { parseFilter } from '../../../src/shared/filter/parse';
import { bestValue } from '../../../src/source/runsOf/bestValue';
import { filterOfSource } from '../../../src/source/runsOf/findRuns';
import { isRunOf } from '../../../src/source/runsOf/projectRuns';
import {
  anyOf,
  branchFilter,
  commitsFilter,
  entryPointFilter,
  noneOfFilter,
  repositoryFilter,
  sourceFilter,
} from '../../../src/source/runsOf/runsFilter';
import { namesFile, type SourceNames, sourceNames } from '../../../src/source/runsOf/sourceNames';
import { runOf } from '../../support/runOf';

const commit = 'a'.repeat(40);
const key = (name: string) => `mlflow.source.git.${name}`;

function finds(filter: string, tags: Readonly<Record<string, string>>): boolean {
  const parsed = parseFilter(filter, 0);
  assert.ok(parsed.ok, filter);
  return evaluateFilter(parsed.filter, rowOfRun(runOf('a', { tags })));
}

describe('the filters of runs by their code', () => {
  it('find runs of one commit and of several', () => {
    assert.equal(commitsFilter([commit]), `tags.mlflow.source.git.commit = '${commit}'`);
    const several = commitsFilter([commit, 'b'.repeat(40)]);
    assert.ok(finds(several, { [key('commit')]: commit }));
    assert.ok(finds(several, { [key('commit')]: 'b'.repeat(40) }));
    assert.ok(!finds(several, { [key('commit')]: 'c'.repeat(40) }));
  });

  /** Judged by the filter and by the names alike. */
  function isNamed(names: SourceNames, name: string, windows = false): boolean {
    const found = finds(sourceFilter(names, { windows }), { 'mlflow.source.name': name });
    assert.equal(found, namesFile(names, name), name);
    return found;
  }

  it('find runs by a file, named from the root or in another copy, and hold any name', () => {
    for (const file of ['src/train.py', "it's.py", 'both " and \'.py', 'a`b.py', 'per%cent_.py']) {
      const names = sourceNames(file, [file], ['/work/repo']);
      for (const name of [file, `./${file}`, `/work/repo/${file}`, `/home/ada/project/${file}`, `/${file}`])
        assert.ok(isNamed(names, name), name);
      for (const name of [`/home/ada/other${file}`, `/work/repo/lib/${file}`, `baselines/${file}`])
        assert.ok(!isNamed(names, name), name);
    }
    const names = sourceNames('src/train.py', [], []);
    for (const name of [
      'src\\train.py',
      'C:\\ada\\src\\train.py',
      '/ada/src/train.py',
      'src/train.py',
      'C:/ada/src/train.py',
    ])
      assert.ok(isNamed(names, name, true), name);
    for (const name of ['C:\\ada\\src_train.py', 'lib\\src\\train.py']) assert.ok(!isNamed(names, name, true), name);
    const onDrive = sourceNames('train.py', ['train.py', 'lib/train.py'], ['C:\\repo']);
    for (const name of ['D:\\train.py', 'C:\\repo\\train.py', '\\\\server\\share\\train.py'])
      assert.ok(isNamed(onDrive, name, true), name);
    for (const name of ['D:\\copy\\lib\\train.py', 'C:\\repo\\old\\train.py'])
      assert.ok(!isNamed(onDrive, name, true), name);
    assert.ok(!finds(sourceFilter(names), { 'mlflow.source.name': 'src\\train.py' }));
  });

  it('find runs by a file that was named in a folder of its own, where no other file can be meant', () => {
    const files = ['train.py', 'baselines/train.py', 'src/fit.py', 'lib/src/eval.py', 'src/eval.py'];
    const named = (file: string, name: string) => isNamed(sourceNames(file, files, ['/work/repo']), name);
    assert.ok(named('train.py', 'train.py'));
    assert.ok(named('baselines/train.py', 'baselines/train.py'));
    assert.ok(named('src/fit.py', 'fit.py') && named('src/fit.py', './fit.py'));
    // A file named from the root comes before others.
    assert.ok(!named('baselines/train.py', 'train.py'));
    assert.ok(!named('train.py', 'baselines/train.py'));
    for (const copy of ['/work/repo', '/home/bob/clone']) {
      assert.ok(!named('train.py', `${copy}/baselines/train.py`), copy);
      assert.ok(named('baselines/train.py', `${copy}/baselines/train.py`), copy);
    }
    assert.ok(!named('src/eval.py', 'eval.py') && !named('lib/src/eval.py', 'eval.py'));
    assert.ok(named('src/eval.py', 'src/eval.py') && !named('lib/src/eval.py', 'src/eval.py'));
  });

  it('leave out names that only wildcards find', () => {
    const exact = anyOf(
      commitsFilter([commit]),
      sourceFilter(sourceNames('a_b.py', [], []), { others: ['/x/a-b.py'] }),
    );
    assert.ok(finds(exact, { 'mlflow.source.name': '/x/a_b.py' }));
    assert.ok(!finds(exact, { 'mlflow.source.name': '/x/a-b.py' }));
    assert.ok(finds(exact, { 'mlflow.source.name': '/x/a-b.py', [key('commit')]: commit }));
    assert.ok(finds(commitsFilter([commit], [key('commit'), 'mlflow.git.commit']), { 'mlflow.git.commit': commit }));
    const either = anyOf(commitsFilter([commit]), '', branchFilter("it's"), entryPointFilter('main "x"'));
    assert.ok(finds(either, { [key('branch')]: "it's" }));
    assert.ok(finds(either, { 'mlflow.project.entryPoint': 'main "x"' }));
    assert.ok(!finds(either, { [key('branch')]: 'its' }));
  });

  it('find runs of a repository by whatever address it is named, and those that name none', () => {
    const filter = repositoryFilter([key('repoURL')], ['git@github.com:ada/code.git', '/srv/git/code'], ['kept as is']);
    const named = (url: string) => finds(filter, { [key('repoURL')]: url });
    for (const url of [
      'git@github.com:ada/code.git',
      'https://token:x@GitHub.com/ada/Code',
      'ssh://git@github.com:22/ada/code.git',
      'file:///srv/git/code',
      '/srv/git/code.git',
      'kept as is',
    ])
      assert.ok(named(url), url);
    // `%` between host and path would take the end of another name.
    const short = repositoryFilter([key('repoURL')], ['https://github.com/me/repo']);
    assert.ok(finds(short, { [key('repoURL')]: 'git@github.com:me/repo.git' }));
    for (const url of ['https://github.com/acme/repo', 'git@github.com:acme/repo.git', 'https://github.com/x/me/repo'])
      assert.ok(!finds(short, { [key('repoURL')]: url }), url);
    for (const url of ['https://github.com/ada/code2', 'https://gitlab.com/ada/code', '/srv/git/other', ''])
      assert.ok(!named(url), url);
    assert.ok(finds(filter, {}));
    const keys = [key('repoURL'), 'mlflow.gitRepoURL'];
    const both = repositoryFilter(keys, ['https://github.com/ada/code']);
    assert.ok(finds(both, { 'mlflow.gitRepoURL': 'https://github.com/ada/code' }));
    assert.ok(!finds(both, { 'mlflow.gitRepoURL': 'https://github.com/bob/code' }));
    // Without a remote no run that names a repository is from here.
    assert.ok(!finds(repositoryFilter(keys, []), { [key('repoURL')]: 'https://github.com/ada/code' }));
    assert.equal(noneOfFilter([], [key('commit')]), '');
    const others = noneOfFilter([commit], [key('commit')]);
    assert.ok(finds(others, {}) && finds(others, { [key('commit')]: 'b'.repeat(40) }));
    assert.ok(!finds(others, { [key('commit')]: commit }));
  });

  it('take the best value a person wants, without NaN', () => {
    const run = (value: number): Run => runOf('a', { metrics: { acc: { key: 'acc', value, timestamp: 0, step: 0 } } });
    const runs = [run(0.5), run(Number.NaN), run(0.9), runOf('a'), run(0.1)];
    assert.equal(bestValue(runs, { key: 'acc', better: 'higher' }), 0.9);
    assert.equal(bestValue(runs, { key: 'acc', better: 'lower' }), 0.1);
    assert.equal(bestValue(runs, { key: 'other', better: 'lower' }), undefined);
    assert.equal(bestValue([run(Number.NaN)], { key: 'acc', better: 'lower' }), undefined);
  });
});

describe('the filter of a source file', () => {
  const file = 'train.py';
  const names = sourceNames(file, [file], ['/work/repo']);
  /** A server that takes any letter for a backslash, with a thousand runs of other systems before this one. */
  function serverWith(last: string) {
    const asked: RunSearch[] = [];
    const named = (name: string, at: number) => runOf(String(at), { tags: { 'mlflow.source.name': name } });
    const runs = [...Array.from({ length: 1_000 }, () => `/home/ada/${file}`), last].map(named);
    const store = {
      searchExperiments: async () => ({ items: [{ experimentId: '1' }] }),
      searchRuns: async (search: RunSearch) => {
        asked.push(search);
        const isDrive = search.filter?.includes("'_:%");
        const found = isDrive ? runs.filter(({ tags }) => tags['mlflow.source.name']?.[1] === ':') : runs;
        const from = Number(search.pageToken ?? 0);
        const to = from + (search.maxResults ?? 1);
        return { items: found.slice(from, to), ...(to < found.length ? { nextPageToken: String(to) } : {}) };
      },
    };
    const connection = { store, server: { generation: 3, storeType: 'SqlAlchemyStore' } } as unknown as Connection;
    return { connection, asked };
  }

  it('reads no history of runs to learn that none is from Windows', async () => {
    const { connection, asked } = serverWith(`/home/ada/${file}`);
    assert.equal(await filterOfSource(connection, names), sourceFilter(names));
    assert.equal(asked.length, 3);
  });

  it('knows the one run from Windows, however old', async () => {
    const { connection } = serverWith(`C:\\ada\\${file}`);
    assert.equal(await filterOfSource(connection, names), sourceFilter(names, { windows: true }));
  });
});

describe('a run of an entry point', () => {
  const place = {
    folder: '/work/repo/proj',
    entryPoint: 'fit',
    root: '/work/repo',
    remotes: ['git@github.com:ada/repo.git'],
  };
  const tags = (name: string, more: Readonly<Record<string, string>> = {}) => ({
    tags: { 'mlflow.source.name': name, 'mlflow.source.type': 'PROJECT', 'mlflow.project.entryPoint': 'fit', ...more },
  });
  const remote = { [key('repoURL')]: 'https://github.com/ada/repo' };

  const isOurs = (run: Pick<Run, 'tags'>, isHere = false) => isRunOf(place, run, isHere);

  it('names this folder, or the same folder of the same repository', () => {
    assert.ok(isOurs(tags('/work/repo/proj')));
    assert.ok(isOurs(tags('file:///work/repo#proj')));
    assert.ok(isOurs(tags('https://github.com/ada/repo.git#proj')));
    assert.ok(isOurs(tags('file:///home/bob/clone#proj', remote)));
  });

  it('is of no other folder, repository or entry point', () => {
    assert.ok(!isOurs(tags('/work/repo/other')));
    assert.ok(!isOurs(tags('file:///home/bob/clone#proj')));
    assert.ok(!isOurs(tags('https://github.com/bob/repo.git#proj')));
    assert.ok(!isOurs(tags('https://github.com/ada/repo.git#other')));
    assert.ok(!isOurs(tags('/work/repo/proj', { 'mlflow.project.entryPoint': 'main' })));
    assert.ok(!isOurs({ tags: { 'mlflow.source.name': '/work/repo/proj/train.py' } }));
  });

  it('is one whose commit the repository has, in another working tree of it, without any remote', () => {
    const local = { ...place, remotes: [] };
    const inWorktree = tags('/work/repo.worktrees/topic/proj');
    assert.ok(!isRunOf(local, inWorktree, false));
    assert.ok(isRunOf(local, inWorktree, true));
    assert.ok(!isRunOf(local, tags('/work/repo.worktrees/topic/other'), true));
  });
});
