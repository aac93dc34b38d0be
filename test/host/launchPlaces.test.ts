import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as vscode from 'vscode';
import { bisectMetric } from '../../src/projects/bisect/bisectMetric';
import { goOnArguments } from '../../src/projects/bisect/leftBisections';
import { LaunchedRun } from '../../src/projects/launch/launchedRun';
import { reproduceRun } from '../../src/projects/reproduce/reproduceRun';
import type { LaunchRequest } from '../../src/projects/request/taskDefinition';
import type { Run } from '../../src/shared/domain';
import { serveRepositories } from '../support/gitServer';
import { withEnvironment } from '../support/launchTools';
import { until } from '../support/processTree';
import { Script, workspaceFolder } from './connectionsHarness';
import { isOldestHost } from './generations';
import { git, LaunchLab, labFiles } from './launchLab';
import { reproduce, withThisPython } from './reproduceHarness';

/** Reads what no commit has, and says what it was. */
const fed = `import hashlib, sys, lab
text = open(sys.argv[1], "rb").read()
digest = hashlib.md5(text).hexdigest()[:8]
lab.post("log-inputs", datasets=[{"tags": [], "dataset":
    {"name": "numbers", "digest": digest, "source_type": "local", "source": "{}"}}])
lab.metric("score", float(text))
`;
const fedEntry = '  fed:\n    parameters: {data: {type: path}}\n    command: "python fed.py {data}"\n';
const files = {
  ...labFiles,
  MLproject: `${labFiles.MLproject}${fedEntry}`,
  'fed.py': fed,
  '.gitignore': `${labFiles['.gitignore']}data/\n`,
};

