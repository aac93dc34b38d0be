import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import type { Front } from './support/front';
import { openFrontScene } from './support/frontScene';
import { bringColumn, columnHead } from './support/grid';
import type { Webview } from './support/webview';
import type { Workbench } from './support/workbench';

const fill = `
import time
from mlflow import MlflowClient
from mlflow.entities import Metric, Param
client = MlflowClient()
now = int(time.time() * 1000) - 3600_000
states = client.create_experiment('states')
for index in range(102):
    run = client.create_run(states, run_name=f'run {index}', start_time=now + index * 1000).info.run_id
    if index >= 92:
        client.log_batch(run, [Metric('loss', 1 / (step + 1 + index), now, step) for step in range(3)], [Param('lr', str(index % 4))])
        client.set_terminated(run, end_time=now + index * 1000 + 500)
wide = client.create_experiment('wide')
run = client.create_run(wide, run_name='wide').info.run_id
for part in range(12):
    client.log_batch(run, [Metric(f'block {part}/layer {key}/gradient norm', key / 7, now, 0) for key in range(1000)])
client.set_terminated(run)
`;

describe('the table in between', function () {
  // Many runs and 12,000 metrics are logged first.
  this.timeout(600_000);
  let front: Front;
  let folder: string;
  let workbench: Workbench;
  let page: Webview;

  openFrontScene(fill, { folder: 'empty' }, (scene, between) => {
    ({ workbench, folder } = scene);
    front = between;
  });

  const open = async (name: string) => {
    const experiments = await workbench.openView('Experiments');
    await (await experiments.find(new RegExp(`^${name}`))).inlineAction('Open Runs Table');
    page = await workbench.webview(new RegExp(name));
  };
  const cell = (name: string): Locator => page.frame.getByText(name, { exact: true }).first();
  const menu = (label: string): Locator => page.frame.getByRole('menuitem', { name: label, exact: true });
  const menuOf = async (column: string, label: string) => {
    await (await bringColumn(workbench, page, column)).click({ button: 'right' });
    await page.frame.getByRole('menuitemcheckbox', { name: label }).or(menu(label)).click();
  };

  /** Its rows and bars are looked at in every theme elsewhere: here in the one with the strictest rules. */
  const looksRight = async (name: string) => {
    await workbench.screenshot(name);
    await workbench.screenshot(name, 'Light High Contrast');
    assert.deepEqual(await page.axe(), []);
    await workbench.setTheme('Dark Modern');
  };

  it('shows which cells wait for a history', async () => {
    await open('states');
    await page.frame.getByText('100 of 102 runs', { exact: true }).waitFor();
    front.hold(/\/metrics\/get-history/);
    await menuOf('loss', 'Column of the min');
    await menuOf('loss', 'Column of the max');
    await columnHead(page, 'max').first().waitFor();
    await page.frame.locator('.pending, [aria-busy="true"]').first().waitFor();
    await looksRight('state-histories');
    front.letGo();
    await page.frame.locator('.pending, [aria-busy="true"]').first().waitFor({ state: 'detached' });
  });

  it('exports all runs with progress that can be cancelled, and leaves no half of a file', async () => {
    front.hold(/\/runs\/search/);
    await cell('run 101').click({ button: 'right' });
    await menu('Export…').click();
    await page.frame.getByRole('menuitem', { name: /^All/ }).click();
    await workbench.quickPick.choose(/^CSV for programs/);
    await workbench.quickPick.nameFile(path.join(folder, 'all.csv'));
    const progress = workbench.notification('Exporting runs');
    await progress.waitFor();
    await workbench.screenshot('state-export');
    await workbench.screenshot('state-export', 'Light High Contrast');
    await (await workbench.keptNotification('Exporting runs')).hover();
    await workbench.page.getByRole('button', { name: 'Cancel' }).first().click();
    await workbench.page
      .locator('.notification-list-item', { hasText: 'Exporting runs' })
      .waitFor({ state: 'detached' });
    front.letGo();
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.includes('all')),
      [],
    );
    await workbench.setTheme('Dark Modern');
  });

  it('is whole where the panel is 600 px wide: bars, rows that are selected, groups', async () => {
    await workbench.page.setViewportSize({ width: 955, height: 800 });
    page = await workbench.webview(/states/);
    const cut = () =>
      page.evaluate<
        readonly string[]
      >(`[...document.querySelectorAll('.toolbar, .table-footer, .selection-bar')].flatMap((bar) => {
        const { right, bottom } = bar.getBoundingClientRect();
        return [...bar.querySelectorAll(':scope > *, button')].filter((part) => {
          const box = part.getBoundingClientRect();
          return box.width > 1 && (box.right > right + 1 || box.bottom > bottom + 1);
        }).map((part) => bar.className + ': ' + (part.getAttribute('aria-label') ?? part.textContent));
      })`);
    await cell('run 101').click();
    await page.frame.getByRole('treegrid').press('Shift+ArrowDown');
    await page.frame.getByText('2 selected').waitFor();
    await menuOf('lr', 'Group by this column');
    await page.frame.getByText('Grouped by').waitFor();
    // 100 of them are here: what groups say is said of these.
    await page.frame.getByText('of loaded runs').waitFor();
    await page.frame
      .getByText(/^\d+ runs loaded$/)
      .first()
      .waitFor();
    await workbench.screenshot('state-narrow');
    const width = await page.evaluate<number>('innerWidth');
    assert.ok(width > 560 && width < 660, String(width));
    assert.deepEqual(await cut(), []);
    await page.frame.getByRole('button', { name: /^Do not group by/ }).click();
    await workbench.page.setViewportSize({ width: 1400, height: 900 });
  });

  it('takes back what was deleted', async () => {
    page = await workbench.webview(/states/);
    await cell('run 100').click();
    await page.frame.getByRole('treegrid').press('Delete');
    await workbench
      .dialog()
      .getByText(/Delete/)
      .first()
      .waitFor();
    await workbench.screenshot('state-delete-ask');
    await workbench.dialog().getByRole('button', { name: 'Delete' }).click();
    const done = workbench.notification(/Deleted/);
    await done.waitFor();
    await workbench.screenshot('state-deleted');
    await done.getByRole('button', { name: 'Undo' }).click();
    await cell('run 100').waitFor();
  });

  it('lists 12,000 keys in the chooser as far as they are in sight', async () => {
    await workbench.runCommand('View: Close All Editors');
    await open('wide');
    await page.frame.getByText('1 run', { exact: true }).waitFor();
    await page.frame.getByRole('button', { name: 'Columns', exact: true }).click();
    await page.frame.locator('.chooser-search').waitFor();
    await looksRight('state-chooser');
    await page.frame.locator('.chooser-search').fill('block 7/layer 997');
    await page.frame.getByText('layer 997', { exact: false }).first().waitFor();
    await workbench.screenshot('state-chooser-search');
    assert.ok((await page.evaluate<number>("document.querySelectorAll('.chooser-list *').length")) < 1_500);
  });

  it('holds runs of several experiments, and says of which each is', async () => {
    await workbench.runCommand('View: Close All Editors');
    const experiments = await workbench.openView('Experiments');
    await (await experiments.find(/^states/)).click();
    const wide = await experiments.find(/^wide/);
    await wide.locator.click({ modifiers: ['Control'] });
    await wide.contextMenu('Open Runs Table');
    page = await workbench.webview(/experiments|states|wide/);
    await page.frame.getByText('100 of 103 runs', { exact: true }).waitFor();
    await looksRight('state-joined');
  });
});
