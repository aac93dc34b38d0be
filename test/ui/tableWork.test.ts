import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { initialRunsView, type RunsView } from '../../src/shared/view/runsView';
import { becomes, eventually, reads } from '../support/eventually';
import type { MlflowServer } from '../support/mlflowServer';
import { bringColumn } from './support/grid';
import { openScene } from './support/scene';
import type { Webview } from './support/webview';
import type { Workbench } from './support/workbench';

const fill = `
import time
from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, Metric, Param
client = MlflowClient()
now = int(time.time() * 1000) - 3600_000
def run(experiment, name, at, tags={}, metrics={}, params={}, data=None):
    run_id = client.create_run(experiment, run_name=name, start_time=now + at * 1000, tags=tags).info.run_id
    client.log_batch(run_id, [Metric(key, value, now, 0) for key, value in metrics.items()], [Param(*one) for one in params.items()])
    if data:
        client.log_inputs(run_id, [DatasetInput(Dataset(name=data, digest='1', source_type='local', source='{}'), [])])
    client.set_terminated(run_id, end_time=now + at * 1000 + 500)
    return run_id
first = client.create_experiment('first work')
parent = run(first, 'sweep', 0, {'team': 'vision', 'mlflow.source.git.commit': 'a' * 40}, data='train')
for index, (team, loss) in enumerate([('vision', 0.25), ('vision', 0.75), ('speech', 0.5), ('speech', 1.5)]):
    tags = {'team': team, 'mlflow.parentRunId': parent, 'mlflow.source.git.commit': 'ab'[index // 2] * 40}
    run(first, f'trial-{index}', index + 1, tags, {'loss': loss}, data=['train', 'test'][index % 2])
run(first, 'alone', 9, {'team': 'speech'}, {'rare': 7})
second = client.create_experiment('second work')
run(second, 'other', 0, {}, {'loss': 3})
many = client.create_experiment('many')
for index in range(104):
    run(many, f'run {index}', index, {}, {'loss': index}, {'lr': '0.1'})
`;

