import assert from 'node:assert/strict';
import { becomes, eventually } from '../support/eventually';
import type { MlflowServer } from '../support/mlflowServer';
import { cardOf, lookAt, paintedTop, readingsOf } from './support/chartCards';
import { openScene } from './support/scene';
import { checkThemes } from './support/themes';
import type { Webview } from './support/webview';
import type { Workbench } from './support/workbench';

const fill = `
import math, random, time
from mlflow import MlflowClient
from mlflow.entities import Metric
random.seed(7)
client = MlflowClient()
experiment = client.create_experiment('charts')
now = int(time.time() * 1000) - 3600_000
def log(run_id, key, values, every=2000):
    metrics = [Metric(key, value, now + step * every, step) for step, value in enumerate(values)]
    for at in range(0, len(metrics), 1000):
        client.log_batch(run_id, metrics[at:at + 1000])
names = ['baseline', 'wide network', '<b>bold & "quoted"</b>', 'dropout 0.3']
for index, name in enumerate(names):
    run_id = client.create_run(experiment, run_name=name, start_time=now).info.run_id
    noise = lambda size: random.gauss(0, size)
    points = 12000 if index == 0 else 900
    scale = 900 / points
    log(run_id, 'train/loss', [2.3 * math.exp(-t * scale / 240) + 0.15 + 0.1 * index + abs(noise(0.05)) for t in range(points)], 3600_000 // points)
    log(run_id, 'train/accuracy', [1 - math.exp(-t / 200) * 0.9 - index * 0.02 + noise(0.01) for t in range(900)], 4000)
    log(run_id, 'gradient norm', [float('nan') if index == 1 and 40 <= t < 60 else 1 + math.sin(t / 20 + index) + noise(0.1) for t in range(300)])
    log(run_id, 'best epoch', [float(10 + index)])
    client.log_param(run_id, 'size', 'small' if index < 2 else 'large')
    spiked = [math.sin(t / 900) for t in range(30000)]
    spiked[20011] = 40.0
    if index == 0:
        log(run_id, 'spiky', spiked, 100)
        seldom = [Metric('weights/norm', 1 / (1 + t), now + t, 100 * t) for t in range(4000)]
        for at in range(0, 4000, 1000):
            client.log_batch(run_id, seldom[at:at + 1000])
    log(run_id, 'system/cpu_utilization_percentage', [50 + noise(10) for t in range(60)])
    if index < 3:
        client.set_terminated(run_id, 'FAILED' if index == 2 else 'FINISHED')
`;

const tab = /^charts/;
const doubled = `2 * \${best epoch} + 1`;

