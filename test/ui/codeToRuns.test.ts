import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { commit, git, makeRepository, write } from '../live/gitFixture';
import { becomes, reads } from '../support/eventually';
import { type MlflowServer, mlflowPython, startMlflowServer } from '../support/mlflowServer';
import { type Theme, Workbench } from './support/workbench';

const fill = `
import sys, time
from mlflow import MlflowClient
from mlflow.entities import Metric, RunTag
first, head = sys.argv[1:]
client = MlflowClient()
experiment = client.create_experiment('digits')
now = int(time.time() * 1000) - 3600_000
def run(name, accuracy, commit=None):
    tags = {'mlflow.source.name': 'train.py', **({'mlflow.source.git.commit': commit} if commit else {})}
    run_id = client.create_run(experiment, run_name=name, start_time=now, tags=tags).info.run_id
    client.log_batch(run_id, [Metric('accuracy', accuracy, now, 1)])
    client.set_terminated(run_id, 'FINISHED')
run('early bird', 0.81, first)
run('early owl', 0.84, first)
run('late swan', 0.93, head)
run('untagged', 0.5)
`;

const source = `import mlflow

mlflow.set_experiment("digits")


def main():
    with mlflow.start_run():
        mlflow.log_metric("accuracy", 0.9)
`;

const automatic = `import mlflow
mlflow.set_experiment("automatic")
with mlflow.start_run():
    mlflow.log_metric("a", 1)
`;

const themes: readonly Theme[] = ['Light Modern', 'Dark High Contrast'];

