import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { becomes, eventually, reads } from '../support/eventually';
import { type MlflowServer, startMlflowServer } from '../support/mlflowServer';
import { openScene } from './support/scene';
import type { Webview } from './support/webview';
import type { Workbench } from './support/workbench';

const fill = `
import json, sys
from mlflow import MlflowClient
client = MlflowClient()
if len(sys.argv) > 1:
    client.create_experiment('another, so that ids differ')
experiment = client.create_experiment('vision/größe')
ids = []
for name in ['first', 'second']:
    run_id = client.create_run(experiment, run_name=name).info.run_id
    for step in range(50):
        client.log_metric(run_id, 'loss', 1 / (step + 1), step=step)
    client.set_terminated(run_id)
    ids.append(run_id)
for name in ['churn', 'forecast']:
    client.create_registered_model(name)
print(json.dumps([experiment, *ids]))
`;
const idsOf = (output: string): string[] => JSON.parse(output.slice(output.indexOf('["')));

describe('views and links in VS Code', () => {
  let server: MlflowServer;
  let elsewhere: MlflowServer;
  let folder: string;
  let workbench: Workbench;
  let experimentId = '';
  let first = '';
  let second = '';

  openScene(
    {
      fill: async ({ server, atEnd }) => {
        [experimentId = '', first = '', second = ''] = idsOf(await server.python(fill));
        elsewhere = await startMlflowServer('2.15.1');
        atEnd(() => elsewhere.dispose());
        await elsewhere.python(fill, 'other');
      },
    },
    (scene) => ({ server, folder, workbench } = scene),
  );

  const file = () => path.join(folder, '.flowdeck', 'views', 'smooth-curves.json');
  const chartsShown = async (title: string | RegExp) => {
    const page = await workbench.webview(title);
    await page.frame.locator('flowdeck-chart-card canvas').first().waitFor();
    return page;
  };
  const smoothing = async (title: string | RegExp) =>
    (await chartsShown(title)).frame.getByLabel('Smoothing', { exact: false }).first().inputValue();
  /** The colour that most strong pixels of the first chart have, and that of the theme. */
  const lineAndWanted = (page: Webview, color: number) =>
    page.evaluate<[number[], number[]]>(`(() => {
      const canvas = document.querySelector('flowdeck-chart-card canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const counts = new Map();
      for (let at = 0; at < data.length; at += 4) {
        const rgb = data.subarray(at, at + 3);
        if (data[at + 3] === 255 && Math.max(...rgb) - Math.min(...rgb) > 60) counts.set(rgb.join(), (counts.get(rgb.join()) ?? 0) + 1);
      }
      const [most = ['']] = [...counts].sort((a, b) => b[1] - a[1]);
      const probe = document.createElement('canvas').getContext('2d');
      probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--vscode-flowdeck-run${color}').trim();
      probe.fillRect(0, 0, 1, 1);
      return [most[0].split(',').map(Number), [...probe.getImageData(0, 0, 1, 1).data.subarray(0, 3)]];
    })()`);
  const closeAll = () => workbench.runCommand('View: Close All Editors');

  it('saves the set-up in front as a file of the folder', async () => {
    const experiments = await workbench.openView('Experiments');
    await (await experiments.find(/^vision/)).expand().catch(() => undefined);
    await (await experiments.find(/^größe|^vision\/größe/)).inlineAction('Open Charts');
    const page = await chartsShown(/größe/);
    await page.frame.getByLabel('Smoothing').fill('0.7');
    await workbench.runCommand('Flowdeck: Save View…');
    await workbench.quickPick.fill('Smooth curves');
    await workbench.quickPick.choose(/In the Folder/);
    await workbench.notification(/Saved the view as/).waitFor();
    const saved = JSON.parse(readFileSync(file(), 'utf8'));
    assert.deepEqual(
      [saved.name, saved.server, saved.experiments, saved.view.charts.smoothing, saved.view.tab],
      ['Smooth curves', server.uri, [{ id: experimentId, name: 'vision/größe' }], 0.7, 'charts'],
    );
    assert.deepEqual(Object.keys(saved.colors).sort(), [first, second].sort());
  });

  it('opens it again from the list, with the same picture', async () => {
    await closeAll();
    await workbench.runCommand('Flowdeck: Open View…');
    await workbench.quickPick.choose(/^Smooth curves/);
    await becomes(() => smoothing(/Smooth curves|größe/), '0.7');
    await workbench.screenshot('view-opened');
  });

  it('opens with the colours it was saved with, whatever those of its runs are in this window', async () => {
    const saved = JSON.parse(readFileSync(file(), 'utf8'));
    const before = Object.values(saved.colors);
    assert.ok(!before.includes(7) && !before.includes(11));
    writeFileSync(file(), JSON.stringify({ ...saved, colors: { [first]: 7, [second]: 11 } }));
    await workbench.runCommand('Flowdeck: Open View…');
    await workbench.quickPick.choose(/^Smooth curves/);
    const page = await chartsShown(/Smooth curves|größe/);
    for (const [name, color] of Object.entries({ first: 7, second: 11 })) {
      await page.frame.locator(`.legend .run-check.run-${color}[aria-label="Show ${name}"]`).waitFor();
      // The strong line of the other run is out of the way.
      const other = name === 'first' ? 'second' : 'first';
      await page.frame.getByRole('checkbox', { name: `Show ${other}` }).uncheck();
      await eventually(async () => assert.deepEqual(...(await lineAndWanted(page, color))));
      await page.frame.getByRole('checkbox', { name: `Show ${other}` }).check();
    }
    writeFileSync(file(), JSON.stringify(saved, null, 2));
  });

  it('keeps one privately, and deletes it from the list', async () => {
    const page = await workbench.webview(/Smooth curves|größe/);
    await page.frame.getByLabel('Smoothing').fill('0.3');
    await workbench.runCommand('Flowdeck: Save View…');
    await workbench.quickPick.fill('Mine');
    await workbench.quickPick.choose(/Only for Me/);
    await workbench.notification(/Saved the view "Mine" for you/).waitFor();
    await workbench.runCommand('Flowdeck: Open View…');
    await becomes(
      async () => (await workbench.quickPick.labels()).map((label) => label.split(',')[0]),
      ['Mine', 'Smooth curves'],
    );
    await workbench.screenshot('views-pick');
    await workbench.quickPick.rows.first().hover();
    await workbench.quickPick.rows.first().getByRole('button', { name: 'Delete View' }).click();
    await workbench.dialog().getByRole('button', { name: 'Delete', exact: true }).click();
    await workbench.quickPick.rows.nth(1).waitFor({ state: 'detached' });
    await becomes(async () => (await workbench.quickPick.labels()).length, 1);
    await workbench.quickPick.cancel();
    assert.ok(existsSync(file()));
  });

  it('opens the run of a link that was copied from the web UI', async () => {
    await closeAll();
    await workbench.runCommand('Flowdeck: Open Link…');
    await workbench.quickPick.type('ftp://x');
    await workbench.quickPick.message().getByText(/ftp/).waitFor();
    await workbench.quickPick.fill(`${server.uri}/#/experiments/${experimentId}/runs/${first}`);
    await workbench
      .tree('Run')
      .row(/^first|^Overview|^Metrics/)
      .waitFor();
  });

  it('shows the model of a link', async () => {
    await workbench.runCommand('Flowdeck: Open Link…');
    await workbench.quickPick.fill(`${server.uri}/#/models/forecast`);
    const row = workbench.tree('Models').row(/^forecast/);
    await row.waitFor();
    await becomes(() => row.locator.getAttribute('aria-selected'), 'true');
  });

  it('opens the charts of runs that the web UI compares', async () => {
    const query = new URLSearchParams({ runs: JSON.stringify([first]), experiments: JSON.stringify([experimentId]) });
    await workbench.runCommand('Flowdeck: Open Link…');
    await workbench.quickPick.fill(`${server.uri}/#/metric/loss?${query}`);
    await chartsShown(/^first|^1 run/);
  });

  it('copies a link to a view that opens it, also when it is there already', async () => {
    await closeAll();
    await workbench.runCommand('Flowdeck: Open View…');
    await workbench.quickPick.choose(/^Smooth curves/);
    const page = await chartsShown(/Smooth curves|größe/);
    await workbench.runCommand('Flowdeck: Copy Flowdeck Link');
    const isLink = /^[a-z-]+:\/\/flowdeck\.flowdeck\/view\?/;
    await reads(() => workbench.clipboard(), isLink);
    await page.frame.getByLabel('Smoothing').fill('0.1');
    await workbench.runCommand('Flowdeck: Open Link…');
    await reads(() => workbench.quickPick.input.inputValue(), isLink);
    await workbench.quickPick.accept();
    await becomes(() => smoothing(/Smooth curves|größe/), '0.7');
  });

  it('says in the editor what is no part of a view', async () => {
    const text = readFileSync(file(), 'utf8');
    try {
      writeFileSync(file(), text.replace('"tab": "charts"', '"tab": "nonsense"'));
      await closeAll();
      await workbench.openFile('smooth-curves.json');
      await workbench.page.locator('.squiggly-warning, .squiggly-error').first().waitFor();
      await workbench.screenshot('view-file');
    } finally {
      // The tests that follow open it.
      writeFileSync(file(), text);
    }
    // A busy system does not tell who watches files of every change.
    await workbench.runCommand('File: Revert File');
    await workbench.page.locator('.squiggly-warning, .squiggly-error').first().waitFor({ state: 'detached' });
  });

  it('warns of a link that is longer than some programs take, and offers a file', async () => {
    const saved = JSON.parse(readFileSync(file(), 'utf8'));
    const columns = Array.from({ length: 150 }, () => `metrics.${randomUUID()}`);
    const long = path.join(path.dirname(file()), 'long.json');
    const view = { ...saved.view, table: { ...saved.view.table, columns } };
    writeFileSync(long, JSON.stringify({ ...saved, name: 'Very many columns', view }));
    try {
      await closeAll();
      await workbench.runCommand('Flowdeck: Open View…');
      await workbench.quickPick.choose(/^Very many columns/);
      await chartsShown(/Very many columns|größe/);
      await workbench.runCommand('Flowdeck: Copy Flowdeck Link');
      await workbench
        .notification(/The copied link has [\d,]+ characters, which some systems and programs cut/)
        .waitFor();
    } finally {
      rmSync(long);
    }
  });

  it('asks before it follows a link to another server', async () => {
    await workbench.runCommand('Flowdeck: Open Link…');
    await workbench.quickPick.fill(`${elsewhere.uri}/#/experiments/1`);
    await workbench
      .dialog()
      .getByText(/This link is about/)
      .waitFor();
    await workbench.screenshot('link-elsewhere');
    await workbench.dialog().getByRole('button', { name: 'Cancel' }).click();
  });

  it('finds the experiments of a view by name on another server', async () => {
    await closeAll();
    await workbench.runCommand('Flowdeck: Connect to Server…');
    await workbench.quickPick.choose(/Enter an Address/);
    await workbench.quickPick.fill(elsewhere.uri);
    await workbench.quickPick.choose(/This Window Only/);
    await workbench.notification(/Connected to/).waitFor();
    await workbench.runCommand('Flowdeck: Open View…');
    await workbench.quickPick.choose(/^Smooth curves/);
    await becomes(() => smoothing(/Smooth curves|größe/), '0.7');
  });
});
