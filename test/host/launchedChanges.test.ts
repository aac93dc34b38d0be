import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { projectStorage } from '../../src/platform/projectStorage';
import { keepChanges, named } from '../../src/projects/launch/keptChanges';
import { LaunchesUnderWay, type UnderWay } from '../../src/projects/launch/underWay';
import { settleLeft } from '../../src/projects/tasks/leftLaunches';
import { storeChanges } from '../../src/source/storeChanges';
import { WorkspaceRepositories } from '../../src/source/workspaceRepositories';
import { becomes } from '../support/eventually';
import { memento } from '../support/memento';
import { until } from '../support/processTree';
import { configure, runsOver, Script } from './connectionsHarness';
import { isOldestHost } from './generations';
import { git, LaunchLab } from './launchLab';

const patchTag = 'flowdeck.git.patch';
/** Put together here, so that no scanner takes this file for a leak. */
const awsKey = ['AKIA', 'QWERTYUIOPASDFGH'].join('');

describe('what is not committed when a run is launched', function () {
  if (isOldestHost) return;
  // Several launches each, on a machine that may be busy with other things.
  this.timeout(240_000);
  let lab: LaunchLab;
  let restore = () => {};

  before(async () => {
    lab = await LaunchLab.open('changed');
    const { platform, connections } = lab;
    const repositories = new WorkspaceRepositories([], platform.log);
    const services = { platform, connections, runs: runsOver(connections, [], []), repositories };
    // In place of the extension's own, which is at another server.
    const real = vscode.commands.executeCommand;
    const own = (command: string, ...args: readonly unknown[]): unknown =>
      command === 'flowdeck.source.storeChanges'
        ? storeChanges(services, args[0])
        : real.call(vscode.commands, command, ...args);
    Object.assign(vscode.commands, { executeCommand: own });
    restore = () => void Object.assign(vscode.commands, { executeCommand: real });
  });
  after(async () => {
    restore();
    await configure('projects.storeChanges', undefined);
    await lab?.close();
  });
  afterEach(() => git(lab.folder, 'checkout', '-q', '--', '.'));

  const patchOf = async (runId: string) => {
    const { store } = await lab.connections.require();
    const { tags } = await store.getRun(runId);
    const parts: Uint8Array[] = [];
    for await (const part of (await store.downloadArtifact(runId, tags[patchTag] ?? '')).body) parts.push(part);
    return Buffer.concat(parts).toString();
  };

  it('is offered when the run has ended, as it was when it began', async () => {
    lab.write({ 'value.txt': '5', 'new file.txt': 'x' });
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder);
    const before = lab.revealed.length;
    const script = new Script(({ choices }) => (choices.includes('Store Changes') ? 'Store Changes' : undefined));
    try {
      await lab.tasks.run(lab.request('main'), folder);
      await until(
        () => lab.revealed.length > before,
        () => `no run: ${lab.reported}`,
        90_000,
      );
      lab.write({ 'value.txt': '7' });
      await until(
        () => script.texts('information').length === 3,
        () => JSON.stringify(script.shown),
        90_000,
      );
    } finally {
      script.restore();
    }
    const [offered, stored, again] = script.shown.filter(({ kind }) => kind === 'information');
    assert.match(offered?.message ?? '', /^main \(changed\) finished: run/);
    assert.deepEqual(offered?.choices, ['Store Changes', 'Open Charts', 'Show Run']);
    assert.match(stored?.message ?? '', /^Tagged run .* with the changes that were not committed\./);
    assert.deepEqual(again?.choices, ['Open Charts', 'Show Run'], 'what else can be done is still to be chosen');
    const patch = await patchOf(lab.revealed[before] ?? '');
    assert.match(patch, /^# Untracked files that are not in it:\n# {3}"new file\.txt"\n/m);
    const file = path.join(lab.storage, 'changes.patch');
    fs.writeFileSync(file, patch);
    git(lab.folder, 'checkout', '-q', '--', '.');
    git(lab.folder, 'apply', file);
    assert.equal(fs.readFileSync(path.join(lab.folder, 'value.txt'), 'utf8'), '5');
    fs.rmSync(path.join(lab.folder, 'new file.txt'));
  });

  it('is stored unasked where the setting says so, unless it may be a secret; or never', async () => {
    await configure('projects.storeChanges', 'always');
    lab.write({ 'value.txt': '5' });
    const script = new Script(() => undefined);
    try {
      const stored = await lab.run(lab.request('main'));
      assert.deepEqual(stored.ended.changes, []);
      assert.match(stored.run.tags[patchTag] ?? '', /^flowdeck\/uncommitted-[0-9a-f]{12}\.patch$/);
      assert.match(await patchOf(stored.run.runId), /^\+5$/m);
      lab.write({ 'lab.py': `${fs.readFileSync(path.join(lab.folder, 'lab.py'), 'utf8')}\nkey = "${awsKey}"\n` });
      const doubtful = await lab.run(lab.request('main'));
      assert.equal(doubtful.run.tags[patchTag], undefined);
      assert.deepEqual(
        doubtful.ended.changes.map(({ runIds }) => runIds),
        [[doubtful.run.runId]],
        'a person is to decide',
      );
      await configure('projects.storeChanges', 'never');
      const never = await lab.run(lab.request('main'));
      assert.deepEqual([never.ended.changes, never.run.tags[patchTag]], [[], undefined]);
      assert.deepEqual(script.shown, [], 'nobody was asked');
    } finally {
      script.restore();
      await configure('projects.storeChanges', undefined);
    }
  });

  it('is asked about before it leaves the machine, where it looks like a secret', async () => {
    const patch = Buffer.from(`diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+key = "${awsKey}"\n`);
    const { run } = await lab.run(lab.request('main'));
    const changes = [{ runIds: [run.runId], patch }];
    const asked = async (button: string | undefined) => {
      const script = new Script(({ kind }) => (kind === 'warning' ? button : undefined));
      const isStored = await vscode.commands.executeCommand('flowdeck.source.storeChanges', { changes });
      script.restore();
      const [dialog] = script.shown;
      assert.deepEqual(dialog?.choices, ['Review the Patch', 'Store the Patch']);
      assert.ok(!dialog.detail.includes(awsKey));
      return isStored;
    };
    assert.equal(await asked(undefined), false);
    assert.equal((await lab.get(run.runId)).tags[patchTag], undefined);
    assert.equal(await asked('Store the Patch'), true);
    assert.equal(await patchOf(run.runId), patch.toString());
    for (const bad of [undefined, {}, { changes: [{ runIds: [5], patch }] }, { changes: [{ runIds: [], patch: 'x' }] }])
      await assert.rejects(async () => vscode.commands.executeCommand('flowdeck.source.storeChanges', bad), TypeError);
  });

  it('of a sweep is offered once, for each of its runs', async () => {
    lab.write({ 'value.txt': '5' });
    const values = new Map([['factor', '1, 2']]);
    const sweep = { method: 'grid' as const, samples: 1, seed: 1, parallel: 2, values };
    const { ended, run } = await lab.run(lab.request('main', {}, { sweep }));
    const children = (await lab.runs()).filter(({ tags }) => tags['mlflow.parentRunId'] === run.runId);
    assert.equal(ended.changes.length, 1);
    assert.deepEqual([...(ended.changes[0]?.runIds ?? [])].sort(), children.map(({ runId }) => runId).sort());
  });

  it('is none of a launch from a working tree of its own', async () => {
    lab.write({ 'value.txt': '5' });
    const { ended } = await lab.run(lab.request('main', {}, { version: 'main' }));
    assert.deepEqual(ended.changes, []);
  });

  describe('and the window goes before the run ends', () => {
    /** A process that was and is no more. */
    const { pid: dead } = spawnSync(process.execPath, ['--version'], { env: { ELECTRON_RUN_AS_NODE: '1' } });
    const changesFolder = () => path.join(projectStorage(lab.platform.context), 'changes');
    const kept = () => fs.readdirSync(changesFolder());
    /** What the next window asks, where Store Changes is answered once. */
    const settle = async (left: readonly UnderWay[]) => {
      const { platform, connections, tasks } = lab;
      const inMemory: unknown = JSON.parse(JSON.stringify(left));
      const underWay = new LaunchesUnderWay(
        memento({ 'flowdeck.projects.underWay': inMemory }),
        projectStorage(platform.context),
      );
      let answers = 0;
      const script = new Script(({ choices }) =>
        choices.includes('Store Changes') && answers++ === 0 ? 'Store Changes' : undefined,
      );
      try {
        const runs = runsOver(connections, [], []);
        await settleLeft({ platform, connections, runs, tasks, underWay }, await connections.require());
      } finally {
        script.restore();
      }
      assert.deepEqual(underWay.all(), []);
      await becomes(kept, []);
      return script.shown.filter(({ kind }) => kind === 'warning');
    };

    it('is asked about as ever where it looks like a secret, be the run finished', async () => {
      const { run } = await lab.run(lab.request('main'));
      const patch = Buffer.from(`diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+key = "${awsKey}"\n`);
      const changes = [{ runIds: [run.runId], patch }];
      await keepChanges(changesFolder(), run.runId, changes);
      const { uri } = await lab.connections.require();
      const own = { key: 'k', pids: [dead], uri, folder: '', what: 'main (changed)', definition: {}, runId: run.runId };
      const [told, dialog, again, ...more] = await settle([{ ...own, changes: named(run.runId, changes) }]);
      assert.equal(
        told?.message,
        'What was not committed when main (changed) was launched is not stored with the run.',
      );
      assert.deepEqual(told?.choices, ['Store Changes']);
      assert.deepEqual(dialog?.choices, ['Review the Patch', 'Store the Patch']);
      assert.deepEqual([again?.message, more], [told?.message, []], 'nobody said that it is not wanted');
      assert.equal((await lab.get(run.runId)).tags[patchTag], undefined);
    });

    it('is offered by the next one where nobody has answered at the end of the run', async () => {
      lab.write({ 'value.txt': '5' });
      const { underWay } = await lab.tasks.shared();
      const [folder] = vscode.workspace.workspaceFolders ?? [];
      assert.ok(folder);
      const unanswered: (() => void)[] = [];
      const { showInformationMessage } = vscode.window;
      const show = () => new Promise<void>((resolve) => unanswered.push(resolve));
      Object.assign(vscode.window, { showInformationMessage: show });
      try {
        await lab.tasks.run(lab.request('main'), folder);
        await until(
          () => unanswered.length === 1 && kept().length === 1,
          () => `nothing is kept: ${lab.reported}`,
          90_000,
        );
      } finally {
        Object.assign(vscode.window, { showInformationMessage });
      }
      const left = underWay.all().map((launch) => ({ ...launch, window: 'gone', pids: [dead], starts: [] }));
      const [told, ...more] = await settle(left);
      assert.match(told?.message ?? '', /^What was not committed when main \(changed\) was launched is not stored/);
      assert.deepEqual([told?.choices, more], [['Store Changes'], []]);
      assert.match(await patchOf(left[0]?.runId ?? ''), /^\+5$/m);
      unanswered[0]?.();
      await becomes(() => underWay.all(), []);
    });

    it('is offered by the next one, as it was when the run began', async () => {
      lab.write({ 'value.txt': '5' });
      const { underWay } = await lab.tasks.shared();
      const { ended } = await lab.start(lab.request('forever'));
      await until(
        () => underWay.all().some(({ changes = [] }) => changes.length > 0) && kept().length === 1,
        () => `nothing is kept: ${lab.reported}`,
        90_000,
      );
      // From here on nothing is forgotten: so it is when VS Code ends. No other launch of this window may follow.
      underWay.close();
      lab.terminate(/^forever/);
      const { runId = '' } = await ended;
      lab.write({ 'value.txt': '7' });
      const left = underWay.all().map((launch) => ({ ...launch, window: 'gone', pids: [dead], starts: [] }));
      const [told, again, ...more] = await settle(left);
      assert.match(told?.message ?? '', /^forever \(changed\) was stopped when its window closed: run /);
      assert.deepEqual(told?.choices, ['Show Run', 'Store Changes', 'Launch Again']);
      assert.deepEqual([again?.choices, more], [['Show Run', 'Launch Again'], []]);
      assert.match(await patchOf(runId), /^\+5$/m);
    });
  });
});
