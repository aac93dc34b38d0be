import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { run as runProgram } from '../../scripts/lib/run.mjs';
import { makeWorkspace } from '../../scripts/lib/workspace.mjs';
import { becomes, reads } from '../support/eventually';
import { type MlflowServer, startMlflowServer } from '../support/mlflowServer';
import { type Theme, Workbench } from './support/workbench';

const fill = `
import json, sys
from mlflow import MlflowClient
from mlflow.entities import LoggedModelOutput
client = MlflowClient()
experiment = client.create_experiment('code')
for at, spec in enumerate(json.loads(sys.argv[1])):
    code = {'mlflow.source.git.commit': spec['commit'], 'mlflow.source.git.branch': 'main'}
    tags = {'mlflow.source.name': 'train.py', 'mlflow.source.type': 'LOCAL', **({} if spec.get('onModel') else code)}
    if 'diff' in spec:
        tags['mlflow.source.git.diff'] = spec['diff']
        tags['mlflow.source.git.dirty'] = 'true'
    run_id = client.create_run(experiment, start_time=1700000000000 + at * 60000, run_name=spec['name'], tags=tags).info.run_id
    for key, value in spec['params'].items(): client.log_param(run_id, key, value)
    client.log_text(run_id, spec['requirements'], 'requirements.txt')
    if spec.get('onModel'):
        model = client.create_logged_model(experiment, name='net', source_run_id=run_id, tags=code)
        client.log_outputs(run_id, [LoggedModelOutput(model.model_id, 0)])
    client.set_terminated(run_id, 'FINISHED')
`;

const themes: readonly Theme[] = ['Light Modern', 'Dark High Contrast', 'Light High Contrast', 'Dark Modern'];

