import assert from 'node:assert/strict';
import fs from 'node:fs';
import * as vscode from 'vscode';
import { FormSession } from '../../src/projects/form/formSession';
import type { SweepSpec } from '../../src/projects/request/sweepSpec';
import { LaunchMemory } from '../../src/projects/tasks/launchMemory';
import { startMlflowServer } from '../support/mlflowServer';
import { until, untilGone } from '../support/processTree';
import { configure, runsOver, Script } from './connectionsHarness';
import { LaunchLab } from './launchLab';

const parentTag = 'mlflow.parentRunId';
const sweep = (values: Record<string, string>, change: Partial<SweepSpec> = {}): SweepSpec => ({
  method: 'grid',
  samples: 4,
  seed: 1,
  parallel: 2,
  values: new Map(Object.entries(values)),
  ...change,
});

describe('sweeps and the queue', function () {
  // Several launches each, on a machine that may be busy with other things.
  this.timeout(240_000);
  let lab: LaunchLab;

  before(async () => {
    lab = await LaunchLab.open('sweeping');
  });
  after(() => lab?.close());

  const children = async (parent: string) => (await lab.runs()).filter(({ tags }) => tags[parentTag] === parent);

  it('launches every combination under one parent, at most so many at a time', async () => {
    const request = lab.request('main', { note: 'a b' }, { sweep: sweep({ factor: '1, 2, 4' }) });
    const { run, ended } = await lab.run(request);
    assert.deepEqual([ended.result, run.status, run.name], ['FINISHED', 'FINISHED', 'sweep of main']);
    assert.ok('counts' in ended);
    assert.deepEqual(ended.counts, { FINISHED: 3, FAILED: 0, KILLED: 0 });
    assert.match(run.tags['flowdeck.sweep'] ?? '', /^grid of 3: factor in 1, 2, 4$/);
    const runs = await children(run.runId);
    assert.deepEqual(
      runs.map((child) => [child.name, child.params.note, child.metrics.score?.value, child.status]).sort(),
      [
        ['factor=1', 'a b', 3, 'FINISHED'],
        ['factor=2', 'a b', 6, 'FINISHED'],
        ['factor=4', 'a b', 12, 'FINISHED'],
      ],
    );
    const intervals = runs.map(({ startTime, endTime = 0 }) => [startTime, endTime] as const);
    const atOnce = intervals.map(([at]) => intervals.filter(([from, to]) => from <= at && at < to).length);
    assert.ok(Math.max(...atOnce) <= 2, `${atOnce}`);
  });

  it('stops all of it, and calls parent and children killed', async () => {
    const { ended } = await lab.start(lab.request('forever', {}, { sweep: sweep({ n: '1..6' }) }));
    const started = () => fs.readdirSync(lab.folder).filter((name) => name.endsWith('.started'));
    await until(
      () => started().length === 2,
      () => `${started().length} started: ${lab.reported}`,
      90_000,
    );
    lab.terminate(/^forever/);
    const end = await ended;
    assert.equal(end.result, 'KILLED');
    assert.equal('unfinished' in end && end.unfinished.length, 6, 'what never began can be launched later too');
    const parent = await lab.get(end.runId ?? '');
    const runs = await children(parent.runId);
    assert.deepEqual([parent.status, ...runs.map(({ status }) => status)], ['KILLED', 'KILLED', 'KILLED']);
    for (const { runId } of runs) assert.deepEqual(await untilGone(runId, 500), []);
  });

  it('stays at its server wherever the window goes: its runs, its end, and what is tried again', async () => {
    const other = await startMlflowServer('3.17.2');
    const goTo = async (uri: string) => {
      await configure('trackingUri', uri);
      assert.equal((await lab.session.connector.retry())?.uri, uri);
    };
    const presses = ['Retry 1 Failed', 'Show Run'];
    const script = new Script(({ choices }) => (choices.includes(presses[0] ?? '') ? presses.shift() : undefined));
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder);
    const ended = (pattern: RegExp) =>
      until(
        () => script.shown.some(({ message }) => pattern.test(message)),
        () => `${pattern} was not shown: ${lab.reported} ${JSON.stringify(script.shown)}`,
        120_000,
      );
    try {
      const before = lab.revealed.length;
      lab.reported.length = 0;
      await lab.tasks.run(lab.request('main', {}, { sweep: sweep({ factor: '1, 2, x' }, { parallel: 1 }) }), folder);
      // The parent is shown before the first of its runs is made.
      await until(
        () => lab.revealed.length > before,
        () => `no parent: ${lab.reported}`,
        60_000,
      );
      const parent = lab.revealed[before] ?? '';
      await goTo(other.uri);
      await ended(/^The sweep of main \(sweeping\) ended: 2 of 3 runs finished\. \(http:.*\)$/);
      await ended(/^The sweep of main \(sweeping\) ended: 0 of 1 runs finished\. \(http:.*\)$/);
      await ended(new RegExp(`^This was launched at ${lab.server.uri}, and this window works with ${other.uri}\\.$`));
      assert.deepEqual(await lab.runs(), [], 'nothing is made at the other server');
      await goTo(lab.server.uri);
      assert.deepEqual((await children(parent)).map(({ name, status }) => `${name} ${status}`).sort(), [
        'factor=1 FINISHED',
        'factor=2 FINISHED',
        'factor=x FAILED',
        'factor=x FAILED',
      ]);
      assert.equal((await lab.get(parent)).status, 'FAILED');
      assert.deepEqual(lab.reported, []);
    } finally {
      script.restore();
      await goTo(lab.server.uri);
      await other.dispose();
    }
  });

  it('refuses a sweep with a bad value before anything stands on the server', async () => {
    const before = (await lab.runs()).length;
    const attempt = async (values: Record<string, string>) =>
      (await lab.start(lab.request('main', {}, { sweep: sweep(values) }))).ended;
    await assert.rejects(attempt({ factor: '0.1..0.5' }), /a grid needs/);
    await assert.rejects(attempt({ 'a;b': '1, 2' }), /"a;b"/);
    lab.write({
      'files/MLproject':
        'entry_points: {main: {parameters: {data: path, n: string}, command: "python x.py {data} {n}"}}',
      'files/here.txt': '',
    });
    const values = { data: 'here.txt, MLproject, gone.txt', n: '1, 2' };
    const overFiles = { ...lab.request('main', {}, { sweep: sweep(values) }), project: 'sweeping/files' };
    await assert.rejects((await lab.start(overFiles)).ended, /data: there is no file or folder gone\.txt/);
    lab.store.refresh();
    const [found, runs] = [await lab.store.get(), runsOver(lab.connections, [], [])];
    const { platform, connections, store, tasks } = lab;
    const memory = new LaunchMemory({ get: <T>() => undefined as T, update: async () => undefined });
    const project = found.find(({ path }) => path === 'sweeping/files');
    assert.ok(project);
    const form = new FormSession(
      { platform, connections, runs, tasks, memory, store },
      { found: project, entryPoint: 'main' },
    );
    const { choice } = await form.model();
    const varied = { ...choice, values, sweep: { ...choice.sweep, varied: ['data', 'n'] } };
    assert.deepEqual((await form.examine(varied)).problems, { data: 'There is no file or folder gone.txt.' });
    const there = { ...values, data: 'here.txt, MLproject' };
    assert.deepEqual(await form.examine({ ...varied, values: there }), { problems: {}, runs: 4 });
    assert.equal((await lab.runs()).length, before);
  });

  it('lets launches wait for their turn, also two of the same task', async () => {
    await configure('projects.maxRunning', 1);
    try {
      const request = lab.request('forever', { n: 'queue' });
      const first = await lab.start(request);
      await until(
        () => fs.readdirSync(lab.folder).filter((name) => name.endsWith('.started')).length > 2,
        () => `the first did not start: ${lab.reported}`,
        90_000,
      );
      const before = (await lab.runs()).length;
      const second = await lab.start(request);
      const room = await lab.tasks.shared();
      await until(
        () => room.queue.length === 1,
        () => 'the second does not wait',
      );
      assert.equal((await lab.runs()).length, before);
      const [running] = vscode.tasks.taskExecutions.filter(
        ({ task }) => task.definition.id === undefined && /^forever/.test(task.name),
      );
      running?.terminate();
      assert.equal((await first.ended).result, 'KILLED');
      await until(
        async () => (await lab.runs()).length === before + 1,
        () => 'the second was not let in',
        60_000,
      );
      lab.terminate(/^forever/);
      assert.equal((await second.ended).result, 'KILLED');
    } finally {
      await configure('projects.maxRunning', undefined);
    }
  });

  it('fills the form with what is known, checks it as the launch would, and launches it', async () => {
    const { labFiles } = await import('./launchLab');
    lab.write(labFiles);
    lab.store.refresh();
    const found = (await lab.store.get()).find((project) => project.path === lab.name);
    assert.ok(found);
    const kept = new Map<string, unknown>();
    const memory = new LaunchMemory({
      get: <T>(key: string) => kept.get(key) as T,
      update: async (key: string, value: unknown) => void kept.set(key, value),
    });
    const [prior] = await lab.runs();
    lab.picked.splice(0, 1, prior?.runId ?? '');
    const { platform, connections, store, tasks } = lab;
    const runs = runsOver(connections, lab.picked, []);
    const session = new FormSession(
      { platform, connections, runs, tasks, memory, store },
      { found, entryPoint: 'main' },
    );
    const model = await session.model();
    assert.deepEqual(
      model.entryPoints.map(({ name }) => name),
      ['main', 'say', 'breaks', 'forever'],
    );
    assert.deepEqual(model.choice.values, { factor: '2', note: 'plain' });
    assert.ok(model.experiments.includes('lab') && model.backends.includes('kubernetes'));
    const bad = { ...model.choice, values: { factor: 'fast', note: 'x' } };
    assert.deepEqual((await session.examine(bad)).problems, { factor: 'factor is a float: type a number.' });
    assert.deepEqual(Object.keys((await session.start(bad, false, model.server)).problems), ['factor']);
    const varied = {
      ...model.choice,
      values: { factor: '1..3', note: 'a, b' },
      sweep: { ...model.choice.sweep, varied: ['factor', 'note'] },
    };
    assert.deepEqual(await session.examine(varied), { problems: {}, runs: 6 });
    assert.deepEqual(await session.paramsOfRun('main'), {});
    await assert.rejects(session.start(model.choice, false, 'http://127.0.0.1:1'), /no longer with http:\/\/127/);
    const before = (await lab.runs()).length;
    const check = await session.start(
      { ...model.choice, values: { factor: '9', note: 'by form' }, experiment: 'lab' },
      false,
      model.server,
    );
    assert.deepEqual(check, { problems: {}, runs: 1 });
    await until(
      async () =>
        (await lab.runs())
          .slice(before)
          .some(({ status, params }) => status === 'FINISHED' && params.note === 'by form'),
      () => `the form launched nothing: ${lab.reported}`,
      90_000,
    );
    assert.equal((await session.model()).history[0]?.choice.values.factor, '9');
  });
});