describe('what is done with a table', () => {
  let server: MlflowServer;
  let folder: string;
  let workbench: Workbench;
  let page: Webview;

  openScene({ folder: 'empty', fill: ({ server }) => server.python(fill) }, async (scene) => {
    ({ server, folder, workbench } = scene);
    // The palette has the commands once the window is connected.
    await (await workbench.openView('Experiments')).find(/^first work/);
  });

  const view = () => page.evaluate<RunsView>("document.querySelector('flowdeck-runs').session.view");
  const text = (words: string | RegExp): Locator => page.frame.getByText(words, { exact: true }).first();
  const bring = (name: string) => bringColumn(workbench, page, name);
  const closeAll = () => workbench.runCommand('View: Close All Editors');
  const openTable = async (name: RegExp) => {
    await closeAll();
    await (await (await workbench.openView('Experiments')).find(name)).inlineAction('Open Runs Table');
    page = await workbench.webview(name);
  };
  /** Names with their depth as dots; greyed ones in brackets. */
  const lines = () =>
    page.evaluate<readonly string[]>(`[...document.querySelectorAll('.grid-row')]
      .sort((a, b) => a.ariaRowIndex - b.ariaRowIndex)
      .map((row) => {
        const name = row.querySelector('.name-text').textContent;
        return '.'.repeat(Number(row.ariaLevel) - 1) + (row.classList.contains('unmatched') ? '(' + name + ')' : name);
      })`);
  const showColumn = async (name: string) => {
    await page.frame.getByRole('button', { name: 'Columns', exact: true }).click();
    await page.frame.getByRole('searchbox', { name: 'Search columns' }).fill(name);
    await page.frame.getByRole('treeitem', { name, exact: true }).click();
    await page.frame.getByRole('button', { name: 'Columns', exact: true }).click();
    await bring(name);
  };
  const groupBy = async (column: string) => {
    await (await bring(column)).click({ button: 'right' });
    await page.frame.getByRole('menuitemcheckbox', { name: 'Group by this column' }).click();
    await page.frame.getByText('Grouped by').waitFor();
  };
  const ungroup = async () => {
    await page.frame.getByRole('button', { name: /^Do not group by/ }).click();
    await page.frame.getByText('Grouped by').waitFor({ state: 'detached' });
  };

  it('opens from the palette for experiments that are chosen there', async () => {
    await workbench.runCommand('Flowdeck: Open Runs Table');
    await workbench.screenshot('pick-experiments');
    await workbench.quickPick.chooseMany('first work', 'second work');
    page = await workbench.webview(/2 experiments/);
    await text('7 runs').waitFor();
  });

  it('opens from the palette for the one that stands in the list, and for runs chosen one by one', async () => {
    await closeAll();
    await workbench.runCommand('Flowdeck: Open Charts');
    await workbench.quickPick.type('second');
    await workbench.quickPick.accept();
    page = await workbench.webview(/second work/);
    await becomes(async () => (await view()).tab, 'charts');
    await closeAll();
    await workbench.runCommand('Flowdeck: Open Runs Table');
    await workbench.quickPick.choose(/Chosen runs…/);
    await workbench.quickPick.choose(/^first work/);
    await workbench.quickPick.chooseMany('alone');
    page = await workbench.webview(/^alone/);
    await text('1 run').waitFor();
  });

  it('opens from the palette for the experiment that is selected in the tree', async () => {
    await closeAll();
    const experiments = await workbench.openView('Experiments');
    await (await experiments.find(/^second work/)).click();
    await workbench.runCommand('Flowdeck: Open Runs Table');
    page = await workbench.webview(/second work/);
    await text('1 run').waitFor();
  });

  it('groups by a tag, with parents of other groups greyed above their children', async () => {
    await openTable(/^first work/);
    await becomes(lines, ['alone', 'sweep', '.trial-3', '.trial-2', '.trial-1', '.trial-0']);
    await showColumn('team');
    await groupBy('team');
    await becomes(lines, [
      'team: speech',
      '.alone',
      '.(sweep)',
      '..trial-3',
      '..trial-2',
      'team: vision',
      '.sweep',
      '..trial-1',
      '..trial-0',
    ]);
    await workbench.screenshot('table-grouped-parents');
    assert.deepEqual(await page.axe(), []);
  });

  it('says of parents what the numbers under them come to, in a group those of the group', async () => {
    const sums = async (column: string) => {
      await bring(column);
      return page.evaluate<readonly string[]>(`(() => {
        const { shownColumns } = document.querySelector('flowdeck-table-tab');
        const at = shownColumns.findIndex(({ id }) => id === 'metrics.${column}') + 2;
        return [...document.querySelectorAll('.grid-row')]
          .sort((a, b) => a.ariaRowIndex - b.ariaRowIndex)
          .flatMap((row) => row.querySelector('.aggregate[aria-colindex="' + at + '"]')?.textContent ?? []);
      })()`);
    };
    await becomes(() => sums('loss'), ['1', '1', '0.5', '0.5']);
    const say = (how: string) => page.frame.getByRole('combobox', { name: /(Groups|Parents) say/ }).selectOption(how);
    await say('max');
    await becomes(() => sums('loss'), ['1.5', '1.5', '0.75', '0.75']);
    await say('min');
    await becomes(() => sums('loss'), ['0.5', '0.5', '0.25', '0.25']);
    await say('count');
    await becomes(() => sums('loss'), ['2', '2', '2', '2']);
    await ungroup();
    await becomes(() => sums('loss'), ['4']);
    await say('mean');
    await becomes(() => sums('loss'), ['0.75']);
  });

  it('groups by the dataset and by the commit', async () => {
    const short = async () => (await lines()).map((line) => line.replace(/(\w)\1{6,}/, '$1…'));
    // The newest runs stand first, and so do the groups that they are in.
    await groupBy('Datasets');
    await becomes(short, [
      'Datasets: none',
      '.alone',
      'Datasets: test (1)',
      '.(sweep)',
      '..trial-3',
      '..trial-1',
      'Datasets: train (1)',
      '.sweep',
      '..trial-2',
      '..trial-0',
    ]);
    await ungroup();
    await groupBy('Commit');
    await becomes(short, [
      'Commit: none',
      '.alone',
      'Commit: b…',
      '.(sweep)',
      '..trial-3',
      '..trial-2',
      'Commit: a…',
      '.sweep',
      '..trial-1',
      '..trial-0',
    ]);
    await ungroup();
  });

  it('leaves out columns without a value in the runs shown, and shows them when told to', async () => {
    const shown = () =>
      page.evaluate<readonly string[]>(
        "document.querySelector('flowdeck-table-tab').shownColumns.map(({ id }) => id).filter((id) => id.startsWith('metrics')).sort()",
      );
    await becomes(shown, ['metrics.loss', 'metrics.rare']);
    const filter = page.frame.getByRole('combobox', { name: 'Filter runs' });
    await filter.fill('metrics.loss > 0');
    await filter.press('Enter');
    await becomes(shown, ['metrics.loss']);
    await page.frame.getByRole('button', { name: 'Columns', exact: true }).click();
    await page.frame.getByRole('checkbox', { name: /^Hide empty/ }).uncheck();
    await becomes(shown, ['metrics.loss', 'metrics.rare']);
    await page.frame.getByRole('checkbox', { name: /^Hide empty/ }).check();
    await becomes(shown, ['metrics.loss']);
    await page.frame.getByRole('button', { name: 'Columns', exact: true }).click();
    await filter.fill('');
    await filter.press('Enter');
    await becomes(shown, ['metrics.loss', 'metrics.rare']);
  });

  it('moves the rows that are selected to the charts and to the comparison', async () => {
    const select = async () => {
      await text('trial-0').click();
      await text('trial-3').click({ modifiers: ['Control'] });
      await text('2 selected').waitFor();
    };
    await select();
    await page.frame.getByRole('button', { name: 'Chart', exact: true }).click();
    await page.frame.locator('flowdeck-chart-card canvas').first().waitFor();
    const names = async () => {
      const { chosen } = await view();
      assert.ok('runIds' in chosen);
      const ids = JSON.stringify(chosen.runIds);
      return page.evaluate<readonly string[]>(
        `${ids}.map((id) => { const { table } = document.querySelector('flowdeck-runs').session; return table.head(table.rowOf(id)).name; }).sort()`,
      );
    };
    await becomes(names, ['trial-0', 'trial-3']);
    await page.frame.getByRole('tab', { name: 'Table' }).click();
    await text('alone').click();
    await text('sweep').click({ modifiers: ['Control'] });
    await page.frame.getByRole('button', { name: 'Compare', exact: true }).click();
    await becomes(async () => [(await view()).tab, ...(await names())].join(), 'compare,alone,sweep');
    await page.frame.getByRole('columnheader', { name: /alone/ }).first().waitFor();
    await page.frame.getByRole('columnheader', { name: /sweep/ }).first().waitFor();
  });

  it('exports all runs that match, loaded or not, and says where they are', async () => {
    await openTable(/^many/);
    await text('100 of 104 runs').waitFor();
    const filter = page.frame.getByRole('combobox', { name: 'Filter runs' });
    await filter.fill('metrics.loss >= 1');
    await filter.press('Enter');
    await text('100 of 103 runs').waitFor();
    await page.frame.getByRole('button', { name: 'Export…' }).click();
    await page.frame.getByRole('menuitem', { name: 'All 103 runs that match…' }).click();
    await workbench.quickPick.choose(/^CSV for programs/);
    const file = path.join(folder, 'all.csv');
    await workbench.quickPick.nameFile(file);
    await workbench.keptNotification(/103 runs/);
    await eventually(async () => assert.ok(existsSync(file)));
    const rows = readFileSync(file, 'utf8').trim().split('\r\n');
    assert.equal(rows.length, 104);
    assert.equal(new Set(rows.slice(1).map((row) => /run \d+/.exec(row)?.[0])).size, 103);
    assert.ok(!rows.some((row) => /\brun 0\b/.test(row)));
    await workbench.runCommand('Notifications: Clear All Notifications');
  });

  it('saves the name of an experiment that no tree has listed since the window was opened', async () => {
    await openTable(/^first work/);
    await workbench.runCommand('View: Show Explorer');
    await workbench.reload();
    page = await workbench.webview(/first work/);
    await text('6 runs').waitFor();
    await page.frame.getByRole('treegrid').focus();
    await workbench.runCommand('Flowdeck: Save View…');
    await workbench.quickPick.fill('After a reload');
    await workbench.quickPick.choose(/In the Folder/);
    await workbench.keptNotification(/Saved the view as/);
    const saved = JSON.parse(readFileSync(path.join(folder, '.flowdeck', 'views', 'after-a-reload.json'), 'utf8'));
    assert.equal(saved.experiments[0].name, 'first work');
  });

  it('says of chosen runs that are gone that they are, and asks where a view of another server is to be opened', async () => {
    await closeAll();
    const views = path.join(folder, '.flowdeck', 'views');
    mkdirSync(views, { recursive: true });
    const keep = (name: string, uri: string) => {
      const kept = { version: 1, name, server: uri, runs: ['0'.repeat(32), '1'.repeat(32)], view: initialRunsView };
      writeFileSync(path.join(views, `${name}.json`), JSON.stringify(kept));
    };
    keep('gone', server.uri);
    keep('elsewhere', 'http://127.0.0.1:1');
    const open = async (name: string) => {
      await workbench.runCommand('Flowdeck: Open View…');
      await workbench.quickPick.choose(new RegExp(`^${name}`));
    };
    await eventually(() => open('gone'));
    page = await workbench.webview(/gone|2 runs/);
    await page.frame.getByRole('heading', { name: 'None of the 2 chosen runs is there' }).waitFor();
    await workbench.screenshot('table-chosen-gone');
    assert.deepEqual(await page.axe(), []);
    await closeAll();
    await open('elsewhere');
    const question = workbench.dialog().filter({ hasText: 'The runs of this view are on http://127.0.0.1:1' });
    await question.getByRole('button', { name: 'Open Here' }).click();
    page = await workbench.webview(/elsewhere|2 runs/);
    await page.frame.getByRole('heading', { name: 'None of the 2 chosen runs is there' }).waitFor();
    await reads(() => page.frame.locator('.table-empty').innerText(), /another\s+server/);
  });
});
