import assert from 'node:assert/strict';
import { becomes, eventually, reads } from '../support/eventually';
import { cardOf } from './support/chartCards';
import { openScene } from './support/scene';
import type { Webview } from './support/webview';
import type { Workbench } from './support/workbench';

const fill = `
from mlflow import MlflowClient
from mlflow.entities import Metric
client = MlflowClient()
experiment = client.create_experiment('layout')
for index, name in enumerate(('low', 'middle', 'high')):
    run_id = client.create_run(experiment, run_name=name).info.run_id
    for key in ('level', 'train/loss', 'train/accuracy', 'val/loss', 'system/cpu_utilization_percentage'):
        client.log_batch(run_id, [Metric(key, 10.0 * index, step * 1000, step) for step in range(20)])
    client.set_terminated(run_id)
`;

describe('where charts stand', () => {
  let workbench: Workbench;
  let page: Webview;
  openScene({ fill: ({ server }) => server.python(fill) }, async (scene) => {
    ({ workbench } = scene);
    const experiments = await workbench.openView('Experiments');
    await (await experiments.find(/^layout/)).inlineAction('Open Charts');
    page = await workbench.webview(/^layout/);
    await page.frame.locator('flowdeck-chart-card canvas').first().waitFor();
  });

  const card = (key: string) => cardOf(page, key);
  const heightOf = async (key: string) => Math.round((await card(key).locator('.card').boundingBox())?.height ?? 0);
  const sections = async () =>
    (await page.frame.locator('.section-head').allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim());

  it('can be made higher with keys and by dragging, and be as usual again', async () => {
    const edge = card('level').getByRole('separator', { name: 'Height of the chart' });
    const usual = await heightOf('level');
    await becomes(() => edge.getAttribute('aria-valuenow'), String(usual));
    await edge.press('ArrowDown');
    await becomes(() => heightOf('level'), usual + 20);
    await becomes(() => edge.getAttribute('aria-valuenow'), String(usual + 20));
    const box = await edge.boundingBox();
    assert.ok(box);
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await workbench.page.mouse.move(x, y);
    await workbench.page.mouse.down();
    await workbench.page.mouse.move(x, y + 60, { steps: 4 });
    await workbench.page.mouse.up();
    await becomes(() => edge.getAttribute('aria-valuenow'), String(usual + 80));
    await becomes(() => heightOf('level'), usual + 80);
    await edge.dblclick();
    await becomes(() => heightOf('level'), usual);
    await becomes(() => edge.getAttribute('aria-valuenow'), String(usual));
  });

  it('is as high as before where a drag of its edge is called off', async () => {
    const usual = await heightOf('level');
    const box = await card('level').getByRole('separator', { name: 'Height of the chart' }).boundingBox();
    assert.ok(box);
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const { keyboard, mouse } = workbench.page;
    await mouse.move(x, y);
    await mouse.down();
    await mouse.move(x, y + 60, { steps: 4 });
    await becomes(() => heightOf('level'), usual + 60);
    await keyboard.press('Escape');
    await becomes(() => heightOf('level'), usual);
    await mouse.move(x, y + 90);
    await mouse.up();
    await becomes(() => heightOf('level'), usual);
  });

  it('is by section: moved with keys, closed and opened; those of the machine are last and closed', async () => {
    await becomes(sections, ['Metrics 1', 'train 2', 'val 1', 'System metrics 1']);
    await page.frame.getByRole('button', { name: /^Move section val/ }).press('ArrowUp');
    await becomes(async () => (await sections())[1], 'val 1');
    await page.frame.getByRole('button', { name: /^train/ }).click();
    await card('train/loss').waitFor({ state: 'detached' });
    const system = page.frame.getByRole('button', { name: /^System metrics/ });
    await becomes(() => system.getAttribute('aria-expanded'), 'false');
    await system.click();
    await card('system/cpu_utilization_percentage').scrollIntoViewIfNeeded();
    await card('system/cpu_utilization_percentage').locator('canvas').waitFor();
    await page.frame.getByRole('button', { name: /^train/ }).click();
    await card('train/loss').waitFor();
  });

  it('changes when one is dragged onto another', async () => {
    const grips = () => page.frame.getByRole('button', { name: /^Move train\/(loss|accuracy): 1 of 2/ });
    await reads(() => grips().getAttribute('aria-label'), /accuracy/);
    await card('train/loss').scrollIntoViewIfNeeded();
    await card('train/loss').locator('.card-head').hover();
    await card('train/loss').locator('.grip').dragTo(card('train/accuracy').locator('.card-head'));
    await reads(() => grips().getAttribute('aria-label'), /loss/);
  });

  it('does not matter to a click on a curve: it selects the run in the tree', async () => {
    await card('level').scrollIntoViewIfNeeded();
    await card('level').locator('canvas').waitFor();
    const plot = card('level').locator('.plot');
    const box = await plot.boundingBox();
    assert.ok(box);
    // The line of the middle run is half way between the others, which end near the edges of the plot.
    const highestCurve = () =>
      page.evaluate<number>(`(() => {
      const canvas = [...document.querySelectorAll('flowdeck-chart-card')].find(({ metric }) => metric === 'level').querySelector('canvas');
      const column = canvas.getContext('2d').getImageData(Math.round(canvas.width / 2), 0, 1, canvas.height).data;
      for (let y = 0; y < canvas.height; y++) {
        const [red, green, blue, alpha] = column.subarray(4 * y);
        if (alpha > 100 && Math.max(red, green, blue) - Math.min(red, green, blue) > 60) return (y * canvas.clientHeight) / canvas.height;
      }
      return -1;
    })()`);
    await eventually(async () => assert.ok((await highestCurve()) >= 0, 'a curve in the middle of the plot'));
    await plot.click({ position: { x: box.width / 2, y: (await highestCurve()) + 1 } });
    const tree = workbench.tree('Experiments');
    await tree.root.locator('[role=treeitem][aria-selected=true]', { hasText: 'high' }).waitFor();
    await plot.press('Escape');
  });
});
