import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { MlflowServer } from '../support/mlflowServer';
import { openScene } from './support/scene';
import { checkThemes } from './support/themes';
import type { Webview } from './support/webview';
import type { Workbench } from './support/workbench';

const fill = `
import math, random
import numpy as np
from mlflow import MlflowClient
from mlflow.entities import Metric, Param
random.seed(3)
client = MlflowClient()
experiment = client.create_experiment('kinds of charts')
for index in range(36):
    lr = [0.0001, 0.001, 0.003, 0.01, 0.03, 0.1][index % 6]
    depth = [2, 4, 8, 12][index % 4]
    optimizer = ['adam', 'sgd', 'rmsprop'][index % 3]
    run_id = client.create_run(experiment, run_name=f'run {index}' if index else '=cmd, "quoted"').info.run_id
    loss = 0.4 + (math.log10(lr) + 2.5) ** 2 / 8 + 1 / depth + random.gauss(0, 0.02)
    params = [Param('depth', str(depth)), Param('optimizer', optimizer)] + ([Param('lr', str(lr))] if index != 5 else [])
    metrics = [Metric('loss', loss if index != 7 else float('nan'), 1000 * step, step) for step in range(3)]
    client.log_batch(run_id, metrics + [Metric('accuracy', 1 - loss / 3, 0, 0)], params)
    if index >= 33:
        client.log_dict(run_id, {'columns': ['x', 'y'], 'data': [[1, 'a'], [2, 'b']]}, 'tables/predictions.json')
        client.log_text(run_id, f'notes of run {index}\\n<b>not bold</b>', 'notes.txt')
        for step in (0, 10, 20):
            image = np.zeros((40, 60, 3), dtype=np.uint8)
            image[:, :, index - 33] = 80 + step * 8
            image[10:30, 20 + step : 30 + step] = 255
            client.log_image(run_id, image, key='samples/epoch', step=step, synchronous=True)
    client.set_terminated(run_id)
`;

/** Python's own module reads what was saved. */
const readCsv = `
import csv, json, sys
with open(sys.argv[1], newline='') as file: print(json.dumps(list(csv.reader(file))))
`;

const tab = /kinds of charts/;