describe('charts in VS Code', () => {
  let server: MlflowServer;
  let workbench: Workbench;
  let page: Webview;

  openScene(
    { fill: ({ server }) => server.python(fill), refreshSeconds: 2 },
    (scene) => ({ server, workbench } = scene),
  );

  const card = (key: string) => cardOf(page, key);
  const look = (key: string) => lookAt(page, key);
  const readings = (key: string, press: string) => readingsOf(page, key, press);

  async function zoomOf(): Promise<{ min: number; max: number } | undefined> {
    return await page.evaluate<{ min: number; max: number } | undefined>(
      `document.querySelector('flowdeck-runs').session.view.charts.zoom`,
    );
  }

  it('opens for an experiment, one chart per metric, in sections', async () => {
    const experiments = await workbench.openView('Experiments');
    const row = await experiments.find(/^charts/);
    await row.inlineAction('Open Charts');
    page = await workbench.webview(tab);
    await card('train/loss').locator('canvas').waitFor();
    const sections = async () =>
      (await page.frame.locator('.section-head').allTextContents()).map((text) => text.replaceAll(/\s+/g, ' ').trim());
    await becomes(sections, ['Metrics3', 'train2', 'weights1', 'System metrics1']);
    await becomes(
      () => page.frame.getByRole('button', { name: /^System metrics/ }).getAttribute('aria-expanded'),
      'false',
    );
    await eventually(async () => assert.ok((await page.paintedPixels()) > 500));
  });

  it('says that a curve is sampled, and of how many points', async () => {
    await card('train/loss')
      .getByText(/^3,[1-6]00 of 14,700 points$/)
      .waitFor();
    await becomes(() => card('train/accuracy').locator('.badge').count(), 0);
    await becomes(() => card('gradient norm').locator('.note').innerText(), '20 NaN');
  });

  it('reads values of all runs at a step, largest first, with the keyboard', async () => {
    const plot = card('best epoch').locator('.plot');
    await plot.focus();
    await plot.press('End');
    const rows = page.frame.locator('.readout tr');
    await becomes(
      async () => (await rows.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim()),
      ['dropout 0.3 13', '<b>bold & "quoted"</b> 12', 'wide network 11', 'baseline 10'],
    );
    await plot.press('Escape');
    await page.frame.locator('.readout').waitFor({ state: 'detached' });
  });

  it('shows values on hover, with the crosshair in every chart', async () => {
    await card('train/accuracy')
      .locator('.plot')
      .hover({ position: { x: 110, y: 80 } });
    await page.frame.locator('.readout').waitFor();
    await eventually(async () => assert.ok((await page.frame.locator('.crosshair:visible').count()) >= 3));
    await workbench.screenshot('charts-hover');
  });

  it('smooths with the raw line kept, turns to a log axis and says what that leaves out', async () => {
    await page.frame.getByLabel('Smoothing').fill('0.9');
    await page.frame.getByRole('checkbox', { name: 'Log y' }).click();
    await look('gradient norm');
    await card('gradient norm')
      .getByText(/values ≤ 0 not shown/)
      .waitFor();
    await workbench.screenshot('charts-log-smooth');
  });

  it('hides a run', async () => {
    await page.frame.getByRole('checkbox', { name: 'Show baseline' }).uncheck();
    await page.frame.getByText('3 of 4 shown').waitFor();
    await card('train/loss').locator('.badge').waitFor({ state: 'detached' });
    await page.frame.getByRole('checkbox', { name: 'Show baseline' }).check();
  });

  it('loads every point of a curve, and then shows the spike that the sample missed', async () => {
    await card('spiky').locator('.badge').click();
    await card('spiky').locator('.badge').waitFor({ state: 'detached' });
    await page.frame.getByRole('checkbox', { name: 'Log y' }).click();
    // A curve of -1 … 1 with one value of 40 lies at the bottom, but for the spike.
    await eventually(async () => assert.ok((await paintedTop(page, 'spiky')) < 40));
    await workbench.screenshot('charts-every-point');
  });

  it('holds the values with a key, scrolls them, and lets go with Escape', async () => {
    const plot = card('train/accuracy').locator('.plot');
    await plot.focus();
    await plot.press('Home');
    await plot.press('ArrowRight');
    await plot.press('Space');
    await page.frame.getByRole('dialog', { name: 'Values of train/accuracy at Step 1' }).waitFor();
    await plot.press('Escape');
    await page.frame.locator('.readout').waitFor({ state: 'detached' });
  });

  it('zooms with plus, pans with Ctrl and arrows, shows everything with 0', async () => {
    const plot = card('train/accuracy').locator('.plot');
    await plot.focus();
    await plot.press('+');
    await page.frame.getByRole('button', { name: 'Reset zoom' }).waitFor();
    await eventually(async () => {
      const { min = 0, max = Number.POSITIVE_INFINITY } = (await zoomOf()) ?? {};
      assert.ok(max - min < 700, `${min} … ${max}`);
    });
    const zoomed = await zoomOf();
    assert.ok(zoomed);
    await plot.press('Control+ArrowRight');
    await eventually(async () => assert.ok(((await zoomOf())?.min ?? 0) > zoomed.min));
    // With all that it can hold: a run is live, a curve is sampled, and it is zoomed.
    for (const text of ['Live', 'Fit y'])
      await page.frame.locator('.toolbar').getByText(text, { exact: true }).waitFor();
    const height = () => page.evaluate<number>("document.querySelector('flowdeck-toolbar .toolbar').offsetHeight");
    assert.ok((await height()) < 50, 'one line');
    await workbench.screenshot('charts-toolbar-zoomed');
    await plot.press('0');
    await page.frame.getByRole('button', { name: 'Reset zoom' }).waitFor({ state: 'detached' });
  });

  it('leaves the zoom of a chart with an axis of its own, and nothing else, with Escape', async () => {
    const key = 'train/accuracy';
    await look(key);
    await page.frame.getByRole('button', { name: `Settings of ${key}` }).click();
    const dialog = page.frame.getByRole('dialog', { name: `Settings of ${key}` });
    await dialog.getByLabel('x axis').selectOption({ label: 'Relative time' });
    await dialog.getByLabel('x to').fill('3000');
    await dialog.getByLabel('x to').press('Tab');
    await workbench.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    interface Own {
      readonly axis?: string;
      readonly xMax?: number;
      readonly zoom?: { readonly min: number; readonly max: number };
    }
    const own = () =>
      page.evaluate<Own>(
        `document.querySelector('flowdeck-runs').session.view.charts.perChart['train/accuracy'] ?? {}`,
      );
    await becomes(own, { axis: 'relative', xMax: 3000 });
    await look('gradient norm');
    await card('gradient norm').locator('.plot').press('+');
    await eventually(async () => assert.ok(await zoomOf()));
    const others = await zoomOf();
    await look(key);
    const plot = card(key).locator('.plot');
    await plot.press('+');
    await eventually(async () => assert.ok((await own()).zoom));
    const { zoom } = await own();
    assert.ok(zoom && zoom.min > 0 && zoom.max < 3000, JSON.stringify(zoom));
    await plot.press('Escape');
    await becomes(own, { axis: 'relative', xMax: 3000 });
    await plot.press('Escape');
    assert.deepEqual([await own(), await zoomOf()], [{ axis: 'relative', xMax: 3000 }, others]);
    await page.frame.getByRole('button', { name: `Settings of ${key}` }).click();
    await dialog.getByRole('button', { name: 'As all charts' }).click();
    await workbench.page.keyboard.press('Escape');
    await page.frame.getByRole('button', { name: 'Reset zoom' }).click();
    await becomes(own, {});
  });

  it('draws an expression over metrics, and says where a wrong one is wrong', async () => {
    await page.frame.getByRole('button', { name: 'Add chart of an expression' }).click();
    const dialog = page.frame.getByRole('dialog', { name: 'Add a chart of an expression' });
    const input = dialog.getByLabel('Expression');
    await input.fill(`\${train/loss} - wrong(2)`);
    await dialog.getByText('There is no function “wrong”').waitFor();
    await becomes(() => dialog.locator('mark').innerText(), 'wrong');
    await workbench.screenshot('charts-expression');
    await input.fill(doubled);
    await dialog.getByRole('button', { name: 'Add chart' }).click();
    await card(doubled).locator('canvas').waitFor();
    await becomes(
      () => readings(doubled, 'End'),
      ['dropout 0.3 27 27', '<b>bold & "quoted"</b> 25 25', 'wide network 23 23', 'baseline 21 21'],
    );
  });

  it('joins all steps of metrics that are longer than a sample', async () => {
    const joined = `\${train/loss} - \${train/accuracy}`;
    await page.frame.getByRole('button', { name: 'Add chart of an expression' }).click();
    const dialog = page.frame.getByRole('dialog', { name: 'Add a chart of an expression' });
    await dialog.getByLabel('Expression').fill(joined);
    await dialog.getByRole('button', { name: 'Add chart' }).click();
    await card(joined).locator('canvas').waitFor();
    // 12,000 points of one run are more than a sample has; 900 steps are in both.
    await becomes(() => card(joined).locator('.badge').count(), 0);
    await card(joined).getByText('11,100 steps lack a metric').waitFor();
    await workbench.screenshot('charts-joined');
    await becomes(async () => (await readings(joined, 'End')).length, 4);
    await page.frame.getByRole('button', { name: `Settings of ${joined}` }).click();
    await page.frame.getByRole('button', { name: 'Remove this chart' }).click();
  });

  it('groups runs by a param, as one line with a band each, in one chart alone', async () => {
    await page.frame.getByRole('button', { name: 'Settings of train/accuracy' }).click();
    const dialog = page.frame.getByRole('dialog', { name: 'Settings of train/accuracy' });
    await dialog.getByLabel('Group runs by').selectOption({ label: 'size' });
    await dialog
      .locator('label', { hasText: /^\s*Size/ })
      .locator('select')
      .selectOption({ label: 'Two columns' });
    // What a choice leads to is there at once.
    await dialog.getByLabel('Band').waitFor();
    await dialog.getByLabel('x axis').selectOption({ label: 'Another metric' });
    await dialog.getByLabel('Metric on x').waitFor();
    await dialog.getByLabel('x axis').selectOption({ label: 'As all charts (Step)' });
    await dialog.getByLabel('Metric on x').waitFor({ state: 'detached' });
    assert.ok(await dialog.getByRole('button', { name: 'As all charts' }).isEnabled());
    await workbench.screenshot('charts-card-settings');
    await workbench.page.keyboard.press('Escape');
    await becomes(
      async () => (await readings('train/accuracy', 'Home')).map((text) => text.replace(/\) .*/, ')')).sort(),
      ['size large (2)', 'size small (2)'],
    );
    await becomes(async () => (await readings('best epoch', 'End')).length, 4);
  });

  it('takes another metric for x', async () => {
    await look('train/accuracy');
    await page.frame.getByRole('radio', { name: 'Metric' }).check({ force: true });
    await page.frame.getByLabel('on x').fill('train/loss');
    await page.frame.getByLabel('on x').press('Enter');
    await card('train/accuracy')
      .getByText(/points without train\/loss/)
      .or(card('train/accuracy').locator('canvas'))
      .first()
      .waitFor();
    await workbench.screenshot('charts-over-metric');
    await page.frame.getByRole('radio', { name: 'Step' }).check({ force: true });
  });

  it('finds metrics by a regular expression, and says when it is none', async () => {
    const search = page.frame.getByRole('textbox', { name: 'Search metrics' });
    await search.fill('/^train.*y$/');
    await card('train/loss').waitFor({ state: 'detached' });
    await card('train/accuracy').waitFor();
    await search.fill('/(/');
    await page.frame.locator('.search-problem').waitFor();
    await search.fill('');
    await card('train/loss').waitFor();
  });

  it('moves a chart with arrow keys and shows one at full size', async () => {
    const grip = page.frame.getByRole('button', { name: /^Move best epoch: 1 of 3/ });
    await grip.press('ArrowRight');
    await page.frame.getByRole('button', { name: /^Move best epoch: 2 of 3/ }).waitFor();
    await page.frame.getByRole('button', { name: 'Full size: gradient norm' }).click();
    await page.frame.locator('flowdeck-chart-card.full canvas').waitFor();
    await card('train/loss').waitFor({ state: 'detached' });
    await workbench.screenshot('charts-full');
    await workbench.page.keyboard.press('Escape');
    await card('train/loss').waitFor();
  });

  it('zooms by dragging, and fetches the interval in full', async () => {
    await look('train/loss');
    const plot = card('train/loss').locator('.plot');
    const box = await plot.boundingBox();
    assert.ok(box);
    await workbench.page.mouse.move(box.x + 80, box.y + 60);
    await workbench.page.mouse.down();
    await workbench.page.mouse.move(box.x + 110, box.y + 60, { steps: 4 });
    await workbench.page.mouse.up();
    await page.frame.getByRole('button', { name: 'Reset zoom' }).waitFor();
    await card('train/loss').locator('.badge').waitFor({ state: 'detached' });
  });

  it('fetches in full what is zoomed into of a curve that was logged every hundredth step', async () => {
    await page.frame.getByRole('button', { name: 'Reset zoom' }).click();
    await look('weights/norm');
    await card('weights/norm')
      .getByText(/^[\d,]+00 of (about )?4,000 points$/)
      .waitFor();
    const plot = card('weights/norm').locator('.plot');
    const box = await plot.boundingBox();
    assert.ok(box);
    await workbench.page.mouse.move(box.x + 80, box.y + 60);
    await workbench.page.mouse.down();
    await workbench.page.mouse.move(box.x + box.width - 14, box.y + 60, { steps: 4 });
    await workbench.page.mouse.up();
    await eventually(async () => assert.ok(await zoomOf()));
    const { min = 0, max = 0 } = (await zoomOf()) ?? {};
    assert.ok(max - min > 260_000, `more than one answer holds: ${max - min}`);
    await card('weights/norm').locator('.badge').waitFor({ state: 'detached' });
  });

  it('has ticks that tell apart what is zoomed into', async () => {
    const plot = card('train/loss').locator('.plot');
    for (const axis of ['Time', 'Step']) {
      await page.frame.getByRole('radio', { name: axis, exact: true }).check({ force: true });
      await becomes(zoomOf, undefined);
      await look('train/loss');
      await plot.focus();
      for (let times = 0; times < 14; times++) await plot.press('+');
      // Of an hour, and of 12,000 steps.
      await eventually(async () => {
        const { min = 0, max = Number.POSITIVE_INFINITY } = (await zoomOf()) ?? {};
        assert.ok(max - min < (axis === 'Step' ? 60 : 20_000), `${min} … ${max}`);
      });
      for (const theme of ['Light Modern', 'Dark High Contrast', 'Dark Modern'] as const)
        await workbench.screenshot(`charts-zoomed-${axis.toLowerCase()}`, theme);
    }
  });

  it('comes back as it was after the window is reloaded', async () => {
    await workbench.reload();
    page = await workbench.webview(tab);
    await card('train/loss').waitFor();
    await look('train/loss');
    await becomes(() => page.frame.getByLabel('Smoothing').inputValue(), '0.9');
    await becomes(() => page.frame.getByRole('checkbox', { name: 'Log y' }).isChecked(), false);
    await page.frame.getByRole('button', { name: /^Move best epoch: 2 of 3/ }).waitFor();
    await look(doubled);
    await page.frame.getByRole('button', { name: 'Reset zoom' }).click();
  });

  it('has a table instead of the picture', async () => {
    await card('best epoch')
      .getByRole('button', { name: /Show as table/ })
      .click();
    await becomes(
      async () => (await card('best epoch').locator('tbody td').allInnerTexts()).map((text) => text.trim()).sort(),
      ['10', '11', '12', '13'],
    );
    await card('best epoch')
      .getByRole('button', { name: /Show as chart/ })
      .click();
  });

  it('has no accessibility violation, in every theme', async () => {
    await checkThemes(workbench, page, 'charts');
  });

  it('keeps what it shows when the server goes, and says how old it is', async () => {
    await server.stop();
    await page.frame.getByRole('button', { name: 'Refresh' }).click();
    await page.frame.getByText(/Showing data/).waitFor();
    await look('train/loss');
    await workbench.screenshot('charts-server-gone');
  });
});
