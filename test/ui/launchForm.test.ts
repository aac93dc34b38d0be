import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { becomes } from '../support/eventually';
import { type MlflowServer, startMlflowServer } from '../support/mlflowServer';
import { processesWith, until, untilGone } from '../support/processTree';
import { hangingProgram } from './support/hangingProgram';
import { openScene, usePython } from './support/scene';
import type { Webview } from './support/webview';
import type { Theme, Workbench } from './support/workbench';

const mark = `flowdeck-sweep-${process.pid}`;
const mlproject = `name: quick
entry_points:
  main:
    parameters:
      rate: {type: float, default: 0.1}
      data: {type: path, default: .}
      note: {type: string, default: plain}
    command: "python train.py {rate} {data} {note}"
  other:
    parameters: {must: float}
    command: "python train.py {must}"
  long:
    parameters: {n: {type: string, default: x}}
    command: "python long.py {n} ${mark}"
`;
const themes: readonly Theme[] = ['Light Modern', 'Dark High Contrast', 'Light High Contrast', 'Dark Modern'];

describe('the launch form in VS Code', function () {
  // Each step begins where the one before it ended.
  this.bail(true);
  let server: MlflowServer;
  let folder: string;
  let workbench: Workbench;
  let page: Webview;

  openScene(
    {
      refreshSeconds: 2,
      settings: { 'flowdeck.projects.parameterForm': 'editor' },
      fill: async (ground) => {
        const quick = path.join(ground.folder, 'quick');
        mkdirSync(quick);
        writeFileSync(path.join(quick, 'MLproject'), mlproject);
        writeFileSync(path.join(quick, 'train.py'), 'import sys\nprint("trained", sys.argv[1:])\n');
        writeFileSync(path.join(quick, 'long.py'), hangingProgram);
        usePython(ground.folder);
        ground.atEnd(async () => assert.deepEqual(await untilGone(mark), []));
      },
    },
    (scene) => {
      ({ server, folder, workbench } = scene);
    },
  );

  const field = (label: string | RegExp) => page.frame.getByLabel(label, { exact: typeof label === 'string' });
  const button = (name: string | RegExp) => page.frame.getByRole('button', { name, exact: typeof name === 'string' });
  const runs = async () => {
    const script = `
from mlflow import MlflowClient
import json
client = MlflowClient()
print('runs ' + json.dumps([[run.info.status, run.data.params.get('rate'), run.data.params.get('note'), run.data.tags.get('mlflow.parentRunId') is not None]
    for run in client.search_runs([e.experiment_id for e in client.search_experiments()])]))`;
    return JSON.parse(/^runs (.*)$/m.exec(await server.python(script))?.[1] ?? '[]') as [
      string,
      string | null,
      string | null,
      boolean,
    ][];
  };

  it('opens from the Projects view with what the file says', async () => {
    const projects = await workbench.openView('Projects');
    const quick = await projects.find(/^quick/);
    await quick.expand();
    await (await projects.find(/^main.*3 parameters/)).inlineAction('Run Entry Point…');
    page = await workbench.webview(/^Run main/);
    await page.frame.getByRole('heading', { name: 'Run main' }).waitFor();
    await becomes(() => field(/^rate/).first().inputValue(), '0.1');
    await becomes(() => field('Experiment').inputValue(), 'Default');
    // Whoever opens it types at once.
    await becomes(() => page.evaluate<string | undefined>('document.activeElement?.id'), 'parameter-rate');
  });

  it('says what is wrong with a value where it stands, and lets nothing be run', async () => {
    await field(/^rate/).first().fill('fast');
    await page.frame.getByText('rate is a float: type a number.').waitFor();
    await page.frame.locator('.form-foot .button:disabled', { hasText: 'Run' }).waitFor();
    await field(/^data/).first().fill('nowhere');
    await page.frame.getByText('There is no file or folder nowhere.').waitFor();
    await field(/^data/).first().fill('.');
    await field(/^rate/).first().fill('0.25');
    await page.frame.locator('.form-foot .button:enabled', { hasText: 'Run' }).waitFor();
  });

  it('plans a sweep, in every theme and without a fault of accessibility', async () => {
    await button('Vary rate in a sweep').click();
    await field(/^rate/).first().fill('0.1, 0.2');
    await button('Vary note in a sweep').click();
    await field(/^note/).first().fill('a, b, c');
    await button('Run 6 runs').waitFor();
    await field('Runs at a time').fill('2');
    for (const theme of themes) {
      await workbench.screenshot('launch-form', theme);
      assert.deepEqual(await page.axe(), [], theme);
    }
    await button('Vary note in a sweep').click();
    await field(/^note/).first().fill('x y');
    await button('Run 2 runs').waitFor();
  });

  it('keeps what was typed over a reload of the window', async () => {
    await workbench.reload();
    page = await workbench.webview(/^Run main/);
    await button('Run 2 runs').waitFor();
    await becomes(() => field(/^rate/).first().inputValue(), '0.1, 0.2');
    await becomes(() => field(/^note/).first().inputValue(), 'x y');
  });

  it('launches the sweep as one task, and says how it ended', async () => {
    await button('Run 2 runs').click();
    await page.frame.getByText('Launched a sweep of 2 runs.').waitFor();
    await workbench
      .notification(/The sweep of main \(quick\) ended: 2 of 2 runs finished/)
      .waitFor({ timeout: 150_000 });
    const all = await runs();
    assert.deepEqual(all.filter(([, , , child]) => child).sort(), [
      ['FINISHED', '0.1', 'x y', true],
      ['FINISHED', '0.2', 'x y', true],
    ]);
    await workbench.screenshot('launch-sweep');
  });

  it('saves the choice as a task that tasks.json completes', async () => {
    page = await workbench.webview(/^Run main/);
    await button('Vary rate in a sweep').click();
    await field(/^rate/).first().fill('0.5');
    await button('Run').first().waitFor();
    await button('Save as Task').click();
    await workbench.tab(/tasks\.json/).waitFor();
    const file = path.join(folder, '.vscode', 'tasks.json');
    await until(
      () => /"entryPoint": "main"/.test(readFileSync(file, 'utf8')),
      () => 'tasks.json has no such task',
    );
    const { tasks }: { tasks: Record<string, unknown>[] } = JSON.parse(readFileSync(file, 'utf8'));
    assert.equal(tasks[0]?.type, 'flowdeck');
    assert.deepEqual(tasks[0]?.parameters, { rate: '0.5', note: 'x y' });
  });

  it('stops all of a sweep by Ctrl-C: the process trees end, and what had begun is marked killed', async () => {
    page = await workbench.webview(/^Run main/);
    await page.frame.getByLabel('Entry point').selectOption('long');
    await button('Vary n in a sweep').click();
    await field(/^n/).first().fill('a, b, c');
    await field('Runs at a time').fill('2');
    await field('Experiment').fill('stopped');
    await button('Run 3 runs').click();
    await until(
      () => processesWith(mark).length >= 4,
      () => `only ${processesWith(mark).length} programs run`,
      120_000,
    );
    await workbench.page.locator('.terminal-wrapper.active .xterm').click();
    await workbench.page.locator('.terminal-wrapper.active .xterm-helper-textarea').press('Control+C');
    const said = workbench.notification(/The sweep of long \(quick\) was stopped: 0 of 3 runs finished/);
    await said.getByRole('button', { name: 'Retry 3 Unfinished' }).waitFor();
    await workbench.screenshot('launch-sweep-stopped');
    assert.deepEqual(await untilGone(mark), []);
    const script = `
import mlflow
found = mlflow.search_runs(experiment_names=['stopped'], output_format='list')
print('read', sorted((run.data.params.get('n', 'parent'), run.info.status, run.info.end_time is not None) for run in found))`;
    assert.match(
      await server.python(script),
      /^read \[\('a', 'KILLED', True\), \('b', 'KILLED', True\), \('parent', 'KILLED', True\)\]$/m,
    );
  });

  it('follows the window to another server, with its experiments and what was typed', async () => {
    const other = await startMlflowServer('3.17.2');
    try {
      page = await workbench.webview(/^Run main/);
      await page.frame.getByText(`quick → ${server.uri}`).waitFor();
      usePython(folder, undefined, { 'flowdeck.trackingUri': other.uri });
      await page.frame.getByText(`quick → ${other.uri}`).waitFor({ timeout: 60_000 });
      assert.equal(await field('Experiment').inputValue(), 'stopped');
      assert.equal(await page.frame.getByText('Launched a sweep').count(), 0);
      await workbench.screenshot('launch-form-other-server');
    } finally {
      await other.dispose();
    }
  });
});
