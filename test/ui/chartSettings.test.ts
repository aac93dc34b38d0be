import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { becomes, eventually } from '../support/eventually';
import { cardOf, lookAt } from './support/chartCards';
import { openScene } from './support/scene';
import type { Webview } from './support/webview';
import type { Workbench } from './support/workbench';

/** One run, so that what has a colour is its line. */
const fill = `
import math
from mlflow import MlflowClient
from mlflow.entities import Metric
client = MlflowClient()
run_id = client.create_run(client.create_experiment('settings'), run_name='the run').info.run_id
def log(key, values, first=0):
    client.log_batch(run_id, [Metric(key, value, step * 1000, step) for step, value in enumerate(values, first)])
log('jump', [0.0 if step < 100 else 1.0 for step in range(200)])
log('logarithm', [math.log10(step) for step in range(1, 901)], first=1)
log('line', [float(step) for step in range(101)])
log('spike', [1000.0 if step == 50 else step / 100 for step in range(101)])
log('few', [1.0] * 5)
log('many', [1.0] * 50)
client.set_terminated(run_id)
`;

/** What a card's canvas has of its run's line, the faint raw one left out. */
interface Line {
  /** x at the first and the last column that has some of it. */
  readonly from: number;
  readonly to: number;
  /** In the column at the x that was asked for: the middle, as y and as a part of the height; CSS pixels from top to bottom. */
  readonly y: number;
  readonly part: number;
  readonly thick: number;
}

