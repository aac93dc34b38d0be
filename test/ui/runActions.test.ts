import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { becomes, eventually, reads } from '../support/eventually';
import type { MlflowServer } from '../support/mlflowServer';
import { openScene } from './support/scene';
import { checkThemes } from './support/themes';
import type { Webview } from './support/webview';
import type { Workbench } from './support/workbench';

const description = [
  '# Sweep of October',
  'The **best** run so far, see [the report](https://example.com/report) and [this](javascript:alert(1)).',
  '<img src=x onerror="alert(1)"> ![a picture](https://example.com/a.png)',
  '',
  '| a | b |',
  '| --- | --- |',
  '| 1 | <b>2</b> |',
].join('\n');

const fill = `
import sys, time
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag
client = MlflowClient()
experiment = client.create_experiment('sweep')
now = int(time.time() * 1000) - 3600_000
def run(name, loss, lr, team, parent=None):
    tags = {'team': team}
    if parent:
        tags['mlflow.parentRunId'] = parent
    run_id = client.create_run(experiment, run_name=name, start_time=now, tags=tags).info.run_id
    client.log_batch(run_id, [Metric('val/loss', loss, now, 7), Metric('accuracy', 1 - loss, now, 7)], [Param('lr', lr), Param('optimizer', 'adam' if loss < 0.4 else 'sgd')])
    client.set_terminated(run_id, 'FINISHED')
    return run_id
first = run('baseline', 0.5, '0.1', 'vision')
client.set_tag(first, 'mlflow.note.content', sys.argv[1])
parent = run('sweep', 0.9, '0.5', 'nlp')
for index in range(6):
    run('trial-%d' % index, 0.1 * (index + 1), '%g' % (0.01 * (index + 1)), 'nlp', parent)
run('=cmd|calc', 0.45, '0.3', 'vision, "old"')
`;

const tab = /^sweep/;