describe('from code to runs, and tagging', () => {
  let server: MlflowServer;
  let workbench: Workbench;
  let folder: string;
  /** MLflow records a commit by itself where GitPython can be had: for whom it cannot, this stands in its place. */
  let noGit: string;
  let first = '';
  let head = '';

  before(async () => {
    server = await startMlflowServer('3.17.2');
    folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'flowdeck-code-')));
    makeRepository(folder);
    first = commit(folder, 'Train with defaults', { 'train.py': 'print(1)\n' });
    git(folder, 'checkout', '-q', '-b', 'shelf');
    commit(folder, 'On the shelf', { 'shelf.py': '1\n' });
    git(folder, 'checkout', '-q', '-b', 'tune', first);
    head = commit(folder, 'Tune the learning rate', { 'train.py': source, 'auto.py': automatic });
    write(folder, '.git/info/exclude', '.vscode/\n');
    noGit = mkdtempSync(path.join(os.tmpdir(), 'flowdeck-nogit-'));
    writeFileSync(path.join(noGit, 'git.py'), "raise ImportError('no GitPython')\n");
    await server.python(fill, first, head);
    workbench = await Workbench.start({
      folder,
      settings: {
        'flowdeck.trackingUri': server.uri,
        'flowdeck.refresh.intervalSeconds': 0,
        'flowdeck.source.autoTag': true,
      },
    });
  });

  after(async () => {
    await workbench?.close();
    await server?.dispose();
    for (const made of [folder, noGit]) if (made) rmSync(made, { recursive: true, force: true, maxRetries: 5 });
  });

  afterEach(async function () {
    await workbench?.keepFailure(this.currentTest);
  });

  it('shows what is checked out above the experiments, with its runs', async () => {
    const experiments = await workbench.openView('Experiments');
    const row = await experiments.row(/^At HEAD/).waitFor();
    await row.expand();
    await experiments.row(/^late swan/).waitFor();
    await becomes(
      async () => (await experiments.rows())[0]?.description,
      `tune ${head.slice(0, 7)} Tune the learning rate`,
    );
    await becomes(
      async () => (await experiments.rows()).filter(({ level }) => level === 2).map(({ label }) => label),
      ['late swan'],
    );
    await workbench.explains(
      experiments.row(/^late swan/).locator.locator('.label-name'),
      'Tune the learning rate · at HEAD',
    );
    await workbench.screenshot('at-head');
  });

  it('counts the runs of each commit in the picker and opens those of one', async () => {
    await workbench.runCommand('Flowdeck: Show Runs of Commit…');
    const row = workbench.page.locator('.quick-input-widget .monaco-list-row', { hasText: '2 runs' });
    await row.waitFor();
    await reads(
      () => row.getAttribute('aria-label'),
      new RegExp(`${first.slice(0, 7)} Train with defaults.*2 runs.*Ada`),
    );
    await workbench.screenshot('commit-picker');
    await row.click();
    const page = await workbench.webview(/^(Runs of|At HEAD)/);
    await page.frame.getByText('early owl', { exact: true }).first().waitFor();
    await becomes(() => page.frame.getByText('late swan', { exact: true }).count(), 0);
    const box = page.frame.getByRole('combobox', { name: 'Filter runs' });
    await becomes(() => box.inputValue(), `tags.mlflow.source.git.commit = '${first}'`);
    await workbench.screenshot('runs-of-commit');
  });

  it('finds a commit that is not in the list by the branch that is typed', async () => {
    await workbench.runCommand('Flowdeck: Show Runs of Commit…');
    await workbench.quickPick.type('shelf');
    const row = workbench.quickPick.rows.filter({ hasText: 'On the shelf' });
    await row.filter({ hasText: '0 runs' }).waitFor();
    await workbench.screenshot('commit-typed');
    await workbench.quickPick.cancel();
  });

  it('shows the best of a metric beside each commit, once a person said which is better', async () => {
    await workbench.runCommand('Flowdeck: Show Runs of Commit…');
    const row = workbench.page.locator('.quick-input-widget .monaco-list-row', { hasText: '2 runs' });
    await row.waitFor();
    await workbench.quickPick.widget.locator('.action-label[aria-label^="Choose the Metric"]').click();
    await workbench.quickPick.rows.filter({ hasText: 'accuracy' }).first().waitFor();
    await workbench.screenshot('commit-metric');
    await workbench.quickPick.choose('accuracy');
    await workbench.quickPick.choose('Higher is better');
    await row.filter({ hasText: 'best accuracy 0.84' }).waitFor();
    await workbench.screenshot('commit-best');
    await workbench.quickPick.cancel();
    // Kept for the workspace.
    await workbench.runCommand('Flowdeck: Show Runs of Commit…');
    await row.filter({ hasText: 'best accuracy 0.84' }).waitFor();
    await workbench.quickPick.cancel();
  });

  const names = ['early bird', 'early owl', 'late swan', 'untagged'];
  /** What the page of all experiments shows, which takes the filter of each question. */
  const shows = async (wanted: readonly string[]) => {
    const page = await workbench.webview(/^(Runs of|At HEAD)/);
    for (const name of wanted) await page.frame.getByText(name, { exact: true }).first().waitFor();
    for (const name of names.filter((each) => !wanted.includes(each)))
      await page.frame.getByText(name, { exact: true }).first().waitFor({ state: 'hidden' });
  };
  const ofBranch = () => workbench.runCommand('Flowdeck: Show Runs of Branch or Range…');

  it('opens the runs of a branch, of what came since main and of a range, and says why one is none', async () => {
    await ofBranch();
    await workbench.quickPick.rows.filter({ hasText: 'tune' }).first().waitFor();
    await workbench.screenshot('branch-picker');
    await workbench.quickPick.choose(/Since main/);
    await shows(['late swan']);
    await ofBranch();
    await workbench.quickPick.choose(/tune, checked out/);
    await shows(['early bird', 'early owl', 'late swan']);
    await ofBranch();
    await workbench.quickPick.choose(/A range/);
    await workbench.quickPick.type('main..nowhere');
    await workbench.quickPick.widget.getByText('There is no commit "nowhere"').waitFor();
    await workbench.screenshot('branch-range');
    await workbench.quickPick.fill(`${first.slice(0, 8)}..tune`);
    await shows(['late swan']);
    await workbench.screenshot('runs-of-range');
  });

  it('shows all runs at the head from its row, and follows a checkout', async () => {
    const experiments = await workbench.openView('Experiments');
    await (await experiments.find(/^At HEAD/)).inlineAction('Show Runs at HEAD');
    await shows(['late swan']);
    git(folder, 'checkout', '-q', '--detach', first);
    await workbench.page
      .locator('.monaco-list-row', { hasText: `detached ${first.slice(0, 7)}` })
      .first()
      .waitFor();
    await experiments.row(/^early owl/).waitFor();
    await workbench.screenshot('at-head-detached');
    git(folder, 'checkout', '-q', 'tune');
    await workbench.page
      .locator('.monaco-list-row', { hasText: `tune ${head.slice(0, 7)}` })
      .first()
      .waitFor();
  });

  it('shows the last runs above the code', async () => {
    await workbench.openFile('train.py');
    const lens = workbench.page.locator('.codelens-decoration', { hasText: /Last run( in digits)?:/ });
    await lens.first().waitFor();
    await becomes(() => lens.count(), 2);
    await reads(
      async () => (await lens.first().innerText()).replaceAll(/\s+/g, ' '),
      /Last run: .*finished.*\|.*4 runs.*\|.*Compare last two/,
    );
    await workbench.screenshot('code-lens');
    for (const theme of themes) await workbench.screenshot('code-lens', theme);
    await workbench.setTheme('Dark Modern');
    // Pointing at the call: the same, as a list.
    const call = workbench.page.locator('.view-line', { hasText: 'set_experiment' }).first();
    await workbench.explains(call.getByText('set_experiment', { exact: false }).last(), 'Open Runs Table');
    const hover = workbench.page.locator('.monaco-hover', { hasText: 'Open Runs Table' }).first();
    // They began in the same moment: which is first, the server decides.
    for (const name of names) await reads(() => hover.innerText(), new RegExp(`${name} · finished · accuracy 0`));
    await reads(() => hover.innerText(), /Compare last two/);
    await workbench.screenshot('code-hover');
    await hover.getByText('Show', { exact: true }).first().click();
    await (await workbench.openView('Run')).row(/^(late swan|untagged|early)/).waitFor();
    // Off by setting, and on again.
    const settings = path.join(folder, '.vscode', 'settings.json');
    mkdirSync(path.dirname(settings), { recursive: true });
    writeFileSync(settings, '{ "flowdeck.source.codeLens": false }');
    await becomes(() => lens.count(), 0);
    rmSync(path.dirname(settings), { recursive: true });
    await lens.first().waitFor();
    await lens.first().getByText('Compare last two').click();
    const page = await workbench.webview(/^2 runs/);
    await page.frame.getByText('accuracy', { exact: true }).first().waitFor();
  });

  it('says in the status bar how many runs there are at HEAD, with the way to them, and follows a checkout', async () => {
    const item = workbench.statusBar('server');
    await item.getByText(/3\.17\.2 · 1 run at HEAD$/).waitFor({ timeout: 30_000 });
    assert.equal(await workbench.page.locator('.statusbar-item[id^="flowdeck.flowdeck"]').count(), 1, 'one item');
    git(folder, 'checkout', '-q', '--detach', first);
    await item.getByText(/· 2 runs at HEAD$/).waitFor({ timeout: 30_000 });
    const offered = 'Runs of This Commit';
    const link = workbench.page.locator('.monaco-hover').getByRole('link', { name: offered });
    for (const theme of [...themes, 'Dark Modern'] as const) {
      await workbench.setTheme(theme);
      await workbench.explains(item.locator('a'), offered);
      await workbench.screenshot(`head-hint-${theme.toLowerCase().replaceAll(' ', '-')}`);
    }
    await link.click();
    await shows(['early bird', 'early owl']);
    // Where nobody points: the same from the item's list.
    await item.locator('a').click();
    await workbench.quickPick.choose(/Show the Last Run/);
    const run = await workbench.openView('Run');
    await run.row(/early (bird|owl)/).waitFor();
    git(folder, 'checkout', '-q', 'tune');
    await item.getByText(/· 1 run at HEAD$/).waitFor({ timeout: 30_000 });
  });

  it('marks the terminals of the window for automatic tagging', async () => {
    await workbench.runCommand('Terminal: Create New Terminal');
    await workbench.page.locator('.terminal-wrapper.active .xterm-helper-textarea').waitFor({ state: 'attached' });
    for (
      const end = Date.now() + 60_000;
      !/flowdeck\.window[^\n]*[0-9a-f]{8}-/.test(await workbench.terminalText());
    ) {
      assert.ok(Date.now() < end, await workbench.terminalText());
      await workbench.page.locator('.terminal-wrapper.active .xterm-helper-textarea').focus();
      await workbench.page.keyboard.type('echo $MLFLOW_RUN_CONTEXT\n');
      await workbench.page.waitForTimeout(2_000);
    }
    await workbench.runCommand('Terminal: Kill the Active Terminal Instance');
  });

  it('tags what the terminal of the window ran, by the variable it was given, also after a reload', async () => {
    const terminal = workbench.page.locator('.terminal-wrapper.active .xterm-helper-textarea');
    const python = mlflowPython('3.17.2');
    const tagged = async () =>
      (
        await server.python(
          "from mlflow import MlflowClient as C\nc = C()\ne = c.get_experiment_by_name('automatic')\nprint([r.data.tags.get('mlflow.source.git.commit', '-') for r in c.search_runs([e.experiment_id])] if e else [])",
        )
      ).trim();
    const isAtPrompt = async () => /[$#%>]$/.test((await workbench.terminalText()).trimEnd());
    const line = `PYTHONPATH=${noGit} MLFLOW_TRACKING_URI=${server.uri} ${python} auto.py`;
    /** Long lines are wrapped. */
    const isTyped = async () =>
      (await workbench.terminalText()).replaceAll(/\s/g, '').endsWith(line.replaceAll(' ', ''));
    const runIt = async () => {
      const end = Date.now() + 90_000;
      // What is typed before the terminal is ready is lost; entered is only a line that stands there once.
      for (let typedAt = 0; !(await isTyped()); await workbench.page.waitForTimeout(200)) {
        assert.ok(Date.now() < end, await workbench.terminalText());
        if (Date.now() - typedAt < 10_000) continue;
        await workbench.page.locator('.terminal-wrapper.active .xterm-screen').click();
        await terminal.focus();
        await workbench.page.keyboard.press('Control+u');
        await workbench.page.keyboard.type(line);
        typedAt = Date.now();
      }
      await workbench.page.keyboard.press('Enter');
    };
    await workbench.runCommand('Terminal: Create New Terminal');
    await terminal.waitFor({ state: 'attached' });
    await becomes(isAtPrompt, true);
    await runIt();
    await workbench.notification(/Tagged run .* with/).waitFor({ timeout: 90_000 });
    assert.match(await tagged(), new RegExp(`\\['${head}'\\]`));
    await workbench.reload();
    await workbench.openView('Experiments');
    await workbench.runCommand('Terminal: Focus Terminal');
    await reads(() => workbench.terminalText(), /View experiment at/);
    await becomes(isAtPrompt, true);
    await runIt();
    await workbench.notification(/Tagged run .* with/).waitFor({ timeout: 90_000 });
    assert.match(await tagged(), new RegExp(`\\['${head}', '${head}'\\]`));
    await workbench.runCommand('Terminal: Kill the Active Terminal Instance');
  });

  it('tags a dirty tree with its patch, after showing the secret in it', async () => {
    // Put together here, so that no scanner takes this file for a leak.
    write(folder, 'train.py', `${source}KEY = "${['AKIA', 'QWERTYUIOPASDFGH'].join('')}"\n`);
    write(folder, 'notes.txt', 'mine\n');
    const experiments = await workbench.openView('Experiments');
    await (await experiments.find(/^digits/)).expand();
    await (await experiments.find(/^untagged/)).inlineAction('Tag Run with Current Commit');
    await workbench.dialog().waitFor();
    await workbench.screenshot('tag-dirty');
    await workbench.dialog().getByRole('button', { name: 'Tag with Patch…' }).click();
    await workbench.quickPick.rows.filter({ hasText: 'notes.txt' }).waitFor();
    await workbench.screenshot('tag-untracked');
    await workbench.quickPick.accept();
    const dialog = workbench.dialog();
    await dialog.getByText('what looks like a secret').waitFor();
    await reads(() => dialog.innerText(), /train\.py:9 +AWS access key +AKIA… \(20\)/);
    await workbench.screenshot('tag-secret');
    await dialog.getByRole('button', { name: 'Store the Patch' }).click();
    await workbench.keptNotification(/Tagged run untagged with/);
    const tags = await server.python(
      "from mlflow import MlflowClient as C\nc = C()\nr = [r for r in c.search_runs(['1']) if r.info.run_name == 'untagged'][0]\nprint(r.data.tags['flowdeck.git.patch'], r.data.tags['mlflow.source.git.commit'], [f.path for f in c.list_artifacts(r.info.run_id, 'flowdeck')])",
    );
    const [, place = ''] = /(flowdeck\/uncommitted-[0-9a-f]{12}\.patch)/.exec(tags) ?? [];
    assert.ok(place && tags.includes(`${place} ${head} ['${place}']`), tags);
  });
});
