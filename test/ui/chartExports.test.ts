import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { MlflowServer } from '../support/mlflowServer';
import { BoardPage, kindsOfCharts } from './support/boardPage';
import { openScene } from './support/scene';
import type { Workbench } from './support/workbench';

/** Python's own module reads what was saved. */
const readCsv = `
import csv, json, sys
with open(sys.argv[1], newline='') as file: print(json.dumps(list(csv.reader(file))))
`;

const readHistories = `
import json, sys
from mlflow import MlflowClient
client = MlflowClient()
histories = {id: [(point.step, point.value) for point in client.get_metric_history(id, 'loss')] for id in sys.argv[1:]}
print(json.dumps(histories))
`;

/** What a picture shows: its size, the colour it has most of, and how many others are more than a few pixels. */
interface PictureFacts {
  readonly size: readonly [width: number, height: number];
  readonly background: readonly [red: number, green: number, blue: number];
  readonly colors: number;
}

const readPicture = `
import json, sys
from PIL import Image
image = Image.open(sys.argv[1]).convert('RGB')
colors = sorted(image.getcolors(1 << 24), reverse=True)
print(json.dumps({'size': image.size, 'background': colors[0][1], 'colors': sum(count > 20 for count, _ in colors[1:])}))
`;

const pictures = ['Scatter', 'Bar', 'Box', 'Heat map', 'Histogram', 'Difference', 'Parallel coordinates'];

