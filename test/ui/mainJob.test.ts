import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { run as runProgram } from '../../scripts/lib/run.mjs';
import { becomes, eventually, reads } from '../support/eventually';
import type { MlflowServer } from '../support/mlflowServer';
import { openScene, usePython } from './support/scene';
import type { Theme, Workbench } from './support/workbench';

const hostile = '<img src=x onerror=alert(1)>';

const fill = `
import sys
from mlflow import MlflowClient
from mlflow.entities import Metric
import time
client = MlflowClient()
now = int(time.time() * 1000) - 7200_000
commit = sys.argv[1]
digits = client.create_experiment('vision/digits')
client.create_experiment(${JSON.stringify(hostile)})
def run(name, at, parent=None, status='FINISHED', accuracy=None, **params):
    tags = {'mlflow.source.name': 'train.py', 'mlflow.source.type': 'LOCAL', 'mlflow.user': 'ada'}
    if name == 'baseline': tags['mlflow.source.git.commit'] = commit
    if parent: tags['mlflow.parentRunId'] = parent
    run_id = client.create_run(digits, start_time=now + at * 60_000, run_name=name, tags=tags).info.run_id
    for key, value in params.items(): client.log_param(run_id, key, value)
    if accuracy is not None:
        client.log_batch(run_id, metrics=[Metric('val/accuracy', accuracy * (1 - 0.9 ** (step + 1)), now + step * 1000, step) for step in range(50)])
    if status != 'RUNNING': client.set_terminated(run_id, status)
    return run_id
baseline = run('baseline', 0, accuracy=0.91, learning_rate='0.01', hidden='16')
client.log_text(baseline, '# Report', 'report/summary.md')
client.log_dict(baseline, {'accuracy': 0.91}, 'metrics.json')
sweep = run('sweep of rates', 10)
for index, rate in enumerate(['0.1', '0.01', '0.001']):
    run(f'rate {rate}', 11 + index, sweep, accuracy=0.8 + index / 20, learning_rate=rate)
run('too large', 30, status='FAILED', learning_rate='10')
run('still training', 40, status='RUNNING', accuracy=0.5, learning_rate='0.02')
name = 'digits classifier'
client.create_registered_model(name)
client.create_model_version(name, client.get_run(baseline).info.artifact_uri + '/model', baseline)
client.set_registered_model_alias(name, 'champion', '1')
`;

const dark: Theme = 'Dark Modern';
const themes: readonly Theme[] = ['Light Modern', 'Dark High Contrast', 'Light High Contrast', dark];

