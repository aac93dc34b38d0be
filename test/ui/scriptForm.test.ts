import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { becomes, reads } from '../support/eventually';
import type { MlflowServer } from '../support/mlflowServer';
import { until } from '../support/processTree';
import { openScene, usePython } from './support/scene';
import { checkThemes } from './support/themes';
import type { Webview } from './support/webview';
import type { Workbench } from './support/workbench';

describe('a script in the launch form', function () {
  // Each step begins where the one before it ended.
  this.bail(true);
  let server: MlflowServer;
  let workbench: Workbench;
  let page: Webview;

  openScene(
    {
      folder: 'empty',
      refreshSeconds: 2,
      settings: { 'flowdeck.projects.parameterForm': 'editor' },
      fill: async (ground) => {
        const plain = path.join(ground.folder, 'plain');
        mkdirSync(path.join(plain, 'tools'), { recursive: true });
        writeFileSync(path.join(plain, 'train.py'), 'import sys\nprint("trained", sys.argv[1:])\n');
        writeFileSync(path.join(plain, 'tools', 'run.sh'), 'echo "$@"\n');
        usePython(ground.folder);
      },
    },
    (scene) => ({ server, workbench } = scene),
  );

  const field = (label: string) => page.frame.getByLabel(label, { exact: true });
  const button = (name: string) => page.frame.getByRole('button', { name, exact: true });
  const { press, type } = {
    press: async (...keys: string[]) => {
      for (const key of keys) await workbench.page.keyboard.press(key);
    },
    type: (text: string) => workbench.page.keyboard.type(text),
  };
  const focused = () =>
    page.evaluate<string>(
      '(document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? "").trim()',
    );
  const rows = () =>
    page.frame
      .locator('.extra')
      .evaluateAll((all: { querySelectorAll(name: string): ArrayLike<{ value: string }> }[]) =>
        all.map((row) => [...Array.from(row.querySelectorAll('input'))].map(({ value }) => value)),
      );
  const swept = [
    ['rate', '0.1, 0.2'],
    ['kind', 'a, b c'],
  ];

  it('is found in the menu of a folder, before any server is connected', async () => {
    await workbench.runCommand('View: Show Explorer');
    assert.equal(await workbench.statusBar('server').getByText('3.17.2').count(), 0);
    const folder = workbench.tree('Files Explorer').row(/^plain/);
    await folder.contextMenu('Run Entry Point of Folder…');
    const { quickPick } = workbench;
    await reads(() => quickPick.title().catch(() => ''), /^Run in plain$/);
    await reads(async () => (await quickPick.labels()).join(), /^[^,]*train\.py,[^,]*tools\/run\.sh$/);
    await workbench.screenshot('script-picker');
    await quickPick.choose(/train\.py/);
    page = await workbench.webview(/^Run train\.py/);
    await page.frame.getByRole('heading', { name: 'Run train.py' }).waitFor();
    await page.frame.getByText('python train.py', { exact: true }).waitFor();
    // Whoever opens it types at once.
    await becomes(focused, 'Name of parameter 1');
  });

  it('gets its parameters by the keyboard alone, and lets go of one', async () => {
    await type('rate');
    await press('Tab');
    await type('0.1, 0.2');
    await press('Tab');
    await becomes(focused, 'Vary rate in a sweep');
    await press('Enter', 'Tab');
    await becomes(focused, 'Remove rate');
    await press('Tab');
    await becomes(focused, 'Add parameter');
    await press('Enter');
    await becomes(focused, 'Name of parameter 2');
    await type('--kind');
    await press('Tab');
    await type('a, b c');
    await press('Tab', 'Enter', 'Tab', 'Tab');
    await becomes(focused, 'Add parameter');
    await press('Enter');
    await becomes(focused, 'Name of parameter 3');
    await type('rate');
    await page.frame.getByText('There are two parameters of this name.').first().waitFor();
    await page.frame.locator('.form-foot .button:disabled', { hasText: 'Run' }).waitFor();
    await press('Tab', 'Tab', 'Tab');
    await becomes(focused, 'Remove rate');
    await press('Enter');
    await becomes(focused, 'Add parameter');
    await becomes(rows, [swept[0], ['--kind', 'a, b c']]);
    await button('Run 4 runs').waitFor();
  });

  it('shows its rows in every theme and without a fault of accessibility', async () => {
    await button('Add parameter').click();
    await field('Name of parameter 3').fill('a;b');
    await page.frame.getByText('No parameter of the name "a;b" can be passed to MLflow.').waitFor();
    await field('Experiment').fill('scripts');
    await field('Name').fill('two by two');
    await field('Runs at a time').fill('2');
    await checkThemes(workbench, page, 'script-form', async () => {
      page = await workbench.webview(/^Run train\.py/);
    });
    await button('Remove a;b').click();
    await button('Run 4 runs').waitFor();
  });

  it('keeps its rows over a reload of the window', async () => {
    await workbench.reload();
    page = await workbench.webview(/^Run train\.py/);
    await button('Run 4 runs').waitFor();
    await becomes(rows, [swept[0], ['--kind', 'a, b c']]);
  });

  it('launches every combination, as the script is given it', async () => {
    await button('Run 4 runs').click();
    await page.frame.getByText('Launched a sweep of 4 runs.').waitFor();
    await workbench
      .notification(/The sweep of train\.py \(plain\) ended: 4 of 4 runs finished/)
      .waitFor({ timeout: 240_000 });
    await reads(() => workbench.terminalText(), /trained \['--rate', '0\.[12]', '--kind', '(a|b c)'\]/);
    const script = `
import json, mlflow
found = mlflow.search_runs(experiment_names=['scripts'], output_format='list')
print('runs ' + json.dumps(sorted([r.info.run_name, r.info.status, r.data.params.get('rate', ''), r.data.params.get('kind', '')] for r in found)))`;
    assert.deepEqual(JSON.parse(/^runs (.*)$/m.exec(await server.python(script))?.[1] ?? '[]'), [
      ['rate=0.1, kind=a', 'FINISHED', '0.1', 'a'],
      ['rate=0.1, kind=b c', 'FINISHED', '0.1', 'b c'],
      ['rate=0.2, kind=a', 'FINISHED', '0.2', 'a'],
      ['rate=0.2, kind=b c', 'FINISHED', '0.2', 'b c'],
      ['two by two', 'FINISHED', '', ''],
    ]);
  });

  it('is filled again by an earlier launch', async () => {
    page = await workbench.webview(/^Run train\.py/);
    await button('Remove kind').click();
    await button('Remove rate').click();
    await becomes(rows, []);
    await workbench.runCommand('Notifications: Clear All Notifications');
    await workbench.reload();
    page = await workbench.webview(/^Run train\.py/);
    await field('Earlier').selectOption({ index: 1 });
    await becomes(rows, swept);
    await button('Run 4 runs').waitFor();
    await becomes(() => field('Experiment').inputValue(), 'scripts');
  });

  it('takes the params of a run as rows', async () => {
    await page.frame.getByRole('button', { name: 'Take the params of a run…' }).click();
    const { quickPick } = workbench;
    await until(
      async () => /^Take the Params of a Run/.test(await quickPick.title().catch(() => '')),
      () => 'no run is asked for',
    );
    await quickPick.choose(/^scripts/);
    await quickPick.choose(/rate=0\.2, kind=b c/);
    await becomes(
      async () => (await rows()).sort(),
      [
        ['kind', 'b c'],
        ['rate', '0.2'],
      ],
    );
    await button('Run').waitFor();
  });

  it('is offered by the Projects view, which has no MLproject to show', async () => {
    await workbench.openView('Projects');
    await workbench.page.getByRole('button', { name: 'Choose a Script to Run' }).click();
    await reads(() => workbench.quickPick.title().catch(() => ''), /^Run in /);
    await reads(async () => (await workbench.quickPick.labels()).join(), /plain\/train\.py,.*plain\/tools\/run\.sh/);
    await workbench.quickPick.cancel();
  });
});