describe('launching and reproducing wherever git keeps the code', function () {
  if (isOldestHost) return;
  this.timeout(240_000);
  let lab: LaunchLab;
  const made: string[] = [];

  before(async () => {
    lab = await LaunchLab.open('kept');
    lab.write(files);
    lab.commit('data');
  });
  after(async () => {
    await lab?.close();
  });
  afterEach(() => {
    for (const folder of made.splice(0)) fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    if (lab) git(lab.folder, 'worktree', 'prune');
  });

  /** A folder in the open one that goes away after the test. */
  const place = (name: string): string => {
    const folder = path.join(workspaceFolder(), name);
    made.push(folder);
    return folder;
  };
  const write = (folder: string, all: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(all)) {
      fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      fs.writeFileSync(path.join(folder, name), text);
    }
  };
  const commit = (folder: string, subject: string, all: Readonly<Record<string, string>> = {}) => {
    write(folder, all);
    git(folder, 'add', '-A');
    git(folder, 'commit', '-q', '--allow-empty', '-m', subject);
    return git(folder, 'rev-parse', 'HEAD');
  };
  /** A repository with the project, outside of the open folder; gives its commits. */
  const origin = (name: string) => {
    const folder = path.join(lab.storage, name);
    fs.mkdirSync(folder);
    git(folder, 'init', '-q', '-b', 'main');
    const [first, second] = [commit(folder, 'one', files), commit(folder, 'two', { 'value.txt': '4' })];
    return { folder, first, second };
  };
  const requestIn = (folder: string, entryPoint: string, parameters = {}, more: Partial<LaunchRequest> = {}) => ({
    ...lab.request(entryPoint, parameters, more),
    project: path.basename(folder),
  });
  /** As a launch of `main` elsewhere would have made it; gives its id. */
  const makeRun = async (tags: Readonly<Record<string, string>>, score: number): Promise<string> => {
    const { store } = await lab.connections.require();
    const experiment = await store.getExperimentByName('lab');
    const experimentId = experiment?.experimentId ?? (await store.createExperiment('lab'));
    const all = { 'mlflow.source.type': 'PROJECT', 'mlflow.project.entryPoint': 'main', ...tags };
    const { runId } = await store.createRun({ experimentId, tags: all });
    const metrics = [{ key: 'score', value: score, timestamp: 1, step: 0 }];
    await store.logBatch(runId, { params: { factor: '10', note: 'x' }, metrics });
    await store.updateRun(runId, { status: 'FINISHED' });
    return runId;
  };
  const codeOf = ({ tags }: Run) => [tags['mlflow.source.git.commit'], tags['mlflow.source.git.branch']];
  const newest = async () => (await lab.runs()).findLast(({ tags }) => 'flowdeck.reproduces' in tags);

  it('takes a linked worktree for the place of its runs, with the data that it has and the other one has otherwise', async () => {
    const tree = place('linked');
    git(lab.folder, 'worktree', 'add', '-q', '-b', 'topic', tree);
    const id = commit(tree, 'on the topic', { 'value.txt': '5' });
    write(tree, { 'data/in.txt': '7' });
    lab.write({ 'data/in.txt': '1' });
    const { run } = await lab.run(requestIn(tree, 'main', { factor: '10' }));
    assert.deepEqual([...codeOf(run), run.metrics.score?.value], [id, 'topic', 50]);
    const reading = await lab.run(requestIn(tree, 'fed', { data: 'data/in.txt' }));
    const again = await reproduce(lab, reading.run.runId);
    assert.match(again.facts, new RegExp(`Commit: ${id.slice(0, 7)} of .*linked`));
    assert.match(again.told, /ended as FINISHED: 3 values are the same .*, 0 differ, 0 are unknown/);
    assert.equal((await newest())?.metrics.score?.value, 7);
    // Another version of the worktree, which is not checked out to it.
    const other = await lab.run(requestIn(tree, 'main', { factor: '10' }, { version: 'main' }));
    assert.deepEqual([codeOf(other.run)[1], other.run.metrics.score?.value], ['main', 30]);
    assert.deepEqual([git(tree, 'rev-parse', 'HEAD'), git(tree, 'status', '--porcelain')], [id, '']);
    assert.deepEqual(lab.worktrees(), []);
    git(lab.folder, 'worktree', 'remove', '--force', tree);
  });

  it('launches and reproduces in a shallow clone, and fetches what a run or a form names and the clone lacks', async () => {
    const { folder, first, second } = origin('deep');
    git(folder, 'branch', 'topic', first);
    const url = pathToFileURL(folder).href;
    const clone = place('shallow');
    git(workspaceFolder(), 'clone', '-q', '--depth=1', url, path.basename(clone));
    const { run } = await lab.run(requestIn(clone, 'main', { factor: '10', note: 'x' }));
    assert.deepEqual([...codeOf(run), run.metrics.score?.value], [second, 'main', 40]);
    const again = await reproduce(lab, run.runId);
    assert.match(again.told, /ended as FINISHED: 4 values are the same .*, 0 differ/);

    const old = await makeRun(
      {
        'mlflow.source.name': `file://${clone}`,
        'mlflow.source.git.commit': first,
        'mlflow.source.git.repoURL': url,
      },
      30,
    );
    // Whoever does without it has launched nothing.
    lab.picked.splice(0, lab.picked.length, old);
    const before = (await lab.runs()).length;
    const left = new Script(() => undefined);
    await reproduceRun(await lab.tasks.shared(), lab.tasks, []).finally(() => left.restore());
    assert.deepEqual(left.texts('warning'), [
      `No open repository has commit ${first.slice(0, 7)}. Open its repository, or fetch the commit there.`,
    ]);
    assert.equal((await lab.runs()).length, before);
    const fetched = await reproduce(lab, old, 'Fetch', withThisPython);
    assert.match(fetched.told, /ended as FINISHED: 3 values are the same .*, 0 differ, 1 are unknown/);
    assert.deepEqual([codeOf((await newest()) ?? run)[0], (await newest())?.metrics.score?.value], [first, 30]);

    const later = commit(folder, 'three', { 'value.txt': '6' });
    git(folder, 'tag', 'v6');
    const [open] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(open);
    const written: string[] = [];
    const screen = { write: (text: string) => void written.push(text), size: { columns: 80, rows: 24 } };
    const request = requestIn(clone, 'main', { factor: '10' }, { version: 'v6' });
    const { runId = '' } = await new LaunchedRun(await lab.tasks.shared(), request, open, screen).run();
    const launched = await lab.get(runId);
    assert.deepEqual([codeOf(launched)[0], launched.metrics.score?.value], [later, 60]);
    assert.match(written.join(''), /Fetching v6 from origin/);
    assert.deepEqual([git(clone, 'rev-parse', 'HEAD'), git(clone, 'status', '--porcelain')], [second, '']);
    assert.deepEqual(lab.worktrees(), []);
    // What was fetched is no end of the history: the branch goes on to it.
    git(clone, 'pull', '-q', '--ff-only');
    assert.equal(git(clone, 'rev-parse', 'HEAD'), later);
  });

  it('launches where nothing was committed yet, and says what is to be done for anything that needs a commit', async () => {
    const folder = place('unborn');
    write(folder, files);
    git(folder, 'init', '-q', '-b', 'main');
    const { run } = await lab.run(requestIn(folder, 'main', { factor: '10' }));
    assert.deepEqual([run.status, ...codeOf(run), run.metrics.score?.value], ['FINISHED', undefined, undefined, 30]);
    const { ended } = await lab.start(requestIn(folder, 'main', {}, { version: 'main' }));
    await assert.rejects(ended, /unborn has no commits yet\. Commit first\./);
    lab.picked.splice(0, lab.picked.length, run.runId);
    await assert.rejects(reproduceRun(await lab.tasks.shared(), lab.tasks, []), /does not say which commit/);
  });

  it('reproduces what was merged, and finds the merge that moved a metric', async () => {
    const start = git(lab.folder, 'rev-parse', 'HEAD');
    git(lab.folder, 'checkout', '-q', '-b', 'side');
    lab.write({ 'side.txt': '1' });
    lab.commit('on the side');
    lab.write({ 'value.txt': '9' });
    const side = lab.commit('nine');
    git(lab.folder, 'checkout', '-q', 'main');
    lab.write({ 'note.txt': '1' });
    lab.commit('a note');
    git(lab.folder, 'merge', '-q', '--no-ff', '-m', 'Merge the side', 'side');
    const merge = git(lab.folder, 'rev-parse', 'HEAD');
    lab.write({ 'note.txt': '2' });
    const last = lab.commit('another note');
    const at = async (version: string) => (await lab.run(lab.request('main', { factor: '1' }, { version }))).run;
    const [good, merged, bad] = [await at(start), await at(side), await at(last)];
    assert.match((await reproduce(lab, merged.runId)).told, /ended as FINISHED: 4 values are the same .*, 0 differ/);
    assert.deepEqual(codeOf((await newest()) ?? good)[0], side);
    lab.picked.splice(0, lab.picked.length, good.runId, bad.runId);
    lab.reported.length = 0;
    const script = new Script(({ choices }) => choices.find((choice) => choice === 'Launch There'));
    try {
      const { uri } = await lab.connections.require();
      const of = { uri, good: good.runId, bad: bad.runId, metric: 'score' };
      await bisectMetric(await lab.tasks.shared(), lab.tasks, goOnArguments(of));
      const moved = () => script.texts('information').find((text) => /score moved/.test(text));
      await until(
        () => moved() !== undefined || lab.reported.length > 0,
        () => `it was not found: ${JSON.stringify(script.shown)}`,
        150_000,
      );
      assert.deepEqual(lab.reported, []);
      assert.equal(moved(), `score moved to 9 at ${merge.slice(0, 7)} "Merge the side" (Ada).`);
    } finally {
      script.restore();
    }
    assert.deepEqual(lab.worktrees(), []);
  });

  it('reproduces a run from the address that it names, where its repository is not open', async () => {
    const { folder, first, second } = origin('far');
    const served = path.join(lab.storage, 'served');
    fs.mkdirSync(served);
    git(served, 'clone', '-q', '--bare', folder, 'far.git');
    git(path.join(served, 'far.git'), 'update-server-info');
    const direct = withEnvironment({ no_proxy: '127.0.0.1', NO_PROXY: '127.0.0.1' });
    const server = await serveRepositories(served);
    try {
      const url = `${server.url}/far.git`;
      const of = (id: string, score: number) =>
        makeRun({ 'mlflow.source.name': url, 'mlflow.source.git.commit': id }, score);
      lab.picked.splice(0, lab.picked.length, await of(first, 30));
      const left = new Script(() => undefined);
      await reproduceRun(await lab.tasks.shared(), lab.tasks, []).finally(() => left.restore());
      assert.deepEqual(left.texts('warning'), [`Copy the repository at ${url}?`]);
      assert.ok(!fs.existsSync(path.join(lab.storage, 'projects', 'repositories')), 'nothing is copied before that');
      const again = await reproduce(lab, await of(first, 30), 'Copy', withThisPython);
      assert.ok(again.facts.includes(`Commit: ${first.slice(0, 7)} of ${url}\n`), again.facts);
      assert.match(again.told, /ended as FINISHED: 3 values are the same .*, 0 differ, 1 are unknown/);
      const run = await newest();
      assert.ok(run);
      assert.deepEqual([codeOf(run)[0], run.metrics.score?.value], [first, 30]);
      assert.deepEqual(
        [run.tags['mlflow.source.name'], run.tags['mlflow.source.git.repoURL'], run.params.own],
        [url, url, 'x'],
      );
      // From the copy that there is by now, about which nobody is asked again.
      const next = await reproduce(lab, await of(second, 40));
      assert.match(next.told, /ended as FINISHED/);
      assert.equal((await newest())?.metrics.score?.value, 40);
      const gone = await of('f'.repeat(40), 1);
      lab.picked.splice(0, lab.picked.length, gone);
      await assert.rejects(
        reproduceRun(await lab.tasks.shared(), lab.tasks, []),
        (error: Error) => error.message === `${url} has no commit, branch or tag ${'f'.repeat(40)}.`,
      );
    } finally {
      await server.close();
      direct();
    }
    assert.deepEqual(lab.worktrees(), []);
  });

  it('compares the datasets of a run by their digests', async () => {
    lab.write({ 'data/in.txt': '8' });
    const { run } = await lab.run(lab.request('fed', { data: 'data/in.txt' }));
    const [dataset] = run.datasets;
    assert.equal(dataset?.name, 'numbers');
    const again = await reproduce(lab, run.runId);
    assert.ok(again.facts.includes(`Datasets: numbers ${dataset?.digest}\n`), again.facts);
    assert.doesNotMatch(again.facts, /No dataset was logged/);
    assert.match(again.told, /ended as FINISHED: 3 values are the same .*, 0 differ, 0 are unknown/);
    lab.write({ 'data/in.txt': '9' });
    const changed = await reproduce(lab, run.runId);
    assert.match(changed.told, /ended as FINISHED: 1 values are the same .*, 2 differ, 0 are unknown/);
    assert.notEqual((await newest())?.datasets[0]?.digest, dataset?.digest);
    assert.deepEqual(lab.worktrees(), []);
  });
});