describe('the main job in VS Code, on a server that has runs', function () {
  // Each step begins where the one before it ended.
  this.bail(true);
  let server: MlflowServer;
  let folder: string;
  let workbench: Workbench;
  let head: string;

  openScene(
    {
      connected: false,
      refreshSeconds: 2,
      fill: async (ground) => {
        head = (await runProgram('git', ['-C', ground.folder, 'rev-parse', 'HEAD'])).trim();
        await ground.server.python(fill, head);
        usePython(ground.folder);
        // git is not to see it.
        writeFileSync(path.join(ground.folder, '.git', 'info', 'exclude'), '.vscode/\n');
      },
    },
    (scene) => ({ server, folder, workbench } = scene),
  );

  const python = (code: string) => server.python(`from mlflow import MlflowClient\nclient = MlflowClient()\n${code}`);
  const view = (name = 'Experiments') => workbench.openView(name);
  /** Without the row of what is checked out, which stands above the experiments as soon as it is known. */
  const labels = async () =>
    (await (await view()).rows()).map(({ label }) => label).filter((label) => label !== 'At HEAD');

  it('connects from the empty view, looking at the address before it is kept', async () => {
    await workbench.openView('Experiments');
    await workbench.page.getByRole('button', { name: 'Connect to Server…' }).first().click();
    await workbench.page.getByPlaceholder(/^Choose a server/).waitFor();
    await workbench.quickPick.type(server.uri);
    await workbench.quickPick.choose(/Use http/);
    await workbench.quickPick.choose(/This Window Only/);
    await workbench.statusBar('server').getByText('3.17.2').waitFor();
    await workbench.notification(/Connected to .*MLflow 3\.17\.2/).waitFor();
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  it('expands folders, experiments and nested runs, with texts of the server as they are', async () => {
    const experiments = await view();
    // What is checked out is found out beside the tree.
    await experiments.row(/^At HEAD/).waitFor();
    await becomes(labels, [hostile, 'vision', 'digits', 'Default'], 'few experiments are all in sight');
    await (await experiments.find(/^vision/)).expand();
    await (await experiments.find(/^digits/)).expand();
    await (await experiments.find(/^sweep of rates/)).expand();
    const runs = ['still training', 'too large', 'sweep of rates', 'rate 0.001', 'rate 0.01', 'rate 0.1', 'baseline'];
    await becomes(async () => (await labels()).slice(1, 10), ['vision', 'digits', ...runs]);
  });

  it('shows the chosen metric on runs', async () => {
    await workbench.runCommand('Flowdeck: Choose the Metric Shown on Runs…');
    await workbench.quickPick.choose('val/accuracy');
    const experiments = await view();
    await experiments.row(/^baseline.* 0\.90531 /).waitFor();
  });

  it('shows everything about the run that is selected', async () => {
    await (await (await view()).find(/^baseline/)).click();
    const details = await view('Run');
    await details.row(/^Overview|^Source/).waitFor();
    await workbench.screenshot('sidebar', dark);
    for (const theme of themes) await workbench.screenshot('sidebar', theme);
  });

  it('opens an artifact in VS Code’s own editor', async () => {
    const details = await view('Run');
    const artifacts = await details.find(/^Artifacts/);
    await artifacts.expand();
    await (await details.find(/^metrics\.json/)).click();
    await workbench.tab(/metrics\.json/).waitFor();
    await workbench.page.locator('.monaco-editor .view-line', { hasText: '"accuracy"' }).first().waitFor();
  });

  it('refuses a filter that the server does not take, and applies one that it does', async () => {
    await workbench.runCommand('Flowdeck: Filter Runs…');
    await workbench.page.getByPlaceholder(/^For example: metrics/).waitFor();
    await workbench.quickPick.type('metrics.`val/accuracy` >> 1');
    await workbench.quickPick.input.press('Enter');
    await workbench.quickPick.rows
      .filter({ hasText: /Invalid|Syntax|Unexpected/i })
      .first()
      .waitFor();
    await workbench.screenshot('filter-refused');
    await workbench.quickPick.type("params.learning_rate = '0.001'");
    await workbench.quickPick.accept();
    const experiments = await view();
    await experiments.row(/^sweep of rates.*does not match the filter/).waitFor();
    await becomes(
      async () => (await labels()).filter((label) => !['vision', hostile, 'Default'].includes(label)),
      ['digits', 'sweep of rates', 'rate 0.001'],
    );
    await workbench.screenshot('filtered', dark);
    await workbench.runCommand('Flowdeck: Clear Run Filter');
    await experiments.row(/^baseline/).waitFor();
  });

  it('charts the runs whose boxes are checked', async () => {
    const experiments = await view();
    await (await experiments.find(/^baseline/)).toggle();
    await (await experiments.find(/^rate 0\.1,? /)).toggle();
    await workbench.runCommand('Flowdeck: Open Charts');
    await workbench.quickPick.choose(/^2 checked runs/);
    const charts = await workbench.webview(/^2 runs/);
    const card = charts.frame.locator('flowdeck-chart-card', {
      has: charts.frame.getByRole('heading', { name: 'val/accuracy', exact: true }),
    });
    await card.locator('canvas').waitFor();
    await card.locator('.plot').focus();
    await card.locator('.plot').press('End');
    const rows = charts.frame.locator('.readout tr');
    const texts = async () => (await rows.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim());
    await becomes(texts, ['baseline 0.90531', 'rate 0.1 0.79588']);
    await workbench.screenshot('compare', dark);
    for (const theme of themes) await workbench.screenshot('compare', theme);
  });

  it('tags a run with the current commit, says that the tree is dirty, and undoes it', async () => {
    writeFileSync(path.join(folder, 'notes.txt'), 'not committed\n');
    await (await (await view()).find(/^too large/)).click();
    await (await (await view()).find(/^too large/)).inlineAction('Tag Run with Current Commit');
    const dialog = workbench.dialog();
    await dialog.getByText('notes.txt').waitFor();
    await workbench.screenshot('tag-dirty');
    await dialog.getByRole('button', { name: 'Tag Anyway' }).click();
    await workbench.notification(/Tagged run too large/).waitFor();
    const tags = `run = client.search_runs([client.get_experiment_by_name('vision/digits').experiment_id], "attributes.run_name = 'too large'")[0]\nprint({k: v for k, v in run.data.tags.items() if 'git' in k})`;
    const written = await python(tags);
    assert.ok(written.includes(head) && written.includes("'mlflow.source.git.dirty': 'true'"), written);
    const done = await workbench.keptNotification(/Tagged run too large/);
    await done.getByRole('button', { name: 'Undo' }).click();
    await becomes(async () => (await python(tags)).trim(), '{}', 'the tags are still there');
  });

  it('opens the source of a run beside the working copy, in a diff', async () => {
    writeFileSync(path.join(folder, 'train.py'), '# rewritten\n');
    await (await (await view()).find(/^baseline/)).inlineAction('Open Source at Commit');
    await workbench.tab(/train\.py \([0-9a-f]{7,} ↔ Working Tree\)/).waitFor();
    await eventually(async () => {
      const { original, modified } = await workbench.diff();
      assert.match(original, /import/);
      assert.match(modified, /# rewritten/);
    });
    await workbench.screenshot('source-at-commit', dark);
    await runProgram('git', ['-C', folder, 'checkout', '-q', '--', 'train.py']);
  });

  it('leads from a model version to its run', async () => {
    const models = await view('Models');
    await (await models.find(/^digits classifier/)).expand();
    await (await models.find(/^Version 1.*@champion/)).click();
    await (await view()).row(/^baseline/).waitFor();
  });

  it('launches an entry point with parameters; the run appears by itself, selected, and finishes', async () => {
    const projects = await view('Projects');
    await (await projects.find(/^flowdeck-examples/)).expand();
    await (await projects.find(/^main/)).inlineAction('Run Entry Point…');
    const answers: Record<string, string> = { epochs: '3', hidden: '8' };
    for (const name of ['dataset', 'hidden', 'learning_rate', 'alpha', 'epochs', 'seed']) {
      await workbench.page.getByText(new RegExp(`^${name}: `)).waitFor();
      if (name === 'hidden') await workbench.screenshot('parameters');
      const answer = answers[name];
      if (answer === undefined) await workbench.quickPick.accept();
      else await workbench.quickPick.fill(answer);
    }
    await workbench.page.getByPlaceholder(/^Experiment of the run/).waitFor();
    await workbench.quickPick.type('launched here');
    await workbench.quickPick.choose(/launched here/);
    const experiments = await view();
    await experiments.row(/^launched here/).waitFor();
    await workbench.notification(/finished: run/).waitFor({ timeout: 90_000 });
    const found = await python(
      `run = client.search_runs([client.get_experiment_by_name('launched here').experiment_id])[0]\nprint(run.info.status, run.data.params['epochs'], run.data.params['hidden'], run.data.tags['mlflow.source.git.commit'], run.info.run_name)`,
    );
    const [status, epochs, hidden, commit, name = ''] = found.trim().split(' ');
    assert.deepEqual([status, epochs, hidden, commit], ['FINISHED', '3', '8', head]);
    const selected = workbench.page.locator('.monaco-list-row.selected', { hasText: name });
    await selected.first().waitFor();
    await reads(() => workbench.terminalText(), /succeeded/);
    await workbench.screenshot('launched', dark);
  });
});
