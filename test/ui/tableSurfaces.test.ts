import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { becomes, eventually } from '../support/eventually';
import type { Front } from './support/front';
import { openFrontScene } from './support/frontScene';
import { checkThemes } from './support/themes';
import type { Webview } from './support/webview';
import type { Workbench } from './support/workbench';

const fill = `
import time
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag
client = MlflowClient()
experiment = client.create_experiment('surfaces')
client.create_experiment('nothing here')
now = int(time.time() * 1000) - 3600_000
parent = None
for index in range(60):
    run = client.create_run(experiment, run_name=f'run {index}', start_time=now + index * 1000).info.run_id
    metrics = [Metric('val/loss', 1.0 + ((index * 37) % 100) / 100, now, 0), Metric('val/loss', 0.5 + ((index * 37) % 100) / 100, now, 7), Metric('train/loss', index / 7, now, 7)]
    params = [Param('lr', str(0.1 / (1 + index % 4))), Param('optimizer', ['adam', 'sgd'][index % 2]), Param('same', 'yes')]
    tags = [RunTag('team', ['vision', 'speech', 'text'][index % 3]), RunTag('mlflow.user', 'ada')]
    if index % 10 and parent:
        tags.append(RunTag('mlflow.parentRunId', parent))
    client.log_batch(run, metrics=metrics, params=params, tags=tags)
    if index % 10 == 0:
        parent = run
    client.set_terminated(run, end_time=now + index * 1000 + 83_000)
`;

describe('what the table shows while it waits, and where there is nothing', () => {
  let front: Front;
  let folder: string;
  let workbench: Workbench;
  let page: Webview;

  openFrontScene(fill, {}, (scene, between) => {
    ({ workbench, folder } = scene);
    front = between;
  });

  const open = async (name: string) => {
    const experiments = await workbench.openView('Experiments');
    await (await experiments.find(new RegExp(`^${name}`))).inlineAction('Open Runs Table');
    page = await workbench.webview(new RegExp(name));
  };
  const button = (name: string) => page.frame.getByRole('button', { name, exact: true });
  const lines = () => page.frame.locator('.grid-row').count();

  it('shows bones while the first runs come', async () => {
    front.hold(/\/runs\/search/);
    await open('surfaces');
    await page.frame.getByRole('status', { name: 'Loading runs' }).waitFor();
    await checkThemes(workbench, page, 'surface-bones');
    front.letGo();
    await page.frame.getByText('60 runs', { exact: true }).waitFor();
  });

  it('collapses all parents, and opens them again', async () => {
    await button('Collapse all').click();
    await button('Expand all').waitFor();
    await becomes(lines, 6);
    await checkThemes(workbench, page, 'surface-collapsed');
    await button('Expand all').click();
    await button('Collapse all').waitFor();
    await eventually(async () => assert.ok((await lines()) > 6));
  });

  it('says that nothing matches, and that there is nothing', async () => {
    const filter = page.frame.getByRole('combobox', { name: 'Filter runs' });
    await filter.fill('metrics.`val/loss` > 1e9 AND tags.team IN (nobody, "no one")');
    await filter.press('Enter');
    await page.frame.getByText('No runs match the filter').waitFor();
    await checkThemes(workbench, page, 'surface-no-match');
    await page.frame.getByRole('button', { name: 'Clear filter' }).click();
    await page.frame.getByText('60 runs', { exact: true }).waitFor();
    await workbench.runCommand('View: Close All Editors');
    await open('nothing here');
    await page.frame.getByText('No runs yet').waitFor();
    await checkThemes(workbench, page, 'surface-empty');
  });

  it('says what went wrong where the first question failed, and asks again', async () => {
    await workbench.runCommand('View: Close All Editors');
    await front.goAway();
    await open('surfaces');
    await page.frame.getByRole('alert').first().waitFor();
    await page.frame.getByText('no runs loaded', { exact: true }).waitFor();
    await checkThemes(workbench, page, 'surface-failed');
    await front.comeBack();
    await page.frame
      .getByRole('button', { name: /Try again|Refresh/i })
      .first()
      .click();
    await page.frame.getByText('60 runs', { exact: true }).waitFor();
  });

  it('selects all rows by keys and no texts, copies them, and asks for a tag of them', async () => {
    await page.frame.getByRole('treegrid').focus();
    await page.frame.getByRole('treegrid').press('Control+a');
    await page.frame.getByText('60 selected').waitFor();
    await checkThemes(workbench, page, 'surface-selected', () => page.frame.getByRole('treegrid').press('Control+a'));
    // VS Code selects the texts of a page with the same keys.
    assert.equal(await page.evaluate('String(getSelection())'), '');
    await page.frame.getByRole('treegrid').press('Control+c');
    await page.frame.getByText('Copied 60 runs.').first().waitFor();
    await page.frame.getByRole('button', { name: 'Tag…' }).click();
    await workbench.quickPick.input.waitFor();
    await workbench.screenshot('surface-bulk-tag');
    await workbench.quickPick.cancel();
  });

  it('says what becomes of an interval that is not allowed, and leads to the setting', async () => {
    await workbench.runCommand('View: Close All Editors');
    mkdirSync(path.join(folder, '.vscode'), { recursive: true });
    const settings = JSON.stringify({ 'flowdeck.refresh.intervalSeconds': 1 });
    writeFileSync(path.join(folder, '.vscode', 'settings.json'), settings);
    const warning = workbench.notification(/intervalSeconds is 1, but it takes 2 to 600 seconds, or 0 for off/);
    await warning.getByText(/Flowdeck refreshes every 2 seconds/).waitFor();
    await workbench.screenshot('surface-interval');
    await warning.getByRole('button', { name: 'Change Setting' }).click();
    await workbench.page.locator('.setting-item-contents', { hasText: 'Interval Seconds' }).first().waitFor();
  });
});