describe('what can be done with runs in the table', () => {
  let server: MlflowServer;
  let folder: string;
  let workbench: Workbench;
  let page: Webview;

  openScene({ fill: ({ server }) => server.python(fill, description) }, async (scene) => {
    ({ server, folder, workbench } = scene);
    const experiments = await workbench.openView('Experiments');
    await (await experiments.find(/^sweep/)).inlineAction('Open Runs Table');
    page = await workbench.webview(tab);
    await row('baseline').waitFor();
  });

  const row = (name: string): Locator =>
    page.frame.locator('[role="row"]', { has: page.frame.getByText(name, { exact: true }) }).first();
  const cell = (name: string): Locator => page.frame.getByText(name, { exact: true }).first();
  const box = (): Locator => page.frame.getByRole('combobox', { name: 'Filter runs' });
  const names = async (): Promise<string[]> =>
    (await page.frame.locator('.name-text').allInnerTexts()).map((text) => text.trim());
  const menu = (label: string): Locator => page.frame.getByRole('menuitem', { name: label });
  const ask = async (filter: string) => {
    await box().fill(filter);
    await box().press('Enter');
  };

  it('says where a filter goes wrong, and keeps what is shown', async () => {
    await box().fill('params.lr > 0.02 AND accuracy ~ 3');
    await page.frame.locator('.filter-problem').waitFor();
    await reads(() => page.frame.locator('.filter-mark').innerText(), /./);
    await workbench.screenshot('filter-wrong');
    await box().press('Enter');
    await becomes(async () => (await names()).includes('baseline'), true);
    await box().press('Escape');
    await box().press('Escape');
    await becomes(() => box().inputValue(), '');
  });

  it('completes keys and values with the keyboard', async () => {
    await box().fill('val');
    const options = page.frame.getByRole('listbox', { name: 'Completions' });
    await options.waitFor();
    await workbench.screenshot('filter-completion');
    await box().press('ArrowDown');
    await box().press('Enter');
    await becomes(() => box().inputValue(), 'metrics.`val/loss`');
    await box().press('End');
    await box().pressSequentially(" < 0.25 OR tags.team = 'vis");
    await options.getByText('vision', { exact: true }).waitFor();
    await box().press('ArrowDown');
    await box().press('Tab');
    await box().press('Enter');
    await row('trial-3').waitFor({ state: 'detached' });
    await becomes(
      async () => (await names()).filter((name) => name !== 'sweep').sort(),
      ['baseline', 'trial-0', 'trial-1'],
    );
  });

  it('compares params as numbers, with parents kept, and remembers filters', async () => {
    await ask('params.lr > 0.04 AND params.lr < 0.3 AND NOT sweep');
    await row('trial-0').waitFor({ state: 'detached' });
    await row('trial-5').waitFor();
    await becomes(async () => (await names()).sort(), ['baseline', 'sweep', 'trial-4', 'trial-5']);
    await page.frame.getByRole('button', { name: 'Filters used before' }).click();
    const recent = page.frame.getByRole('option');
    await recent.first().waitFor();
    await reads(() => recent.first().innerText(), /params\.lr > 0\.04/);
    await workbench.screenshot('filter-recent');
    await box().press('Escape');
    await page.frame.getByRole('button', { name: 'Clear the filter' }).click();
    await row('trial-0').waitFor();
  });

  it('explains the grammar', async () => {
    await page.frame.getByRole('button', { name: 'How to filter' }).click();
    await page.frame.locator('.filter-help').waitFor();
    await workbench.screenshot('filter-help');
    await box().focus();
    await box().press('Escape');
    await page.frame.locator('.filter-help').waitFor({ state: 'detached' });
  });

  it('renames a run in its cell, and the server knows', async () => {
    await cell('trial-5').click();
    await page.frame.getByRole('treegrid').press('F2');
    const editor = page.frame.getByRole('textbox', { name: 'Name of trial-5' });
    await editor.fill('the last one');
    await workbench.screenshot('cell-editor');
    await editor.press('Enter');
    await row('the last one').waitFor();
    await eventually(() =>
      server.python(
        `from mlflow import MlflowClient\nassert MlflowClient().search_runs(['1'], "attributes.run_name = 'the last one'")`,
      ),
    );
  });

  it('leaves a cell as it was on Escape', async () => {
    await cell('trial-4').dblclick();
    const editor = page.frame.getByRole('textbox', { name: 'Name of trial-4' });
    await editor.fill('nothing');
    await editor.press('Escape');
    await row('trial-4').waitFor();
  });

  it('copies cells for a spreadsheet and as Markdown', async () => {
    await cell('=cmd|calc').click();
    await page.frame.getByRole('treegrid').press('Control+c');
    await page.frame.getByText('Copied 1 run.').first().waitFor();
    await reads(() => workbench.clipboard(), /^run_name\t.*\n'=cmd\|calc\t/);
    await cell('=cmd|calc').click({ button: 'right' });
    await workbench.screenshot('row-menu');
    await menu('Copy as…').click();
    await menu('Markdown table').click();
    await reads(() => workbench.clipboard(), /^\| run\\_name \|.*\n\| --- \|.*\n\| =cmd\\\|calc \|/);
  });

  it('shows the details of a run, and its description without what could run', async () => {
    await cell('baseline').click();
    await page.frame.getByRole('treegrid').press('Alt+Enter');
    const details = page.frame.getByRole('group', { name: 'Details of the run' });
    const text = details.locator('.markdown');
    await text.getByRole('heading', { name: 'Sweep of October' }).waitFor();
    const links = () => text.locator('a').evaluateAll((all) => all.map((link) => String(link)));
    await becomes(links, ['https://example.com/report']);
    assert.equal(await text.locator('img, b, [onerror], [style]').count(), 0);
    await becomes(() => text.locator('td').last().innerText(), '<b>2</b>');
    await workbench.screenshot('run-details');
  });

  it('edits the description with a preview, and tags in their place', async () => {
    const details = page.frame.getByRole('group', { name: 'Details of the run' });
    await details.getByRole('button', { name: 'Edit', exact: true }).click();
    const editor = details.getByRole('textbox', { name: 'Description, in Markdown' });
    // Ten lines, whatever sheets of styles come after.
    await eventually(async () => assert.ok(((await editor.boundingBox())?.height ?? 0) > 120));
    await editor.fill('Now *shorter*');
    await details.getByRole('radio', { name: 'Preview' }).check();
    await details.locator('.preview em').waitFor();
    await workbench.screenshot('description-preview');
    await details.getByRole('button', { name: 'Save' }).click();
    await details.locator('.markdown em').waitFor();
    await details.getByText('vision', { exact: true }).hover();
    await details.getByRole('button', { name: 'Edit the tag team' }).click();
    const tag = page.frame.getByRole('textbox', { name: 'Tag team of baseline' });
    await tag.fill('audio');
    await tag.press('Enter');
    await details.getByText('audio', { exact: true }).waitFor();
    await server.python(
      [
        'from mlflow import MlflowClient',
        `[run] = MlflowClient().search_runs(['1'], "tags.team = 'audio'")`,
        `assert run.data.tags['mlflow.note.content'] == 'Now *shorter*'`,
      ].join('\n'),
    );
  });

  it('keeps a description that is being written while one looks elsewhere', async () => {
    const details = page.frame.getByRole('group', { name: 'Details of the run' });
    const editor = () => page.frame.getByRole('textbox', { name: 'Description, in Markdown' });
    await details.getByRole('button', { name: 'Edit', exact: true }).press('Enter');
    await editor().fill('Half a description');
    await cell('trial-0').click();
    await details.getByRole('heading', { name: 'trial-0' }).waitFor();
    await page.frame.getByText('it is there in the details of baseline').first().waitFor();
    await editor().waitFor({ state: 'detached' });
    await workbench.screenshot('description-kept');
    await cell('baseline').click();
    await becomes(() => editor().inputValue(), 'Half a description');
    // What is hidden goes, and another page comes back.
    await workbench.runCommand('File: New Untitled Text File');
    const experiments = await workbench.openView('Experiments');
    await (await experiments.find(/^sweep/)).inlineAction('Open Runs Table');
    page = await workbench.webview(tab);
    await becomes(() => editor().inputValue(), 'Half a description');
    await page.frame.getByRole('button', { name: 'Cancel' }).click();
    await editor().waitFor({ state: 'detached' });
    await cell('trial-0').click();
    await cell('baseline').click();
    await page.frame.locator('.markdown em').waitFor();
  });

  it('overwrites no description that somebody else wrote meanwhile', async () => {
    const details = page.frame.getByRole('group', { name: 'Details of the run' });
    const write = (what: string) =>
      server.python(
        `from mlflow import MlflowClient\nclient = MlflowClient()\n[run] = client.search_runs(['1'], "tags.team = 'audio'")\n${what}`,
      );
    await details.getByRole('button', { name: 'Edit', exact: true }).press('Enter');
    const editor = details.getByRole('textbox', { name: 'Description, in Markdown' });
    await editor.fill('Mine');
    await write("client.set_tag(run.info.run_id, 'mlflow.note.content', 'of a colleague')");
    await editor.press('Control+Enter');
    await details
      .getByRole('alert')
      .getByText(/changed on the server meanwhile, to "of a colleague"/)
      .waitFor();
    await workbench.screenshot('description-conflict');
    await becomes(() => editor.inputValue(), 'Mine');
    await write("assert run.data.tags['mlflow.note.content'] == 'of a colleague'");
    await editor.press('Control+Enter');
    await details.locator('.markdown').getByText('Mine').waitFor();
    await write("assert run.data.tags['mlflow.note.content'] == 'Mine'");
  });

  it('follows the run one is at', async () => {
    await cell('trial-0').click();
    const details = page.frame.getByRole('group', { name: 'Details of the run' });
    await details.getByRole('heading', { name: 'trial-0' }).waitFor();
  });

  it('has no accessibility violation, in every theme', async () => {
    await cell('trial-0').click();
    await cell('trial-2').click({ modifiers: ['Shift'] });
    await page.frame.getByRole('toolbar', { name: 'Selected runs' }).waitFor();
    await box().fill('params.');
    await page.frame.getByRole('listbox', { name: 'Completions' }).waitFor();
    await checkThemes(workbench, page, 'row-actions', async () => {
      await box().focus();
      await box().press('Control+Space');
    });
    await box().press('Escape');
    await box().press('Escape');
  });

  it('exports what is loaded to a file, by a button and from the command palette', async () => {
    await cell('trial-0').click({ button: 'right' });
    await menu('Export…').click();
    await menu('The 9 loaded runs…').waitFor();
    await page.frame.getByRole('menu', { name: 'Export' }).press('Escape');
    const bar = page.frame.getByRole('toolbar', { name: 'Runs table' });
    await bar.getByRole('button', { name: 'Export…' }).click();
    await page.frame.getByRole('menuitem', { name: /^The \d+ selected runs…$/ }).waitFor();
    await workbench.screenshot('export-menu');
    await page.frame.getByRole('menu', { name: 'Export' }).press('Escape');
    await page.frame.getByRole('tab', { name: 'Charts' }).click();
    await page.frame.getByRole('treegrid').waitFor({ state: 'detached' });
    await workbench.runCommand('Flowdeck: Export Runs…');
    await menu('The 9 loaded runs…').click();
    await workbench.quickPick.choose(/^JSON/);
    const file = path.join(folder, 'nine.json');
    await workbench.quickPick.nameFile(file);
    // Renamed into its place when it is whole. What is said of it is gone after some seconds, on a busy machine unseen.
    await becomes(() => existsSync(file), true);
    const runs: unknown = JSON.parse(readFileSync(file, 'utf8'));
    assert.ok(Array.isArray(runs));
    assert.deepEqual(runs.map(({ run_name }) => run_name).sort()[0], '=cmd|calc');
    assert.equal(runs.length, 9);
  });

  it('keeps pinned runs at the top whatever is filtered', async () => {
    await cell('trial-1').click();
    await page.frame.getByRole('treegrid').press('p');
    await ask("tags.team = 'audio'");
    await row('sweep').waitFor({ state: 'detached' });
    await becomes(names, ['trial-1', 'baseline']);
    await page.frame.getByRole('button', { name: 'Clear the filter' }).click();
    await row('sweep').waitFor();
    await cell('trial-1').click();
    await page.frame.getByRole('treegrid').press('p');
  });

  it('does to several runs what is asked, with undo', async () => {
    await cell('trial-0').click();
    await cell('trial-2').click({ modifiers: ['Control'] });
    await page.frame.getByRole('treegrid').press('Delete');
    const dialog = workbench.dialog();
    await dialog.getByText(/Delete 2 runs/).waitFor();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await workbench.notification('Deleted 2 runs').getByRole('button', { name: 'Undo' }).click();
    await page.frame.getByRole('button', { name: 'Refresh' }).click();
    await row('trial-2').waitFor();
  });

  it('removes a tag of several runs', async () => {
    await cell('trial-0').click();
    await cell('trial-2').click({ modifiers: ['Control'] });
    await page.frame.getByRole('button', { name: 'More for the selected runs' }).click();
    await menu('Remove tag of 2 runs…').click();
    await workbench.quickPick.choose(/^team/);
    await workbench.notification('Removed "team" of 2 runs').waitFor();
  });
});
