import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { bisectMetric } from '../../src/projects/bisect/bisectMetric';
import { goOnArguments, offerLeftBisections } from '../../src/projects/bisect/leftBisections';
import { OpenBisections } from '../../src/projects/bisect/openBisections';
import { reproduceRun } from '../../src/projects/reproduce/reproduceRun';
import type { Run } from '../../src/shared/domain';
import { until } from '../support/processTree';
import { Script } from './connectionsHarness';
import { git, LaunchLab, labFiles } from './launchLab';

describe('reproducing runs and bisecting metrics', function () {
  // Several launches each, on a machine that may be busy with other things.
  this.timeout(240_000);
  let lab: LaunchLab;
  let original: Run;

  before(async () => {
    lab = await LaunchLab.open('again');
  });
  after(() => lab?.close());

  /** Answers until something with `pattern` was shown; gives that. */
  const follow = async (script: Script, pattern: RegExp) => {
    const found = () => script.shown.find(({ message }) => pattern.test(message));
    await until(
      () => found() !== undefined || lab.reported.length > 0,
      () => `${pattern} was not shown: ${JSON.stringify(script.shown)}`,
      150_000,
    );
    assert.deepEqual(lab.reported, []);
    return found()?.message ?? '';
  };
  /** As signing in again does while a run is on: the store that was in use is gone. */
  const reconnectAtNextRun = async () => {
    const seen = lab.revealed.length;
    await until(
      () => lab.revealed.length > seen,
      () => `no run was made: ${lab.reported}`,
      90_000,
    );
    lab.session.connector.reconsider(true);
  };
  const verdictOf = async (run: Run): Promise<string> => {
    const { store } = await lab.connections.require();
    const parts: Uint8Array[] = [];
    for await (const part of (await store.downloadArtifact(run.runId, 'flowdeck/reproduction.md')).body)
      parts.push(part);
    return Buffer.concat(parts).toString('utf8');
  };

  let remembered: vscode.Task | undefined;

  it('launches a run again from its commit and its stored changes, beside it, and saves the verdict', async () => {
    lab.write({ 'value.txt': '4' });
    const { run } = await lab.run(lab.request('main', { factor: '10', note: "it's" }));
    const { store } = await lab.connections.require();
    const patch = git(lab.folder, 'diff');
    await store.logBatch(run.runId, {
      tags: { 'mlflow.source.git.diff': patch, 'mlflow.parentRunId': run.runId.replace(/./g, 'f') },
    });
    original = await lab.get(run.runId);
    git(lab.folder, 'checkout', '-q', '--', '.');
    lab.write({ 'value.txt': '100' });
    lab.commit('a hundred');
    lab.picked.splice(0, lab.picked.length, run.runId);
    const details: string[] = [];
    const started = vscode.tasks.onDidStartTask(({ execution }) => {
      remembered = execution.task;
    });
    const script = new Script(({ kind, choices, message }) => {
      details.push(message);
      return kind === 'information' && choices.includes('Save with Run')
        ? 'Save with Run'
        : choices.find((choice) => choice.startsWith('Reproduce with This'));
    });
    try {
      await reproduceRun(await lab.tasks.shared(), lab.tasks, []);
      const message = await follow(script, /ended as/);
      assert.match(
        message,
        /^Run .* reproduced ended as FINISHED: 4 values are the same as those of .*, 0 differ, 0 are unknown\.$/,
      );
    } finally {
      script.restore();
      started.dispose();
    }
    const facts = script.shown.find(({ detail }) => detail !== '')?.detail ?? '';
    assert.match(facts, /Commit: [0-9a-f]{7} of .*again/);
    assert.match(facts, /Uncommitted changes: a stored patch/);
    assert.match(facts, /Parameters: factor=10, note=it's/);
    assert.match(facts, /program logs them itself: own/);
    assert.match(facts, /Neither the project nor a model tells its environment/);
    const again = (await lab.runs()).at(-1);
    assert.ok(again);
    assert.equal(again.metrics.score?.value, 40);
    assert.equal(again.tags['flowdeck.reproduces'], original.runId);
    assert.equal(again.tags['mlflow.parentRunId'], original.tags['mlflow.parentRunId']);
    assert.equal(again.tags['mlflow.source.git.commit'], original.tags['mlflow.source.git.commit']);
    await until(
      () =>
        verdictOf(again).then(
          (text) => /\| score \| 40 \| 40 \| same \|/.test(text),
          () => false,
        ),
      () => 'the verdict was not saved',
    );
    assert.deepEqual(lab.worktrees(), []);
    assert.equal(fs.readFileSync(path.join(lab.folder, 'value.txt'), 'utf8'), '100');
  });

  it('launches the same once more when VS Code is told to rerun its last task, from a working tree made anew', async () => {
    const before = new Set((await lab.runs()).map(({ runId }) => runId));
    const script = new Script(() => undefined);
    try {
      await vscode.commands.executeCommand('workbench.action.tasks.reRunTask');
      assert.match(await follow(script, /ended as/), /ended as FINISHED: 4 values are the same .*, 0 differ/);
    } finally {
      script.restore();
    }
    const [again, ...others] = (await lab.runs()).filter(({ runId }) => !before.has(runId));
    assert.deepEqual([again?.metrics.score?.value, others], [40, []]);
    assert.equal(again?.tags['flowdeck.reproduces'], original.runId);
    assert.deepEqual(lab.worktrees(), []);
  });

  it('is not launched without its commit and changes from the list of tasks used recently', async () => {
    const before = (await lab.runs()).length;
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder && remembered);
    // As VS Code does: it keeps the definition alone, and asks who provides such tasks for the rest.
    const resolved = lab.tasks.resolveTask(new vscode.Task(remembered.definition, folder, remembered.name, 'MLflow'));
    assert.ok(resolved);
    lab.reported.length = 0;
    await vscode.tasks.executeTask(resolved);
    await until(
      () => lab.reported.length > 0 && vscode.tasks.taskExecutions.length === 0,
      () => `${lab.reported}; ${vscode.tasks.taskExecutions.length} tasks run`,
    );
    assert.match(lab.reported.join(), /a run at its commit, stands in no task/);
    assert.equal((await lab.runs()).length, before);
    lab.reported.length = 0;
  });

  it('says what differs when the program does not do the same again', async () => {
    const { store } = await lab.connections.require();
    await store.logMetric(original.runId, { key: 'score', value: 41, timestamp: Date.now(), step: 2 });
    const script = new Script(({ choices }) => choices.find((choice) => choice.startsWith('Reproduce with This')));
    try {
      await reproduceRun(await lab.tasks.shared(), lab.tasks, []);
      assert.match(await follow(script, /ended as/), /3 values are the same .*, 1 differ, 0 are unknown/);
      assert.equal(script.shown.at(-1)?.kind, 'warning');
    } finally {
      script.restore();
    }
  });

  it('refuses runs without a commit, and those whose patch does not fit, launching nothing', async () => {
    const { store } = await lab.connections.require();
    const bare = await store.createRun({ experimentId: original.experimentId, tags: { 'mlflow.source.name': 'x.py' } });
    const broken = await store.createRun({
      experimentId: original.experimentId,
      tags: {
        ...original.tags,
        'mlflow.source.git.diff':
          'diff --git a/value.txt b/value.txt\n--- a/value.txt\n+++ b/value.txt\n@@ -1 +1 @@\n-nothing like it\n+x\n',
      },
    });
    const before = (await lab.runs()).length;
    lab.picked.splice(0, 1, bare.runId);
    await assert.rejects(reproduceRun(await lab.tasks.shared(), lab.tasks, []), /does not say which commit/);
    lab.picked.splice(0, 1, broken.runId);
    lab.reported.length = 0;
    const script = new Script(({ choices }) => choices.find((choice) => choice.startsWith('Reproduce with This')));
    await reproduceRun(await lab.tasks.shared(), lab.tasks, []);
    await until(
      () => lab.reported.length > 0,
      () => 'nothing was said of the patch',
      60_000,
    ).finally(() => script.restore());
    assert.match(lab.reported.join(), /patch/);
    assert.deepEqual([(await lab.runs()).length, lab.worktrees()], [before, []]);
    lab.reported.length = 0;
  });

  it('finds the commit that moved a metric, using the runs that are there', async () => {
    const values = ['3', '3', '3', '9', '9', '9'];
    const commits: string[] = [];
    for (const [at, value] of values.entries()) {
      lab.write({ 'value.txt': value, 'other.txt': String(at) });
      commits.push(lab.commit(`step ${at}`));
    }
    const at = async (version: string) => (await lab.run(lab.request('main', { factor: '1' }, { version }))).run;
    const good = await at(commits[0] ?? '');
    const bad = await at(commits[5] ?? '');
    await at(commits[2] ?? '');
    // With another factor its value says nothing: the search would end at the commit after it.
    const other = (await lab.run(lab.request('main', { factor: '0.3' }, { version: commits[4] ?? '' }))).run;
    const before = (await lab.runs()).length;
    lab.picked.splice(0, lab.picked.length, good.runId, bad.runId);
    const kept = new OpenBisections(lab.platform.context.workspaceState);
    // Whoever leaves the question finds it again: in this window by the command, in the next one by itself.
    const left = new Script(({ kind, message }) =>
      kind === 'quickPick' ? (/good one/.test(message) ? good.name : 'score') : undefined,
    );
    await bisectMetric(await lab.tasks.shared(), lab.tasks, []).finally(() => left.restore());
    const [open, ...others] = kept.all();
    assert.deepEqual(others, []);
    assert.deepEqual(
      [open?.good, open?.bad, open?.metric, open?.names, open?.open],
      [good.runId, bad.runId, 'score', [good.name, bad.name], 2],
    );
    assert.ok(open && commits.slice(3, 5).includes(open.next), `${open?.next} is next`);
    const asked: string[] = [];
    const again: Promise<void>[] = [];
    const script = new Script(({ kind, message, choices }) => {
      if (kind === 'quickPick') asked.push(message);
      const choice = choices.find((one) => one === 'Launch There' || one.includes('Go on bisecting score'));
      if (choice === 'Launch There') again.push(reconnectAtNextRun());
      return choice;
    });
    try {
      await bisectMetric(await lab.tasks.shared(), lab.tasks, []);
      assert.deepEqual(asked, ['What has not ended can be gone on with']);
      const message = await follow(script, /score moved/);
      assert.match(message, new RegExp(`^score moved to 9 at ${commits[3]?.slice(0, 7)} "step 3" \\(Ada\\)\\.$`));
      await Promise.all(again);
    } finally {
      script.restore();
    }
    const launched = (await lab.runs()).slice(before);
    assert.ok(launched.length >= 1 && launched.length <= 2, `${launched.length} were launched`);
    assert.ok(launched.every(({ tags }) => tags['flowdeck.bisects'] === 'score'));
    assert.deepEqual(kept.all(), [], 'what was found is no longer open');
    assert.deepEqual(lab.worktrees(), []);
    lab.picked.splice(0, lab.picked.length, bad.runId, good.runId);
    const swapped = new Script(({ kind, message }) =>
      kind === 'quickPick' ? (/good one/.test(message) ? bad.name : 'score') : undefined,
    );
    await assert
      .rejects(bisectMetric(await lab.tasks.shared(), lab.tasks, []), /does not come after/)
      .finally(() => swapped.restore());
    lab.picked.splice(0, lab.picked.length, other.runId, bad.runId);
    const unequal = new Script(({ kind, message }) =>
      kind === 'quickPick' ? (/good one/.test(message) ? other.name : 'score') : undefined,
    );
    await bisectMetric(await lab.tasks.shared(), lab.tasks, []).finally(() => unequal.restore());
    assert.deepEqual(unequal.texts('warning'), [`${other.name} and ${bad.name} differ in their params: factor.`]);
    assert.deepEqual(kept.all(), [], 'nothing is begun before a person says so');
  });

  it('goes round commits that cannot be launched, and those that a person passes over', async () => {
    const values = ['3', '9', '9', '9', '9'];
    const commits: string[] = [];
    for (const [at, value] of values.entries()) {
      const project = at === 2 ? 'entry_points: [' : (labFiles.MLproject ?? '');
      lab.write({ 'value.txt': value, 'note.txt': `unfit ${at}`, MLproject: project });
      commits.push(lab.commit(`unfit ${at}`));
    }
    const at = async (version?: string) =>
      (await lab.run(lab.request('main', { factor: '1' }, version === undefined ? {} : { version }))).run;
    const [good, bad] = [await at(commits[0]), await at(commits[4])];
    const { uri } = await lab.connections.require();
    lab.picked.splice(0, lab.picked.length, good.runId, bad.runId);
    const before = (await lab.runs()).length;
    const script = new Script(({ choices, message }) =>
      choices.find((one) => one === (message.includes('"unfit 1"') ? 'Skip' : 'Launch There')),
    );
    try {
      const of = { uri, good: good.runId, bad: bad.runId, metric: 'score' };
      await bisectMetric(await lab.tasks.shared(), lab.tasks, goOnArguments(of));
      const moved = () => script.texts('information').find((text) => /score moved/.test(text));
      await until(
        () => moved() !== undefined,
        () => `it did not go on: ${lab.reported} ${JSON.stringify(script.shown)}`,
        150_000,
      );
      assert.match(moved() ?? '', /^score moved at one of 3 commits, .* The last is [0-9a-f]{7} "unfit 3" \(Ada\)\.$/);
    } finally {
      script.restore();
    }
    assert.equal(lab.reported.length, 1, `${lab.reported}`);
    assert.match(lab.reported.join(), /^run main: .*MLproject/);
    const launched = (await lab.runs()).slice(before);
    assert.deepEqual(
      launched.map(({ tags }) => tags['mlflow.source.git.commit']),
      [commits[3]],
    );
    assert.deepEqual([lab.worktrees(), new OpenBisections(lab.platform.context.workspaceState).all()], [[], []]);
    lab.reported.length = 0;
  });

  it('keeps over the end of a window that a commit was tried in vain, until a person stops', async () => {
    const values = ['3', '9', '9', '9'];
    const commits: string[] = [];
    for (const [at, value] of values.entries()) {
      const program = at === 1 ? 'raise SystemExit(1)\n' : (labFiles['main.py'] ?? '');
      lab.write({ 'value.txt': value, 'note.txt': `${at}`, 'main.py': program });
      commits.push(lab.commit(`broken ${at}`));
    }
    const at = async (version?: string) =>
      (await lab.run(lab.request('main', { factor: '1' }, version === undefined ? {} : { version }))).run;
    const [good, bad] = [await at(commits[0]), await at(commits[3])];
    const { uri } = await lab.connections.require();
    const { workspaceState } = lab.platform.context;
    // As the window that has gone left it.
    const of = { uri, good: good.runId, bad: bad.runId, metric: 'score' };
    const left = { ...of, names: [good.name, bad.name] as const, open: 2, next: commits[2] ?? '' };
    const kept = new OpenBisections(workspaceState);
    await kept.keep({ ...left, tried: [{ commit: commits[1] ?? '', failed: true }] });
    lab.picked.splice(0, lab.picked.length, good.runId, bad.runId);
    const before = (await lab.runs()).length;
    const script = new Script(({ choices, message }) =>
      /has not ended/.test(message) ? 'Stop Bisecting' : choices.find((choice) => choice === 'Launch There'),
    );
    try {
      await bisectMetric(await lab.tasks.shared(), lab.tasks, goOnArguments(left));
      // The third one is bad, and of the second one nothing can be known: it was not launched once more.
      const message = await follow(script, /score moved/);
      assert.match(
        message,
        /^score moved at one of 2 commits, whose runs gave no value\. The last is [0-9a-f]{7} "broken 2"/,
      );
      const launched = (await lab.runs()).slice(before);
      assert.deepEqual(
        launched.map(({ tags }) => tags['mlflow.source.git.commit']),
        [commits[2]],
      );
      assert.deepEqual(
        script.shown.filter(({ kind }) => kind === 'quickPick'),
        [],
      );
      await kept.keep({ ...left, tried: [] });
      await kept.keep({ ...left, uri: 'http://127.0.0.1:1', tried: [] });
      await offerLeftBisections(kept, lab.connections, uri);
      const offered = script.texts('information').filter((text) => /has not ended/.test(text));
      assert.deepEqual(offered, [
        `Bisecting score between ${good.name} and ${bad.name} has not ended: 2 commits are still open, ${commits[2]?.slice(0, 7)} is next.`,
      ]);
      assert.deepEqual(
        kept.all().map((one) => one.uri),
        ['http://127.0.0.1:1'],
      );
    } finally {
      script.restore();
    }
  });
});
