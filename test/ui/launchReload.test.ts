import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { MlflowServer } from '../support/mlflowServer';
import { processesWith, until, untilGone } from '../support/processTree';
import { hangingProgram } from './support/hangingProgram';
import { openScene, usePython } from './support/scene';
import type { Workbench } from './support/workbench';

const mark = `flowdeck-reload-${process.pid}`;
const mlproject = `name: long
entry_points:
  main:
    parameters:
      n: {type: string, default: "0"}
    command: "python hangs.py {n} ${mark}"
`;

describe('a window that goes while something runs', function () {
  // Each step begins where the one before it ended.
  this.bail(true);
  let server: MlflowServer;
  let workbench: Workbench;

  openScene(
    {
      refreshSeconds: 2,
      settings: { 'flowdeck.projects.parameterForm': 'editor' },
      fill: async (ground) => {
        const long = path.join(ground.folder, 'long');
        mkdirSync(long);
        writeFileSync(path.join(long, 'MLproject'), mlproject);
        writeFileSync(path.join(long, 'hangs.py'), hangingProgram);
        usePython(ground.folder);
        ground.atEnd(async () => assert.deepEqual(await untilGone(mark), []));
      },
    },
    (scene) => ({ server, workbench } = scene),
  );

  /** `[status, n, has a parent, has ended]` of every run, read back as a person's own script would. */
  const runs = async (): Promise<[string, string | null, boolean, boolean][]> => {
    const script = `
from mlflow import MlflowClient
import json
client = MlflowClient()
print('runs ' + json.dumps([[run.info.status, run.data.params.get('n'), 'mlflow.parentRunId' in run.data.tags, run.info.end_time is not None]
    for run in client.search_runs([e.experiment_id for e in client.search_experiments()])]))`;
    return JSON.parse(/^runs (.*)$/m.exec(await server.python(script))?.[1] ?? '[]');
  };
  /** Programs of the project, the deaf ones too. */
  const programs = (count: number) =>
    until(
      () => processesWith(mark).filter((pid) => pid > 0).length >= count,
      () => `${processesWith(mark).length} programs run`,
      120_000,
    );
  const openForm = async () => {
    const projects = await workbench.openView('Projects');
    await (await projects.find(/^long/)).expand();
    await (await projects.find(/^main.*1 parameter/)).inlineAction('Run Entry Point…');
    const page = await workbench.webview(/^Run main/);
    await page.frame.getByRole('heading', { name: 'Run main' }).waitFor();
    return page;
  };

  it('ends the process trees of a launch and a sweep and marks their runs killed', async () => {
    const page = await openForm();
    await page.frame.getByLabel(/^n/).first().fill('single');
    await page.frame.getByRole('button', { name: 'Run', exact: true }).click();
    await page.frame.getByText('Launched.').waitFor();
    await page.frame.getByRole('button', { name: 'Vary n in a sweep' }).click();
    await page.frame.getByLabel(/^n/).first().fill('a, b, c');
    await page.frame.getByLabel('Runs at a time').fill('2');
    await page.frame.getByRole('button', { name: 'Run 3 runs' }).click();
    await programs(6);
    await until(
      async () => (await runs()).filter(([status]) => status === 'RUNNING').length === 4,
      () => 'not all of them run',
      60_000,
    );
    await workbench.reload();
    assert.deepEqual(await untilGone(mark, 30_000), []);
    await until(
      async () => (await runs()).every(([status, , , ended]) => status === 'KILLED' && ended),
      () => 'some run still counts as running',
      60_000,
    );
    const all = await runs();
    assert.deepEqual(
      all.map(([, n, child]) => [n, child]).sort(),
      [
        [null, false],
        ['a', true],
        ['b', true],
        ['single', false],
      ],
      'the third run of the sweep was never begun',
    );
  });

  it('says so after the reload, shows the runs as killed, and launches again what a person chooses', async () => {
    await workbench.openView('Experiments');
    const told = await workbench.keptNotification(/2 launches were stopped when their window closed: main \(long\)/);
    const experiments = workbench.tree('Experiments');
    await (await experiments.find(/^Default/)).expand();
    await (await experiments.find(/killed/)).waitFor();
    await workbench.screenshot('launch-after-reload');
    await told.getByRole('button', { name: 'Launch Again…' }).click();
    await workbench.quickPick.rows.filter({ hasText: 'sweep of main' }).click();
    await workbench.screenshot('launch-again');
    await workbench.quickPick.accept();
    await programs(2);
    await until(
      async () => (await runs()).filter(([status, n]) => status === 'RUNNING' && n === 'single').length === 1,
      () => 'the launch does not run again',
      60_000,
    );
  });

  it('says nothing of what a person stopped', async () => {
    await workbench.runCommand('Tasks: Terminate Task');
    await workbench.quickPick.choose(/^MLflow: main \(long\)/);
    await workbench.notification(/main \(long\) was stopped: run/).waitFor();
    await workbench.reload();
    const experiments = await workbench.openView('Experiments');
    await (await experiments.find(/^Default/)).waitFor();
    await workbench.statusBar('server').getByText('3.17.2').waitFor();
    await workbench.page.waitForTimeout(3_000);
    await workbench.runCommand('Notifications: Show Notifications');
    assert.equal(await workbench.notification(/stopped when/).count(), 0);
    assert.deepEqual(await untilGone(mark), []);
  });
});
