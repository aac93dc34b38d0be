import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { CommitTexts } from '../../src/experiments/commitTexts';
import { runTooltip } from '../../src/experiments/runItem';
import type { Run } from '../../src/shared/domain';
import { RunCommits } from '../../src/source/runCommits';
import { WorkspaceRepositories } from '../../src/source/workspaceRepositories';
import { commit, git, makeRepository } from '../live/gitFixture';
import { gitProcesses } from '../support/gitProcesses';
import { runOf } from '../support/runOf';
import { workspaceFolder } from './sourceHarness';

const url = 'git@example.org:ada/known.git';

describe('what a run’s row says of its commit', function () {
  this.timeout(60_000);
  const folder = path.join(workspaceFolder(), 'known-commits');
  const ids: string[] = [];
  let aside = '';
  let repositories: WorkspaceRepositories;
  let texts: CommitTexts;

  before(() => {
    makeRepository(folder);
    for (const subject of ['First', 'Second', 'Third']) ids.push(commit(folder, subject, { 'a.py': subject }));
    git(folder, 'checkout', '-q', '-b', 'side', ids[1] ?? '');
    aside = commit(folder, 'Aside', { 'b.py': '1' });
    git(folder, 'checkout', '-q', 'main');
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

  const run = (id: string): Run =>
    runOf(id, { tags: { 'mlflow.source.git.commit': id, 'mlflow.source.git.repoURL': url } });
  const of = async (id: string) => (await texts.ofRun(run(id)))?.replace(/ of known-commits/, '');

  beforeEach(() => {
    repositories = new WorkspaceRepositories([], { warn: () => undefined });
    texts = new CommitTexts(() => [...ids, aside, 'f'.repeat(40)].map(run));
  });

  it('is its subject and how far it is from what is checked out, or that it is not here', async () => {
    assert.equal(await of(ids[0] ?? ''), undefined, 'nobody is asked before a feature tells');
    texts.facts = new RunCommits(repositories);
    const [first = '', second = '', third = ''] = ids;
    assert.equal(await of(first), 'First · 2 commits behind HEAD');
    assert.equal(await of(second.slice(0, 9)), 'Second · 1 commit behind HEAD');
    assert.equal(await of(third), 'Third · at HEAD');
    assert.equal(await of(aside), 'Aside · on another branch than HEAD: 1 ahead, 1 behind');
    assert.equal(await of('f'.repeat(40)), 'in none of the open repositories');
    assert.equal(await texts.ofRun(runOf('none')), undefined);
    const tooltip = runTooltip(run(first), await texts.ofRun(run(first))).value.replaceAll('\\', '');
    assert.match(tooltip, new RegExp(`Commit: ${first.slice(0, 12)} · First · 2 commits behind HEAD`));
  });

  it('costs three processes for the first row of a repository, one for the next and none for the same again', async () => {
    const found = (await repositories.find()).repositories.filter(({ root }) => root === folder);
    assert.equal(found.length, 1);
    texts.facts = new RunCommits({ find: async () => ({ repositories: found, refused: [], unsearched: [] }) });
    assert.equal(await gitProcesses(async () => void (await of(ids[0] ?? ''))), 3);
    assert.equal(await gitProcesses(async () => void (await of(aside))), 1);
    assert.equal(await gitProcesses(async () => void (await of(ids[0] ?? ''))), 0);
    assert.equal(await of(aside), 'Aside · on another branch than HEAD: 1 ahead, 1 behind');
    assert.equal(await gitProcesses(async () => void (await of('f'.repeat(40)))), 0);
  });
});