describe('from a run to its code in VS Code', () => {
  let server: MlflowServer;
  let workspace: Awaited<ReturnType<typeof makeWorkspace>>;
  let workbench: Workbench;
  let beside: string;
  let first: string;
  let second: string;

  before(async () => {
    server = await startMlflowServer('3.17.2');
    workspace = await makeWorkspace(process.env.FLOWDECK_ROOT ?? process.cwd());
    beside = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'flowdeck-beside-')));
    const git = async (...args: string[]) => await runProgram('git', ['-C', workspace.folder, ...args]);
    const file = (name: string) => path.join(workspace.folder, name);
    await git('remote', 'add', 'origin', 'git@github.com:ada/digits.git');
    writeFileSync(file('steps.py'), 'def double(x):\n    return 2 * x\n');
    writeFileSync(file('notes.md'), '# Notes\n');
    await git('add', '-A');
    await git('commit', '-q', '-m', 'Steps of their own\n\nThe sweep needs them.');
    first = (await git('rev-parse', 'HEAD')).trim();
    writeFileSync(file('train.py'), `import steps\n${readFileSync(file('train.py'), 'utf8')}`);
    writeFileSync(file('steps.py'), 'def double(x):\n    return x + x\n');
    writeFileSync(file('notes.md'), '# Notes\nFaster now.\n');
    await git('commit', '-q', '-am', 'Double without multiplying');
    second = (await git('rev-parse', 'HEAD')).trim();
    writeFileSync(file('steps.py'), 'def double(x):\n    return x << 1\n');
    const diff = await git('diff');
    await git('checkout', '-q', '.');
    const runs = [
      {
        name: 'baseline',
        commit: first,
        params: { lr: '0.1', hidden: '16' },
        requirements: 'numpy==1.26.4\nscikit-learn==1.5.0\n',
      },
      {
        name: 'shifted',
        commit: second,
        diff,
        params: { lr: '0.2', hidden: '16' },
        requirements: 'numpy==2.1.0\nscikit-learn==1.5.0\n',
      },
      // As MLflow's git versioning of models does.
      { name: 'modelled', commit: second, onModel: true, params: {}, requirements: '' },
    ];
    await server.python(fill, JSON.stringify(runs));
    workbench = await Workbench.start({
      folder: workspace.folder,
      settings: { 'flowdeck.trackingUri': server.uri, 'flowdeck.refresh.intervalSeconds': 0 },
    });
    // Pages of the outside are not asked for.
    await workbench.context.route('https://github.com/**', (route) => route.fulfill({ body: 'a page' }));
    await (await (await workbench.openView('Experiments')).find(/^code/)).expand();
  });

  after(async () => {
    await workbench?.close();
    workspace?.dispose();
    if (beside) rmSync(beside, { recursive: true, force: true, maxRetries: 3 });
    await server?.dispose();
  });

  afterEach(async function () {
    await workbench?.keepFailure(this.currentTest);
  });

  const runRow = async (name: RegExp) => await (await workbench.openView('Experiments')).find(name);
  /** The heads of the files in the editor for many differences, as far as they are in sight. */
  const heads = (): Locator => workbench.page.locator('.multiDiffEntry .file-path .title.modified');
  const head = (name: string): Locator => heads().filter({ hasText: name }).first();
  const line = (text: string): Locator =>
    workbench.page.locator('.multiDiffEntry .view-line', { hasText: text }).first();
  const themed = async (name: string) => {
    for (const theme of themes) await workbench.screenshot(name, theme);
  };

  it('compares the code of a run with the folder, from the tree', async () => {
    await (await runRow(/^baseline/)).contextMenu('Compare Code with Working Tree');
    await workbench.tab(new RegExp(`\\(${first.slice(0, 7)} ↔ Working Tree\\)`)).waitFor();
    for (const name of ['notes.md', 'steps.py', 'train.py']) await head(name).waitFor();
    await line('return x + x').waitFor();
    await themed('code-working-tree');
  });

  it('shows the commit, with its changes a click away', async () => {
    await (await runRow(/^baseline/)).contextMenu('Show Commit');
    await workbench.tab(`Commit ${first.slice(0, 7)}`).waitFor();
    const editor = workbench.page.locator('.editor-instance');
    await editor.locator('.view-line', { hasText: 'The sweep needs them.' }).waitFor();
    const lens = (text: string) => workbench.page.locator('.codelens-decoration a', { hasText: text }).first();
    await lens('Open All Changes').waitFor();
    const link = editor.locator('.view-line .detected-link', { hasText: 'steps.py' }).first();
    await link.waitFor();
    await themed('code-commit');
    await link.click({ modifiers: ['Control'] });
    await workbench.page.locator('.editor-instance .view-line', { hasText: 'def double(x):' }).first().waitFor();
    await workbench
      .tab(`Commit ${first.slice(0, 7)}`)
      .first()
      .click();
    await lens('Open All Changes').click();
    await workbench.tab(`${first.slice(0, 7)}: Steps of their own`).waitFor();
    for (const name of ['notes.md', 'steps.py']) await head(name).waitFor();
    await workbench.screenshot('code-commit-changes');
  });

  it('marks the changes that were in no commit', async () => {
    await (await runRow(/^shifted/)).contextMenu('Show Commit');
    await workbench.tab(`Commit ${second.slice(0, 7)}`).waitFor();
    await workbench.page.locator('.view-line', { hasText: 'Uncommitted changes that the run carries' }).waitFor();
    await workbench.screenshot('code-commit-patch');
    await workbench.page.locator('.codelens-decoration a', { hasText: 'Open All Changes' }).first().click();
    await workbench.tab(`${second.slice(0, 7)} + patch: Double without multiplying`).waitFor();
    await line('x << 1').waitFor();
    await workbench.screenshot('code-patch');
    assert.ok(!readFileSync(path.join(workspace.folder, 'steps.py'), 'utf8').includes('<<'));
  });

  it('shows the commit again after the window was loaded anew, with the changes that were in none', async () => {
    await (await runRow(/^shifted/)).contextMenu('Show Commit');
    const tab = workbench.tab(`Commit ${second.slice(0, 7)}`);
    await tab.waitFor();
    await workbench.reload();
    await tab.click();
    await workbench.page.locator('.view-line', { hasText: 'Uncommitted changes that the run carries' }).waitFor();
    await workbench.page.locator('.codelens-decoration a', { hasText: 'Open All Changes' }).first().waitFor();
    await workbench.screenshot('code-commit-after-reload');
    await (await (await workbench.openView('Experiments')).find(/^code/)).expand();
  });

  it('compares the code, params and environment of two selected runs', async () => {
    await (await runRow(/^baseline/)).click();
    const other = await runRow(/^shifted/);
    await other.locator.click({ modifiers: ['Control'] });
    await other.contextMenu('Diff Code of Two Runs');
    await workbench.quickPick.rows.first().waitFor();
    await workbench.screenshot('code-diff-choice');
    await workbench.quickPick.choose(/What It Imports/);
    await workbench.tab(/^baseline .* ↔ shifted .*\+ patch/).waitFor();
    await head('params and environment.yaml').waitFor();
    await head('steps.py').waitFor();
    await becomes(() => head('notes.md').count(), 0);
    await line('lr: 0.2').waitFor();
    await line('numpy: 2.1.0').waitFor();
    await themed('code-two-runs');
  });

  it('offers it in tree and table where only a model that the run logged names the commit', async () => {
    await (await runRow(/^modelled/)).contextMenu('Show Commit');
    await workbench.tab(`Commit ${second.slice(0, 7)}`).waitFor();
    await (await runRow(/^modelled/)).click();
    const run = await workbench.openView('Run');
    await run.find(/^modelled/);
    await (await run.find(/^Source/)).expand();
    const commitRow = await run.find(new RegExp(`^Commit.*${second.slice(0, 7)}`));
    await themed('run-commit-of-model');
    await commitRow.contextMenu('Compare Code with Working Tree');
    await workbench.notification(new RegExp(`are the same as at ${second.slice(0, 7)}`)).waitFor();
    await (await runRow(/^code/)).inlineAction('Open Runs Table');
    const table = await workbench.webview(/^code/);
    const item = (name: string) => table.frame.getByRole('menuitem', { name });
    await table.frame.getByText('modelled', { exact: true }).first().click({ button: 'right' });
    await item('Code…').click();
    await item('Open on remote').waitFor();
  });

  it('opens the page of the commit from the palette', async () => {
    await (await runRow(/^baseline/)).click();
    const page = await workbench.opensPage(async () => {
      await workbench.runCommand('Flowdeck: Open Commit on Remote');
      await workbench.quickPick.choose(/Commit [0-9a-f]{7}/);
    });
    assert.equal(page.url(), `https://github.com/ada/digits/commit/${first}`);
    await page.close();
  });

  it('offers the same in the runs table, for one run and for two', async () => {
    await (await runRow(/^code/)).inlineAction('Open Runs Table');
    const table = await workbench.webview(/^code/);
    const cell = (name: string) => table.frame.getByText(name, { exact: true }).first();
    const item = (name: string) => table.frame.getByRole('menuitem', { name });
    await cell('baseline').click({ button: 'right' });
    await item('Code…').click();
    await item('Show commit').waitFor();
    await workbench.screenshot('code-row-menu');
    await item('Show commit').click();
    // It is open from before: this brings it to the front.
    await workbench.page.getByRole('tab', { name: `Commit ${first.slice(0, 7)}`, selected: true }).waitFor();
    await workbench.webview(/^code/);
    await cell('baseline').click();
    await table.frame.getByRole('treegrid').press('Alt+Enter');
    const details = table.frame.getByRole('group', { name: 'Details of the run' });
    await details.getByText('Steps of their own · 1 commit behind HEAD').waitFor();
    await workbench.screenshot('code-run-details');
    await details.getByRole('button', { name: 'Close details' }).click();
    await cell('baseline').click();
    await cell('shifted').click({ modifiers: ['Control'] });
    await cell('shifted').click({ button: 'right' });
    await item('Diff their code').click();
    await workbench.quickPick.choose(/All Files/);
    await head('notes.md').waitFor();
  });

  it('checks the commit out in a folder of its own, and takes it away again', async () => {
    await (await runRow(/^shifted/)).contextMenu('Check Out in New Worktree…');
    await workbench.quickPick.type(`${beside}/`);
    // A notification goes to the bell after some seconds, which the other window may take.
    const told = workbench.notification(/Checked out .* \+ patch in .*, opened in a new window/);
    const telling = told.waitFor().then(() => workbench.screenshot('code-worktree'));
    const opened = await workbench.opensPage(() =>
      workbench.page.getByRole('button', { name: 'Check Out Here' }).click(),
    );
    await opened.locator('.part.statusbar').waitFor();
    await reads(() => opened.title(), new RegExp(`-${second.slice(0, 7)}`));
    await opened.close();
    await telling;
    const [made = ''] = readdirSync(beside);
    assert.match(made, new RegExp(`-${second.slice(0, 7)}$`));
    assert.match(readFileSync(path.join(beside, made, 'steps.py'), 'utf8'), /x << 1/);
    await workbench.runCommand('Flowdeck: Remove Worktree…');
    await workbench.quickPick.choose(new RegExp(made));
    await workbench.dialog().getByText('steps.py', { exact: false }).waitFor();
    await workbench.screenshot('code-worktree-remove');
    await workbench.dialog().getByRole('button', { name: 'Remove Worktree' }).click();
    await becomes(() => readdirSync(beside), []);
  });

  it('tags several runs from the table, and shows the runs of a commit from the comparison', async () => {
    await (await runRow(/^code/)).inlineAction('Open Runs Table');
    const table = await workbench.webview(/^code/);
    const cell = (name: string) => table.frame.getByText(name, { exact: true }).first();
    const item = (name: string) => table.frame.getByRole('menuitem', { name });
    await cell('baseline').click();
    await cell('shifted').click({ modifiers: ['Control'] });
    await cell('shifted').click({ button: 'right' });
    await item('Tag 2 runs with the current commit…').waitFor();
    await workbench.screenshot('code-tag-several');
    await item('Tag 2 runs with the current commit…').click();
    await workbench.dialog().getByText('Another commit stands on 1 of 2 runs.').waitFor();
    await workbench.dialog().getByRole('button', { name: 'Replace Commit' }).click();
    await workbench.notification(/Tagged 2 runs with/).waitFor();
    const tags = await server.python(
      "from mlflow import MlflowClient as C\nc = C()\nprint(sorted((r.info.run_name, r.data.tags['mlflow.source.git.commit'], 'mlflow.source.git.diff' in r.data.tags) for r in c.search_runs(['1']) if r.info.run_name != 'modelled'))",
    );
    assert.ok(tags.includes(`[('baseline', '${second}', False), ('shifted', '${second}', False)]`), tags);
    await cell('shifted').click({ button: 'right' });
    await item('Compare these runs').click();
    await table.frame.getByRole('columnheader', { name: /shifted/ }).click({ button: 'right' });
    await item('Tag 2 runs with the current commit…').waitFor();
    await workbench.screenshot('code-compare-menu');
    await item('Runs of this commit').click();
    const runs = await workbench.webview(/^Runs of/);
    for (const name of ['baseline', 'shifted', 'modelled'])
      await runs.frame.getByText(name, { exact: true }).first().waitFor();
  });
});