describe('charts of other kinds in VS Code', () => {
  let server: MlflowServer;
  let folder: string;
  let workbench: Workbench;
  let page: Webview;

  openScene({ fill: ({ server }) => server.python(fill) }, async (scene) => {
    ({ server, folder, workbench } = scene);
    const experiments = await workbench.openView('Experiments');
    await (await experiments.find(/^kinds of charts/)).inlineAction('Open Charts');
    page = await workbench.webview(tab);
  });

  const board = () => page.frame.locator('.board');
  const card = (name: string) =>
    board().locator('.board-item', { has: page.frame.getByRole('heading', { name, exact: true }) });
  const dialog = () => page.frame.getByRole('dialog');

  /** Adds a chart of a kind as it is suggested, after `change`. */
  async function add(kind: string, change: () => Promise<void> = async () => undefined): Promise<void> {
    await board().getByRole('button', { name: 'Add Chart' }).click();
    await dialog().getByRole('radio', { name: kind, exact: true }).check({ force: true });
    await change();
    await dialog().getByRole('button', { name: 'Add Chart' }).click();
    await dialog().waitFor({ state: 'hidden' });
  }

  const title = (text: string) =>
    dialog()
      .getByLabel(/^Title/)
      .fill(text);

  async function choose(from: string, item: string): Promise<void> {
    await page.frame.getByRole('button', { name: from, exact: true }).click();
    await page.frame.locator('.pop-menu:popover-open').getByText(item, { exact: true }).click();
  }

  /** How many pixels of a chart's canvas are painted. */
  const painted = async (name: string) =>
    await card(name)
      .locator('canvas')
      .evaluate((canvas) => {
        const { width, height, getContext } = canvas as unknown as {
          width: number;
          height: number;
          getContext(kind: '2d'): { getImageData(...at: number[]): { data: Uint8ClampedArray } };
        };
        const { data } = getContext.call(canvas, '2d').getImageData(0, 0, width, height);
        return data.filter((value, at) => at % 4 === 3 && value > 0).length;
      });

  async function drawn(name: string): Promise<void> {
    await card(name).scrollIntoViewIfNeeded();
    await card(name).locator('canvas').waitFor();
    for (let attempt = 0; attempt < 50; attempt++) {
      if ((await painted(name)) > 200) return;
      await workbench.page.waitForTimeout(100);
    }
    assert.fail(`${name} is not drawn`);
  }

  it('begins with a sentence and a button', async () => {
    await board()
      .getByText(/Bars, scatter, parallel coordinates/)
      .waitFor();
    await board().getByRole('button', { name: 'Add Chart' }).waitFor();
  });

  it('finds columns by their name', async () => {
    await board().getByRole('button', { name: 'Add Chart' }).click();
    const x = dialog().getByRole('combobox', { name: 'X axis' });
    await x.fill('l');
    await workbench.screenshot('kinds-form');
    await x.fill('lr');
    await page.frame.getByRole('option', { name: /^lr/ }).waitFor();
    await x.press('Enter');
    await dialog().getByLabel('Log x axis').check();
    await title('my Scatter');
    await dialog().getByRole('button', { name: 'Add Chart' }).click();
    await drawn('my Scatter');
  });

  for (const kind of ['Bubble', 'Bar', 'Box', 'Heat map', 'Histogram', 'Difference', 'Parallel coordinates'])
    it(`draws what is suggested for: ${kind}`, async () => {
      await add(kind, () => title(`my ${kind}`));
      await drawn(`my ${kind}`);
    });

  it('draws a line with an axis of its own, under its own name', async () => {
    await add('Line', async () => {
      await dialog().getByLabel('X axis').selectOption({ label: 'Relative time' });
      await title('my Line');
    });
    await drawn('my Line');
    await page.frame.getByRole('button', { name: 'Settings of my Line' }).click();
    const settings = page.frame.getByRole('dialog', { name: 'Settings of my Line' });
    assert.equal(await settings.getByLabel('x axis').inputValue(), 'relative');
    await workbench.page.keyboard.press('Escape');
    await settings.waitFor({ state: 'hidden' });
  });

  it('draws lines of equal value, and groups with error bars', async () => {
    await choose('More: my Heat map', 'Edit…');
    await dialog().getByLabel('Lines of equal value').check();
    await dialog().getByRole('button', { name: 'Save' }).click();
    await choose('More: my Bar', 'Edit…');
    await dialog()
      .getByRole('combobox', { name: /^Group by/ })
      .fill('optimizer');
    await page.frame.getByRole('option', { name: /^optimizer/ }).click();
    await dialog().getByRole('button', { name: 'Save' }).click();
    await card('my Bar')
      .getByRole('application', { name: /3 groups/ })
      .waitFor();
    await drawn('my Heat map');
  });

  it('says what a chart leaves out', async () => {
    await card('my Scatter').scrollIntoViewIfNeeded();
    await card('my Scatter').getByText('1 run without lr · 1 run with NaN or infinite loss').waitFor();
  });

  it('reads runs and values with keys, and shows a table', async () => {
    const plot = card('my Scatter').locator('.plot');
    await plot.focus();
    await plot.press('ArrowRight');
    assert.match(await card('my Scatter').locator('.readout').innerText(), /run \d+\s+lr\s+0\.0001\s+loss\s+\d\.\d+/);
    await plot.press('Escape');
    await page.frame.getByRole('button', { name: 'Show as table: my Scatter' }).click();
    assert.equal(await card('my Scatter').locator('tbody tr').count(), 34);
    await page.frame.getByRole('button', { name: 'Show as chart: my Scatter' }).click();
  });

  it('shows images step by step, and texts and tables side by side', async () => {
    await add('Images', () => title('my Images'));
    await card('my Images').scrollIntoViewIfNeeded();
    await card('my Images').locator('img').nth(2).waitFor();
    assert.equal(await card('my Images').locator('img').count(), 3);
    const alt = async () => await card('my Images').locator('img').first().getAttribute('alt');
    assert.equal(await alt(), 'samples/epoch of run 35 at step 20');
    await card('my Images').getByRole('slider').fill('0');
    await card('my Images').getByAltText('samples/epoch of run 35 at step 0').waitFor();
    const width = await card('my Images')
      .locator('img')
      .first()
      .evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth);
    assert.equal(width, 60);
    await add('Text and tables', () => title('my Text'));
    await card('my Text').scrollIntoViewIfNeeded();
    await card('my Text').getByText('<b>not bold</b>').first().waitFor();
    await choose('More: my Text', 'Edit…');
    await dialog().getByLabel('Artifacts').fill('tables/*.json');
    await dialog().getByLabel('Artifacts').blur();
    await dialog().getByRole('button', { name: 'Save' }).click();
    await card('my Text').getByRole('columnheader', { name: 'x' }).first().waitFor();
    await workbench.screenshot('kinds-artifacts');
  });

  it('filters the table by dragging on an axis, keeps the others faint, and takes it back', async () => {
    const name = 'my Parallel coordinates';
    await card(name).scrollIntoViewIfNeeded();
    const box = await card(name).locator('canvas').boundingBox();
    assert.ok(box);
    const x = box.x + 56;
    await workbench.page.mouse.move(x, box.y + box.height - 8);
    await workbench.page.mouse.down();
    await workbench.page.mouse.move(x, box.y + box.height / 2, { steps: 5 });
    await workbench.page.mouse.up();
    const chip = card(name).locator('.brush-chip.is-on');
    await chip.waitFor();
    await card(name)
      .getByText(/\d+ of 3\d runs in the filter/)
      .waitFor();
    await workbench.screenshot('kinds-brushed');
    await chip.getByRole('button', { name: /^Remove the filter/ }).click();
    await chip.waitFor({ state: 'detached' });
    await card(name)
      .getByRole('button', { name: 'accuracy' })
      .or(card(name).getByRole('button', { name: 'loss' }))
      .first()
      .click();
    await card(name).getByLabel('At least').fill('0.5');
    await card(name).getByRole('button', { name: 'Apply' }).click();
    await chip.getByText(/≥ 0.5/).waitFor();
    await chip.getByRole('button', { name: /^Remove the filter/ }).click();
  });

  /** Answers VS Code's question for a place. */
  async function saved(name: string, item: string, file: string): Promise<string> {
    await card(name).scrollIntoViewIfNeeded();
    await choose(`Save or copy: ${name}`, item);
    return await answered(file);
  }

  async function answered(file: string): Promise<string> {
    const target = path.join(folder, file);
    await workbench.quickPick.nameFile(target);
    await workbench.notification(`Saved ${file}`).waitFor();
    assert.ok(existsSync(target));
    return target;
  }

  it('saves a picture at twice its size', async () => {
    await drawn('my Scatter');
    const file = readFileSync(await saved('my Scatter', 'Save as PNG…', 'scatter.png'));
    assert.equal(file.subarray(1, 4).toString(), 'PNG');
    const box = await card('my Scatter').locator('canvas').boundingBox();
    assert.equal(file.readUInt32BE(16), Math.round((box?.width ?? 0) * 2));
    assert.ok(file.readUInt32BE(20) > (box?.height ?? 0) * 2);
  });

  for (const name of [
    'my Scatter',
    'my Bar',
    'my Box',
    'my Heat map',
    'my Histogram',
    'my Difference',
    'my Parallel coordinates',
  ])
    it(`saves vectors: ${name}`, async () => {
      await drawn(name);
      const file = await saved(name, 'Save as SVG…', `${name.replaceAll(' ', '-')}.svg`);
      const svg = readFileSync(file, 'utf8');
      const counted = await server.python(
        `import sys, xml.etree.ElementTree as tree, json
names = [element.tag.split('}')[1] for element in tree.parse(sys.argv[1]).iter()]
print(json.dumps({name: names.count(name) for name in ('path', 'rect', 'text', 'image')}))`,
        file,
      );
      const { path: paths, text, image } = JSON.parse(counted);
      assert.ok(paths > 3 && text > 3, counted);
      assert.equal(image, 0);
      assert.ok(!/color-mix|var\(|style=/.test(svg));
      assert.ok(statSync(file).size > 1000);
    });

  it('saves all points with full precision, names that look like formulas made safe', async () => {
    const file = await saved('my Scatter', 'Save All Points as CSV…', 'scatter.csv');
    const rows: string[][] = JSON.parse(await server.python(readCsv, file));
    assert.deepEqual(rows[0], ['Run', 'Run ID', 'lr', 'loss']);
    assert.equal(rows.length, 35);
    const known: Record<string, number> = JSON.parse(
      await server.python(`from mlflow import MlflowClient
import json
client = MlflowClient()
runs = client.search_runs([client.get_experiment_by_name('kinds of charts').experiment_id])
print(json.dumps({run.info.run_id: run.data.metrics['loss'] for run in runs if run.data.metrics['loss'] == run.data.metrics['loss']}))`),
    );
    for (const [, id = '', , loss] of rows.slice(1)) assert.equal(Number(loss), known[id]);
    assert.equal(rows.at(-1)?.[0], '\'=cmd, "quoted"');
  });

  it('saves line charts as well: every point, and lines as vectors', async () => {
    const line = page.frame.locator('flowdeck-sections flowdeck-chart-card', {
      has: page.frame.getByRole('heading', { name: 'loss', exact: true }),
    });
    await line.scrollIntoViewIfNeeded();
    await line.locator('canvas').waitFor();
    const save = async (item: string, file: string) => {
      await line.getByRole('button', { name: 'Save or copy: loss' }).click();
      await page.frame.locator('.pop-menu:popover-open').getByText(item, { exact: true }).click();
      return await answered(file);
    };
    const rows: string[][] = JSON.parse(
      await server.python(readCsv, await save('Save All Points as CSV…', 'line.csv')),
    );
    assert.deepEqual(rows[0], ['Run', 'Run ID', 'Step', 'Time', 'loss']);
    assert.equal(rows.length, 1 + 20 * 3);
    const svg = readFileSync(await save('Save as SVG…', 'line.svg'), 'utf8');
    assert.ok((svg.match(/<path/g) ?? []).length > 20);
    assert.ok(svg.includes('>run 35</text>'));
  });

  it('saves images as files, a folder for each run, and texts whole', async () => {
    await card('my Images').scrollIntoViewIfNeeded();
    await card('my Images').locator('img').first().waitFor();
    await workbench.screenshot('kinds-images');
    await choose('Save or copy: my Images', 'Save 9 Images…');
    await workbench.quickPick.nameFile(folder);
    await workbench.notification('9 files are in my-Images').waitFor();
    const images = path.join(folder, 'my-Images');
    assert.deepEqual(readdirSync(images).sort(), ['run-33', 'run-34', 'run-35']);
    assert.deepEqual(readdirSync(path.join(images, 'run-33')).sort(), [
      'samples-epoch-step-0.png',
      'samples-epoch-step-10.png',
      'samples-epoch-step-20.png',
    ]);
    const png = readFileSync(path.join(images, 'run-34', 'samples-epoch-step-20.png'));
    assert.deepEqual([png.toString('latin1', 1, 4), png.readUInt32BE(16)], ['PNG', 60]);
    await card('my Text').scrollIntoViewIfNeeded();
    const file = await saved('my Text', 'Save Texts as JSON…', 'texts.json');
    const texts: { run: string; path: string; text: string }[] = JSON.parse(readFileSync(file, 'utf8'));
    assert.deepEqual(texts.map(({ run }) => run).sort(), ['run 33', 'run 34', 'run 35']);
    assert.deepEqual(JSON.parse(texts[0]?.text ?? '').columns, ['x', 'y']);
    const rows: string[][] = JSON.parse(
      await server.python(readCsv, await saved('my Text', 'Save Texts as CSV…', 'texts.csv')),
    );
    assert.deepEqual([rows[0], rows.length], [['Run', 'Run ID', 'Artifact', 'Text'], 4]);
    assert.equal(rows[1]?.[3], texts[0]?.text);
  });

  it('measures differences to a baseline that is chosen, in a table too', async () => {
    await choose('More: my Difference', 'Edit…');
    await dialog().getByLabel('Baseline', { exact: true }).selectOption({ label: 'run 20' });
    await dialog().getByRole('button', { name: 'Save' }).click();
    await card('my Difference')
      .getByRole('application', { name: /to run 20/ })
      .waitFor();
    await page.frame.getByRole('button', { name: 'Show as table: my Difference' }).click();
    const head = await card('my Difference').locator('thead th').allInnerTexts();
    assert.match(head.join(' | '), /^Run \| \w+ \| \w+ − run 20 \| % of run 20$/);
    const [first = ''] = await card('my Difference').locator('tbody tr').allInnerTexts();
    assert.match(first, /^run 20\s+\S+\s+0\s+0$/);
    await workbench.screenshot('kinds-difference-table');
    await page.frame.getByRole('button', { name: 'Show as chart: my Difference' }).click();
  });

  it('copies the picture', async () => {
    await drawn('my Scatter');
    await choose('Save or copy: my Scatter', 'Copy Image');
    await card('my Scatter').getByText('The picture is on the clipboard.').waitFor();
    const types = await workbench.page.evaluate<string[]>(
      'navigator.clipboard.read().then((items) => items.flatMap(({ types }) => types))',
    );
    assert.deepEqual(types, ['image/png']);
  });

  it('copies a definition that can be added again, and says what is wrong with another', async () => {
    await choose('Save or copy: my Box', 'Copy Definition');
    await card('my Box').getByText('The definition is on the clipboard.').waitFor();
    const text = await workbench.clipboard();
    await choose('More about my charts', 'Add from JSON…');
    await dialog().getByRole('textbox').fill('{"kind": "pie"}');
    await dialog().getByRole('button', { name: 'Add' }).click();
    await dialog()
      .getByText(/This is no chart/)
      .waitFor();
    await dialog().getByRole('textbox').fill(text.replace('my Box', 'pasted Box'));
    await dialog().getByRole('button', { name: 'Add' }).click();
    await drawn('pasted Box');
  });

  it('moves with keys, duplicates, and takes a removed chart back', async () => {
    const names = async () => await board().locator('h3').allInnerTexts();
    await page.frame.getByRole('button', { name: 'Move my Bubble: arrow keys' }).press('ArrowLeft');
    assert.deepEqual((await names()).slice(0, 2), ['my Bubble', 'my Scatter']);
    await choose('More: my Bubble', 'Remove');
    await board().getByText('Removed my Bubble.').waitFor();
    await board().getByRole('button', { name: 'Undo' }).click();
    assert.equal((await names())[0], 'my Bubble');
  });

  it('fills the page, and Escape leaves', async () => {
    await choose('More: my Bubble', 'Full Screen');
    await page.frame.locator('.is-full').waitFor();
    await workbench.page.waitForTimeout(300);
    await workbench.screenshot('kinds-full');
    await card('my Bubble').locator('.plot').press('Escape');
    await page.frame.locator('.is-full').waitFor({ state: 'detached' });
  });

  it('keeps the board, and the chart that fills the page, when the window is reloaded', async () => {
    await choose('More: my Bubble', 'Full Screen');
    await page.frame.locator('.is-full').waitFor();
    const names = await board().locator('h3').allInnerTexts();
    await workbench.reload();
    page = await workbench.webview(tab);
    await board().locator('h3').first().waitFor();
    assert.deepEqual(await board().locator('h3').allInnerTexts(), names);
    await page.frame.locator('.is-full', { has: page.frame.getByRole('heading', { name: 'my Bubble' }) }).waitFor();
    await drawn('my Bubble');
    await page.frame.getByRole('button', { name: 'Leave full screen' }).click();
    await page.frame.locator('.is-full').waitFor({ state: 'detached' });
  });

  it('has no accessibility violation, in every theme', async () => {
    await page.frame
      .locator('.chart-area')
      .evaluate((area) => (area as unknown as { scrollTo(x: number, y: number): void }).scrollTo(0, 0));
    await checkThemes(workbench, page, 'kinds');
  });
});
