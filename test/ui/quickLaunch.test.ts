import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { becomes } from '../support/eventually';
import type { MlflowServer } from '../support/mlflowServer';
import { until } from '../support/processTree';
import type { QuickInput } from './support/quickInput';
import { openScene, usePython } from './support/scene';
import type { Workbench } from './support/workbench';

const mlproject = `name: quick
entry_points:
  main:
    parameters:
      rate: {type: float, default: 0.1}
      data: {type: path, default: .}
      note: {type: string, default: plain}
    command: "python train.py {rate} {data} {note}"
  other:
    command: "python train.py other"
`;
const train = 'import sys\nprint("trained", sys.argv[1:])\n';
const script = 'import mlflow\n\nif __name__ == "__main__":\n    print("by itself")\n';

describe('launching by quick picks and tasks', function () {
  // Each step begins where the one before it ended.
  this.bail(true);
  let server: MlflowServer;
  let folder: string;
  let workbench: Workbench;
  let picks: QuickInput;

  openScene(
    {
      refreshSeconds: 2,
      fill: async (ground) => {
        const quick = path.join(ground.folder, 'quick');
        mkdirSync(quick);
        writeFileSync(path.join(quick, 'MLproject'), mlproject);
        writeFileSync(path.join(quick, 'train.py'), train);
        writeFileSync(path.join(quick, 'alone.py'), script);
        usePython(ground.folder);
      },
    },
    (scene) => {
      ({ server, folder, workbench } = scene);
      picks = workbench.quickPick;
    },
  );

  const params = async (): Promise<Record<string, string>[]> => {
    const read = `
from mlflow import MlflowClient
import json
client = MlflowClient()
found = client.search_runs([e.experiment_id for e in client.search_experiments()], order_by=['attributes.start_time ASC'])
print('runs ' + json.dumps([{**run.data.params, 'status': run.info.status} for run in found]))`;
    return JSON.parse(/^runs (.*)$/m.exec(await server.python(read))?.[1] ?? '[]');
  };
  const start = async () => {
    const projects = await workbench.openView('Projects');
    await (await projects.find(/^quick/)).expand();
    await (await projects.find(/^main.*3 parameters/)).inlineAction('Run Entry Point…');
    await asks(/^Run main \(1\/4\)/);
  };
  const asks = async (title: RegExp) => {
    const shown = () => picks.title().catch(() => '');
    await until(
      async () => (await picks.widget.isVisible()) && title.test(await shown()),
      () => `${title} is not asked`,
    );
  };
  const holds = (text: string) =>
    until(
      async () => (await picks.input.inputValue()) === text,
      () => `the box does not hold ${text}`,
    );
  const finished = async (what: RegExp) => {
    await workbench.notification(what).waitFor({ timeout: 120_000 });
    await workbench.runCommand('Notifications: Clear All Notifications');
  };

  it('refuses what does not fit, goes back, and browses for a file', async () => {
    await start();
    await holds('0.1');
    await picks.type('fast');
    await picks.message().getByText('rate is a float: type a number.').waitFor();
    await workbench.screenshot('quick-launch-refused');
    await picks.fill('0.25');
    await asks(/\(2\/4\)/);
    await picks.fill('nowhere');
    await picks.message().getByText('There is no file or folder nowhere.').waitFor();
    await picks.button('Back').click();
    await asks(/\(1\/4\)/);
    await holds('0.25');
    await picks.accept();
    await asks(/\(2\/4\)/);
    await picks.button('Browse…').click();
    await until(
      async () => (await picks.input.inputValue()).endsWith('/quick/'),
      () => 'the dialog for files did not open in the project',
    );
    await picks.fill(path.join(folder, 'quick', 'train.py'));
    await asks(/^Run main \(2\/4\)/);
    await holds('train.py');
    await workbench.screenshot('quick-launch-browsed');
    await picks.accept();
    await asks(/\(3\/4\)/);
    await picks.fill(`it's $(id)`);
    await asks(/\(4\/4\)/);
    await picks.type('quick runs');
    await picks.choose(/quick runs, new experiment/);
    await finished(/main \(quick\) finished: run/);
    assert.deepEqual(await params(), [{ rate: '0.25', data: 'train.py', note: `it's $(id)`, status: 'FINISHED' }]);
  });

  it('begins with the last answers, and offers earlier ones', async () => {
    await start();
    await holds('0.25');
    await picks.fill('0.5');
    await asks(/\(2\/4\)/);
    await picks.fill('.');
    await asks(/\(3\/4\)/);
    await holds(`it's $(id)`);
    await picks.fill('second');
    await asks(/\(4\/4\)/);
    await picks.choose(/^quick runs, used last/);
    await finished(/main \(quick\) finished: run/);
    await start();
    await holds('0.5');
    await picks.button('Earlier Values…').click();
    await asks(/^Run main$/);
    await becomes(() => picks.labels(), ['0.5', '0.25']);
    await picks.choose('0.25');
    await asks(/\(1\/4\)/);
    await holds('0.25');
  });

  it('takes the params of a run that is asked for, also while another one is selected', async () => {
    await picks.button('Take the Params of a Run…').click();
    await asks(/^Take the Params of a Run/);
    await picks.choose(/^quick runs/);
    // The run before the last one; none is below them.
    await becomes(() => picks.rows.count(), 2);
    await picks.rows.nth(1).click();
    await asks(/^Run main \(1\/4\)/);
    await holds('0.25');
    await picks.accept();
    await asks(/\(2\/4\)/);
    await holds('train.py');
  });

  it('goes on in the form with what was answered', async () => {
    await picks.button('All Options…').click();
    const page = await workbench.webview(/^Run main/);
    const value = (label: RegExp) => page.frame.getByLabel(label).first().inputValue();
    await becomes(
      async () => [await value(/^rate/), await value(/^data/), await value(/^note/)],
      ['0.25', 'train.py', `it's $(id)`],
    );
    assert.equal((await params()).length, 2, 'nothing was launched by the way');
  });

  it('launches nothing when it is left', async () => {
    await start();
    await picks.cancel();
    assert.equal((await params()).length, 2);
  });

  it('saves the choice as a task, which runs as it was written', async () => {
    const page = await workbench.webview(/^Run main/);
    await page.frame.getByLabel(/^rate/).first().fill('0.75');
    await page.frame.getByRole('button', { name: 'Save as Task' }).click();
    await workbench.tab(/tasks\.json/).waitFor();
    const file = path.join(folder, '.vscode', 'tasks.json');
    await until(
      () => /MLflow: main \(quick\)/.test(readFileSync(file, 'utf8')),
      () => 'the task was not written',
    );
    await workbench.runCommand('Tasks: Run Task');
    await picks.choose(/^MLflow: main \(quick\).*rate=0\.75/);
    await finished(/main \(quick\) finished: run/);
    const { status, rate, data, note } = (await params()).at(-1) ?? {};
    assert.deepEqual([status, rate, data, note], ['FINISHED', '0.75', 'train.py', `it's $(id)`]);
  });

  it('lists entry points among the tasks of its type', async () => {
    await workbench.runCommand('Tasks: Run Task');
    await picks.rows.filter({ hasText: 'flowdeck' }).click();
    await until(
      async () => (await picks.labels()).some((label) => /other \(quick\).*train\.py other/.test(label)),
      () => 'the entry points are not listed',
    );
    await workbench.screenshot('quick-launch-tasks');
    await picks.choose(/other \(quick\)/);
    await finished(/other \(quick\) finished: run/);
    assert.equal((await params()).length, 4);
  });

  it('completes names in tasks.json', async () => {
    const file = path.join(folder, '.vscode', 'tasks.json');
    const { tasks } = JSON.parse(readFileSync(file, 'utf8'));
    const added = { label: 'mine', type: 'flowdeck', entryPoint: '' };
    writeFileSync(file, JSON.stringify({ version: '2.0.0', tasks: [...tasks, added] }, null, 2));
    await workbench.tab(/tasks\.json/).click();
    const line = workbench.page.locator('.monaco-editor .view-line', { hasText: '"entryPoint": ""' }).first();
    await line.click();
    await workbench.page.keyboard.press('End');
    await workbench.page.keyboard.press('ArrowLeft');
    await workbench.runCommand('Trigger Suggest');
    const suggestions = workbench.page.locator('.suggest-widget .monaco-list-row');
    await suggestions.filter({ hasText: 'other' }).first().waitFor();
    await workbench.screenshot('tasks-completion');
    await suggestions.filter({ hasText: 'other' }).first().click();
    await workbench.runCommand('File: Save');
    // A file that is being saved is empty for a moment.
    await becomes(() => JSON.parse(readFileSync(file, 'utf8')).tasks.at(-1), {
      ...added,
      entryPoint: 'other',
      project: 'quick',
    });
  });

  it('runs a script from the line where it begins', async () => {
    await workbench.openFile('alone.py');
    const lens = workbench.page.locator('.codelens-decoration a', { hasText: 'Run with MLflow…' });
    await lens.waitFor();
    await workbench.screenshot('script-lens');
    await lens.click();
    await asks(/^Run alone\.py/);
    await picks.type('--rate');
    await picks.message().getByText('--rate needs a value.').waitFor();
    await picks.fill('--rate 3');
    await asks(/^Run alone\.py \(2\/2\)/);
    await picks.choose(/^quick runs, used last/);
    await finished(/alone\.py \(quick\) finished: run/);
    assert.equal((await params()).at(-1)?.rate, '3');
  });

  it('offers earlier options of a script, and goes on in the form with what was typed', async () => {
    await workbench.tab(/^alone\.py/).click();
    await workbench.runCommand('Flowdeck: Run File as Entry Point…');
    await asks(/^Run alone\.py \(1\/2\)/);
    await holds('--rate 3');
    await picks.type('--rate 4');
    await picks.button('Earlier Values…').click();
    await becomes(() => picks.labels(), ['--rate 3']);
    await picks.choose('--rate 3');
    await asks(/^Run alone\.py \(1\/2\)/);
    await picks.type(`--rate 5 --note 'a b'`);
    await picks.button('All Options…').click();
    const page = await workbench.webview(/^Run alone\.py/);
    await becomes(() => page.frame.getByLabel('Value of rate').inputValue(), '5');
    await becomes(() => page.frame.getByLabel('Value of note').inputValue(), 'a b');
    await becomes(() => page.frame.getByLabel('Experiment').inputValue(), 'quick runs');
  });
});
