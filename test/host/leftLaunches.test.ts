import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { projectStorage } from '../../src/platform/projectStorage';
import { LaunchesUnderWay, type UnderWay } from '../../src/projects/launch/underWay';
import { keptRetry } from '../../src/projects/request/sweepSpec';
import { definitionOf } from '../../src/projects/request/taskDefinition';
import { settleLeft } from '../../src/projects/tasks/leftLaunches';
import { memento } from '../support/memento';
import { until } from '../support/processTree';
import { runsOver, Script } from './connectionsHarness';
import { LaunchLab } from './launchLab';

/** What a window that is gone has left behind, found by the next one. */
describe('launches whose window is gone', function () {
  this.timeout(240_000);
  let lab: LaunchLab;
  /** A process that was and is no more. */
  const { pid: dead } = spawnSync(process.execPath, ['--version'], { env: { ELECTRON_RUN_AS_NODE: '1' } });

  before(async () => {
    lab = await LaunchLab.open('left');
  });
  after(() => lab?.close());

  const settle = async (kept: ReturnType<typeof memento>, longestWait?: number) => {
    const { platform, connections, tasks, picked, revealed } = lab;
    const runs = runsOver(connections, picked, revealed);
    const underWay = new LaunchesUnderWay(kept, projectStorage(platform.context));
    await settleLeft({ platform, connections, runs, tasks, underWay }, await connections.require(), longestWait);
    return underWay.all();
  };
  const openRun = async (name: string) => {
    const { store } = await lab.connections.require();
    const experimentId =
      (await store.getExperimentByName('lab'))?.experimentId ?? (await store.createExperiment('lab'));
    return (await store.createRun({ experimentId, name })).runId;
  };
  const record = async (key: string, more: Partial<UnderWay> = {}): Promise<UnderWay> => ({
    key,
    pids: [dead],
    uri: (await lab.connections.require()).uri,
    folder: vscode.workspace.workspaceFolders?.[0]?.uri.toString() ?? '',
    what: key,
    definition: definitionOf(lab.request('main', { factor: '7' })),
    ...more,
  });

  it('have their runs closed and their working trees taken away, and are launched again', async () => {
    const runId = await openRun('interrupted');
    const checkout = await (await lab.tasks.shared()).checkouts.ofFolder(lab.folder, 'main');
    // Its process had the number that ours has now.
    const left = await record('main (left)', { pids: [process.pid], window: 'w', runId, checkout: checkout.left() });
    const before = (await lab.runs()).length;
    const script = new Script(({ choices }) => choices.find((choice) => choice === 'Launch Again'));
    try {
      assert.deepEqual(await settle(memento({ 'flowdeck.projects.underWay': [left] })), []);
      assert.deepEqual(script.texts('warning'), ['main (left) was stopped when its window closed: run interrupted.']);
      assert.deepEqual(lab.worktrees(), []);
      await until(
        async () => (await lab.runs()).slice(before).some(({ status }) => status === 'FINISHED'),
        () => `nothing was launched again: ${lab.reported}`,
        90_000,
      );
    } finally {
      script.restore();
    }
    const readBack = `import mlflow; run = mlflow.get_run("${runId}"); print("read", run.info.status, run.info.end_time is not None)`;
    assert.match(await lab.server.python(readBack), /^read KILLED True$/m);
    assert.equal((await lab.runs()).at(-1)?.params.factor, '7');
  });

  it('are what is missing of a sweep, under the parent that is there', async () => {
    const runId = await openRun('sweep of main');
    const sweep = { method: 'grid', samples: 1, seed: 1, parallel: 1, values: new Map([['factor', '1..3']]) } as const;
    const left = await record('main (left)', {
      runId,
      definition: definitionOf(lab.request('main', {}, { sweep })),
      retry: keptRetry({ parentRunId: runId, runs: [new Map([['factor', '3']])] }),
    });
    const script = new Script(({ choices }) => choices.find((choice) => choice === 'Launch Again'));
    try {
      await settle(memento({ 'flowdeck.projects.underWay': JSON.parse(JSON.stringify([left])) }));
      await until(
        async () => (await lab.get(runId)).status === 'FINISHED',
        () => `it was not gone on with: ${lab.reported}`,
        90_000,
      );
    } finally {
      script.restore();
    }
    const children = (await lab.runs()).filter(({ tags }) => tags['mlflow.parentRunId'] === runId);
    assert.deepEqual(
      children.map(({ name, status }) => `${name} ${status}`),
      ['factor=3 FINISHED'],
    );
  });

  it('are told of together where there are several, those of a sweep once', async () => {
    const ids = [await openRun('sweep of main'), await openRun('child'), await openRun('second')];
    const records = await Promise.all([
      record('main', { runId: ids[0] ?? '' }),
      record('main', { key: 'child', runId: ids[1] ?? '', quiet: true }),
      record('other', { runId: ids[2] ?? '' }),
    ]);
    const script = new Script(({ choices }) => choices.find((choice) => choice === 'Launch Again…'));
    try {
      await settle(memento({ 'flowdeck.projects.underWay': records }));
    } finally {
      script.restore();
    }
    assert.deepEqual(script.texts('warning'), ['2 launches were stopped when their window closed: main, other.']);
    const asked = script.shown.find(({ kind }) => kind === 'quickPick');
    assert.deepEqual(asked?.choices, ['main', 'other']);
    for (const id of ids) assert.equal((await lab.get(id)).status, 'KILLED');
  });

  it('are left alone while another window is at them, at another server, or when they finished', async () => {
    const { store } = await lab.connections.require();
    const [alive, elsewhere, done] = [await openRun('alive'), await openRun('elsewhere'), await openRun('done')];
    await store.updateRun(done, { status: 'FINISHED' });
    const records = [
      await record('alive', { runId: alive, pids: [dead, process.ppid] }),
      await record('elsewhere', { runId: elsewhere, uri: 'http://127.0.0.1:1' }),
      await record('done', { runId: done }),
      await record('gone', { runId: 'f'.repeat(32) }),
    ];
    const script = new Script(() => undefined);
    try {
      const kept = memento({ 'flowdeck.projects.underWay': [...records, { key: 5 }] });
      assert.deepEqual(
        (await settle(kept, 600)).map(({ key }) => key),
        ['alive', 'elsewhere'],
      );
    } finally {
      script.restore();
    }
    assert.deepEqual(script.shown, []);
    for (const id of [alive, elsewhere]) assert.equal((await lab.get(id)).status, 'RUNNING');
  });

  it('are what runs: begun with the run, over with its end', async () => {
    const { underWay } = await lab.tasks.shared();
    const { ended } = await lab.start(lab.request('forever', { n: 'x' }));
    await until(
      () => fs.readdirSync(lab.folder).some((name) => name.endsWith('.started')),
      () => `it did not start: ${lab.reported}`,
      90_000,
    );
    const [launch, ...others] = underWay.all();
    assert.deepEqual(others, []);
    assert.equal(launch?.what, 'forever (left)');
    assert.ok(launch.runId && fs.existsSync(path.join(lab.folder, `${launch.runId}.started`)));
    assert.equal(launch.pids[0], process.pid);
    assert.deepEqual([launch.pids.length, launch.starts?.length], [2, 2]);
    assert.doesNotMatch(JSON.stringify(launch), /password|token/i);
    lab.terminate(/^forever/);
    await ended;
    await until(
      () => underWay.all().length === 0,
      () => JSON.stringify(underWay.all()),
    );
  });
});