describe('saving charts in VS Code', () => {
  let server: MlflowServer;
  let folder: string;
  let workbench: Workbench;
  let board: BoardPage;

  openScene({ fill: ({ server }) => server.python(kindsOfCharts) }, async (scene) => {
    ({ server, folder, workbench } = scene);
    board = await BoardPage.open(workbench);
    await board.add('Scatter', async () => {
      const x = board.dialog.getByRole('combobox', { name: 'X axis' });
      await x.fill('lr');
      await board.page.frame.getByRole('option', { name: /^lr/ }).waitFor();
      await x.press('Enter');
      await board.title('my Scatter');
    });
    for (const kind of [...pictures.filter((name) => name !== 'Scatter'), 'Images']) await board.addMine(kind);
    await board.add('Text and tables', async () => {
      await board.dialog.getByLabel('Artifacts').fill('tables/*.json');
      await board.title('my Text');
    });
  });

  /** Answers VS Code's question for a place. */
  async function saved(name: string, item: string, file: string): Promise<string> {
    await board.card(name).scrollIntoViewIfNeeded();
    await board.choose(`Save or copy: ${name}`, item);
    return await answered(file);
  }

  async function answered(file: string): Promise<string> {
    const target = path.join(folder, file);
    await workbench.quickPick.nameFile(target);
    await workbench.notification(`Saved ${file}`).waitFor();
    assert.ok(existsSync(target));
    return target;
  }

  const facts = async (file: string): Promise<PictureFacts> => JSON.parse(await server.python(readPicture, file));

  /** The colour behind the editors, as the page has it. */
  const background = () =>
    board.page.evaluate<number[]>(
      `getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).slice(0, 3).map(Number)`,
    );

  it('saves a picture at twice its size, in the colours of the theme', async () => {
    for (const theme of ['Light Modern', 'Dark Modern'] as const) {
      await workbench.setTheme(theme);
      await board.drawn('my Scatter');
      const found = await facts(await saved('my Scatter', 'Save as PNG…', `${theme}.png`));
      const box = await board.card('my Scatter').locator('canvas').boundingBox();
      assert.equal(found.size[0], Math.round((box?.width ?? 0) * 2));
      assert.ok(found.size[1] > (box?.height ?? 0) * 2);
      assert.deepEqual(found.background, await background(), theme);
      // The dots of runs have twelve colours, and there are words beside them.
      assert.ok(found.colors > 12, JSON.stringify(found));
    }
  });

  for (const name of pictures.map((kind) => `my ${kind}`))
    it(`saves vectors: ${name}`, async () => {
      await board.drawn(name);
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
    const line = board.page.frame.locator('flowdeck-sections flowdeck-chart-card', {
      has: board.page.frame.getByRole('heading', { name: 'loss', exact: true }),
    });
    await line.scrollIntoViewIfNeeded();
    await line.locator('canvas').waitFor();
    const save = async (item: string, file: string) => {
      await line.getByRole('button', { name: 'Save or copy: loss' }).click();
      await board.page.frame.locator('.pop-menu:popover-open').getByText(item, { exact: true }).click();
      return await answered(file);
    };
    const rows: string[][] = JSON.parse(
      await server.python(readCsv, await save('Save All Points as CSV…', 'line.csv')),
    );
    assert.deepEqual(rows[0], ['Run', 'Run ID', 'Step', 'Time', 'loss']);
    assert.equal(rows.length, 1 + 20 * 3);
    const ids = [...new Set(rows.slice(1).map(([, id]) => id ?? ''))];
    const logged: Record<string, [step: number, value: number][]> = JSON.parse(
      await server.python(readHistories, ...ids),
    );
    for (const [, id = '', step, , value] of rows.slice(1))
      assert.ok(
        logged[id]?.some((point) => point[0] === Number(step) && point[1] === Number(value)),
        `${id} ${step}`,
      );
    const svg = readFileSync(await save('Save as SVG…', 'line.svg'), 'utf8');
    assert.ok((svg.match(/<path/g) ?? []).length > 20);
    assert.ok(svg.includes('>run 35</text>'));
  });

  it('saves a line chart over another metric with the values of that, where there are some', async () => {
    const line = board.page.frame.locator('flowdeck-sections flowdeck-chart-card', {
      has: board.page.frame.getByRole('heading', { name: 'loss', exact: true }),
    });
    await line.getByRole('button', { name: 'Settings of loss' }).click();
    const dialog = board.page.frame.getByRole('dialog', { name: 'Settings of loss' });
    await dialog.getByLabel('x axis').selectOption({ label: 'Another metric' });
    await dialog.getByLabel('Metric on x').fill('accuracy');
    await dialog.getByLabel('Metric on x').blur();
    await workbench.page.keyboard.press('Escape');
    await line.getByRole('button', { name: 'Save or copy: loss' }).click();
    await board.page.frame
      .locator('.pop-menu:popover-open')
      .getByText('Save All Points as CSV…', { exact: true })
      .click();
    const rows: string[][] = JSON.parse(await server.python(readCsv, await answered('over.csv')));
    assert.deepEqual(rows[0], ['Run', 'Run ID', 'Step', 'Time', 'accuracy', 'loss']);
    assert.equal(rows.length, 1 + 20 * 3);
    for (const [, , step, , accuracy = '', loss] of rows.slice(1))
      if (step === '0') assert.ok(Math.abs(Number(accuracy) - (1 - Number(loss) / 3)) < 1e-9, accuracy);
      else assert.equal(accuracy, '');
  });

  it('saves images as files, a folder for each run, and texts whole', async () => {
    await board.card('my Images').scrollIntoViewIfNeeded();
    await board.card('my Images').locator('img').first().waitFor();
    await workbench.screenshot('kinds-images');
    await board.choose('Save or copy: my Images', 'Save 9 Images…');
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
    await board.card('my Text').scrollIntoViewIfNeeded();
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

  it('copies the picture', async () => {
    await board.drawn('my Scatter');
    await board.choose('Save or copy: my Scatter', 'Copy Image');
    await board.card('my Scatter').getByText('The picture is on the clipboard.').waitFor();
    const bytes = await workbench.page.evaluate<number[]>(
      `navigator.clipboard.read().then(([item]) => item.getType('image/png')).then((blob) => blob.arrayBuffer()).then((buffer) => [...new Uint8Array(buffer)])`,
    );
    const file = path.join(folder, 'copied.png');
    writeFileSync(file, Buffer.from(bytes));
    const found = await facts(file);
    assert.deepEqual(found.background, await background());
    assert.ok(found.colors > 12, JSON.stringify(found));
  });
});