describe('how lines are drawn', () => {
  let workbench: Workbench;
  let page: Webview;
  openScene({ fill: ({ server }) => server.python(fill) }, async (scene) => {
    ({ workbench } = scene);
    const experiments = await workbench.openView('Experiments');
    await (await experiments.find(/^settings/)).inlineAction('Open Charts');
    page = await workbench.webview(/^settings/);
    await card('jump').locator('canvas').waitFor();
  });

  const card = (key: string) => cardOf(page, key);
  const look = (key: string) => lookAt(page, key);

  /** @param x of the axis, or `middle` for what is half way along it */
  const drawn = (key: string, x: number | 'middle') =>
    page.evaluate<Line>(`(() => {
      const card = [...document.querySelectorAll('flowdeck-chart-card')].find(({ metric }) => metric === ${JSON.stringify(key)});
      const canvas = card.querySelector('canvas');
      const line = card.drawing.chart;
      const { left, right, top, bottom } = line.area;
      const ratio = canvas.width / canvas.clientWidth;
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const rowsOf = (column) => {
        const rows = [];
        for (let row = 0; row < canvas.height; row++) {
          const [red, green, blue, alpha] = data.subarray(4 * (row * canvas.width + column));
          if (alpha > 170 && Math.max(red, green, blue) - Math.min(red, green, blue) > 60) rows.push(row);
        }
        return rows;
      };
      const columns = Array.from({ length: canvas.width }, (_, column) => column).filter((column) => rowsOf(column).length > 0);
      const at = ${JSON.stringify(x)} === 'middle' ? (left + right) / 2 : line.pixelAt(${JSON.stringify(x)});
      const rows = rowsOf(Math.floor(at * ratio));
      const middle = (rows[0] + rows.at(-1) + 1) / 2 / ratio;
      return {
        from: line.xAt(columns[0] / ratio),
        to: line.xAt((columns.at(-1) + 1) / ratio),
        y: line.chart.scales.y.getValueForPixel(middle),
        part: (bottom - middle) / (bottom - top),
        thick: (rows.at(-1) - rows[0] + 1) / ratio,
      };
    })()`);

  async function near(read: () => Promise<number>, wanted: number, within: number, what: string): Promise<void> {
    await eventually(async () => {
      const found = await read();
      assert.ok(Math.abs(found - wanted) <= within, `${what}: ${found} is not ${wanted}`);
    });
  }

  async function settingsOf(key: string): Promise<Locator> {
    await look(key);
    await page.frame.getByRole('button', { name: `Settings of ${key}`, exact: true }).click();
    return page.frame.getByRole('dialog', { name: `Settings of ${key}` });
  }

  async function changeAll(change: (dialog: Locator) => Promise<unknown>): Promise<void> {
    await page.frame.getByRole('button', { name: 'Settings of all charts' }).click();
    const dialog = page.frame.getByRole('dialog', { name: 'Settings of all charts' });
    await change(dialog);
    await workbench.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  }

  const isClosed = (dialog: Locator) =>
    workbench.page.keyboard.press('Escape').then(() => dialog.waitFor({ state: 'hidden' }));

  async function asAll(key: string): Promise<void> {
    const dialog = await settingsOf(key);
    await dialog.getByRole('button', { name: 'As all charts' }).click();
    await isClosed(dialog);
  }

  it('smooths by a moving average, a running mean or a Gaussian: a jump from 0 to 1 is another slope with each', async () => {
    const own = await settingsOf('jump');
    // A few pixels a step.
    await own
      .locator('label', { hasText: /^\s*Size/ })
      .locator('select')
      .selectOption({ label: 'Full width' });
    await isClosed(own);
    await page.frame.locator('.smoothing input').fill('0.9');
    const sigma = Math.sqrt((19 ** 2 - 1) / 12);
    const weight = (away: number) => (Math.abs(away) > 3 * sigma ? 0 : Math.exp(-((away / sigma) ** 2) / 2));
    const steps = Array.from({ length: 200 }, (_, step) => step);
    const sum = (around: number, from: number) =>
      steps.reduce((total, step) => total + (step < from ? 0 : weight(step - around)), 0);
    const gaussian = (step: number) => sum(step, 100) / sum(step, 0);
    const ways = {
      'Moving average (EMA)': [0, 1 - 0.9 ** 5],
      'Running mean': [5 / 19, 14 / 19],
      Gaussian: [gaussian(95), gaussian(104)],
    };
    for (const [way, [before = 0, behind = 0]] of Object.entries(ways)) {
      await changeAll((dialog) => dialog.getByLabel('Smoothing').selectOption({ label: way }));
      await near(async () => (await drawn('jump', 95)).y, before, 0.02, `${way} at 95`);
      await near(async () => (await drawn('jump', 104)).y, behind, 0.02, `${way} at 104`);
    }
    await workbench.screenshot('settings-gaussian');
    await changeAll((dialog) => dialog.getByLabel('Smoothing').selectOption({ label: 'Moving average (EMA)' }));
    await page.frame.locator('.smoothing input').fill('0');
    await near(async () => (await drawn('jump', 95)).y, 0, 0.01, 'without smoothing');
    await asAll('jump');
  });

  it('has a log axis for x, on which a logarithm is straight, and says what that leaves out', async () => {
    await look('logarithm');
    await near(async () => (await drawn('logarithm', 'middle')).y, Math.log10(450), 0.05, 'on a linear axis');
    await changeAll((dialog) => dialog.getByLabel('Log x').check());
    await near(async () => (await drawn('logarithm', 'middle')).y, Math.log10(30), 0.05, 'on a log axis');
    await workbench.screenshot('settings-log-x');
    await look('line');
    await card('line').getByText('1 point at x ≤ 0 not shown').waitFor();
    await changeAll((dialog) => dialog.getByLabel('Log x').uncheck());
    await card('line').locator('.note').waitFor({ state: 'detached' });
  });

  it('shows x and y between the ends that are set, and everything once they are as all charts have them', async () => {
    const dialog = await settingsOf('line');
    const end = (name: string) => dialog.getByRole('spinbutton', { name, exact: true });
    await end('x from').fill('20');
    await end('x to').fill('60');
    await end('x to').blur();
    await near(async () => (await drawn('line', 40)).from, 20, 0.6, 'the first x');
    await near(async () => (await drawn('line', 40)).to, 60, 0.6, 'the last x');
    await near(async () => (await drawn('line', 40)).part, 40 / 105, 0.02, 'y as before');
    await end('y from').fill('30');
    await end('y to').fill('50');
    await end('y to').blur();
    await near(async () => (await drawn('line', 40)).from, 30, 1, 'where y begins');
    await near(async () => (await drawn('line', 40)).to, 50, 1, 'where y ends');
    await near(async () => (await drawn('line', 40)).part, 0.5, 0.02, 'the middle of y');
    await isClosed(dialog);
    await workbench.screenshot('settings-ranges');
    await asAll('line');
    await near(async () => (await drawn('line', 40)).to, 100, 1, 'everything');
  });

  it('leaves out outliers, and says how many', async () => {
    await look('spike');
    await near(async () => (await drawn('spike', 90)).part, 0.9 / 1050, 0.01, 'beside the spike');
    await changeAll((dialog) => dialog.getByLabel('Leave out outliers').check());
    await near(async () => (await drawn('spike', 90)).part, 0.9 / 1.04, 0.03, 'without it');
    await card('spike').getByText('1 outlier outside').waitFor();
    await workbench.screenshot('settings-outliers');
    await changeAll((dialog) => dialog.getByLabel('Leave out outliers').uncheck());
    await card('spike').locator('.note').waitFor({ state: 'detached' });
  });

  it('fits y to what is zoomed into when that is wanted', async () => {
    await look('line');
    const plot = card('line').locator('.plot');
    const box = await plot.boundingBox();
    assert.ok(box);
    const pixelAt = (x: number) =>
      page.evaluate<number>(
        `[...document.querySelectorAll('flowdeck-chart-card')].find(({ metric }) => metric === 'line').drawing.chart.pixelAt(${x})`,
      );
    await workbench.page.mouse.move(box.x + (await pixelAt(40)), box.y + 60);
    await workbench.page.mouse.down();
    await workbench.page.mouse.move(box.x + (await pixelAt(60)), box.y + 60, { steps: 4 });
    await workbench.page.mouse.up();
    await workbench.page.mouse.move(0, 0);
    const fit = page.frame.getByRole('checkbox', { name: 'Fit y' });
    await fit.waitFor();
    await near(async () => (await drawn('line', 41)).part, 41 / 105, 0.03, 'y as before');
    await fit.check();
    await near(async () => (await drawn('line', 41)).part, 2 / 22, 0.04, 'low');
    await near(async () => (await drawn('line', 59)).part, 20 / 22, 0.04, 'high');
    await workbench.screenshot('settings-fit-y');
    await fit.uncheck();
    await near(async () => (await drawn('line', 59)).part, 59 / 105, 0.03, 'y as before again');
    await page.frame.getByRole('button', { name: 'Reset zoom' }).click();
  });

  it('shows points as dots where they are few, and a line alone where they are many', async () => {
    await look('few');
    await eventually(async () => assert.ok((await drawn('few', 2)).thick >= 4, 'a dot'));
    assert.ok((await drawn('few', 2.5)).thick <= 3, 'the line between dots');
    await look('many');
    await eventually(async () => assert.ok((await drawn('many', 25)).thick > 0, 'a line'));
    assert.ok((await drawn('many', 25)).thick <= 3, 'no dot');
    await becomes(() => card('few').locator('.badge').count(), 0);
  });
});
