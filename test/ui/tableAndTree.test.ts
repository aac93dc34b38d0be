import assert from 'node:assert/strict';
import { becomes, eventually, reads } from '../support/eventually';
import { openScene } from './support/scene';
import { checkThemes } from './support/themes';
import type { TreeView } from './support/treeView';
import { Webview } from './support/webview';
import type { Workbench } from './support/workbench';

const fill = `
import time
from mlflow import MlflowClient
from mlflow.entities import Metric, Param
client = MlflowClient()
experiment = client.create_experiment('pointing')
now = int(time.time() * 1000) - 3600_000
for index in range(12):
    run = client.create_run(experiment, run_name=f'run {index}', start_time=now + index * 1000).info.run_id
    metrics = [Metric('loss', 10.0 * index + step / 100, now + step, step) for step in range(60)]
    client.log_batch(run, metrics, [Param('lr', str(index)), Param('same', 'yes'), Param('half', str(index // 6))])
    client.set_terminated(run)
`;

describe('the table, the tree and the charts side by side in VS Code', () => {
  let workbench: Workbench;
  let page: Webview;
  let experiments: TreeView;

  openScene({ fill: ({ server }) => server.python(fill) }, async (scene) => {
    ({ workbench } = scene);
    experiments = await workbench.openView('Experiments');
    await (await experiments.find(/^pointing/)).inlineAction('Open Runs Table');
    page = await workbench.webview(/^pointing/);
    await page.frame.getByText('12 runs', { exact: true }).waitFor();
  });

  const grid = () => page.frame.getByRole('treegrid', { name: 'Runs' });
  const shownIds = () =>
    page.evaluate<readonly string[]>("document.querySelector('flowdeck-table-tab').shownColumns.map(({ id }) => id)");
  /** The set-up follows in the next turn of the page. */
  const untilShown = async (isSo: (ids: readonly string[]) => boolean) => {
    const end = Date.now() + 30_000;
    for (let ids = await shownIds(); !isSo(ids); ids = await shownIds()) {
      assert.ok(Date.now() < end, ids.join());
      await workbench.page.waitForTimeout(50);
    }
  };
  /** One of the pages in sight: the one that has such an element. */
  const pageWith = async (selector: string): Promise<Webview> => {
    for (const end = Date.now() + 30_000; ; await workbench.page.waitForTimeout(200)) {
      const many = await workbench.page.locator('iframe.webview.ready:visible').count();
      for (let at = 0; at < many; at++) {
        const one = new Webview(workbench.page, `iframe.webview.ready:visible >> nth=${at}`);
        if ((await one.frame.locator(selector).count()) > 0) return one;
      }
      assert.ok(Date.now() < end, `no page has ${selector}`);
    }
  };

  /** What stands at the end of the row of run 3 in the tree. */
  const badge = () =>
    workbench.page.evaluate<string>(`(() => {
      const rows = [...document.querySelectorAll('.pane .monaco-list-row')];
      const row = rows.find((one) => one.getAttribute('aria-label')?.startsWith('run 3,'));
      return getComputedStyle(row.querySelector('.monaco-icon-label'), '::after').content;
    })()`);
  const untilBadge = (text: string) => eventually(async () => assert.ok((await badge()).includes(text), await badge()));

  it('selects every run with Ctrl+A and none with Escape', async () => {
    await page.frame.locator('.name-text', { hasText: /^run 5$/ }).click();
    await grid().press('Control+a');
    await page.frame.locator('.footer-message', { hasText: '12 runs are selected.' }).waitFor();
    await page.frame.getByText('12 selected').first().waitFor();
    await becomes(() => page.frame.locator('.grid-row[aria-selected="true"]').count(), 12);
    await grid().press('Escape');
    await page.frame.locator('.grid-row.selected').first().waitFor({ state: 'detached' });
  });

  it('leaves out columns in which the chosen runs do not differ', async () => {
    await page.frame.getByRole('button', { name: 'Columns', exact: true }).click();
    await untilShown((ids) => ids.includes('params.same') && ids.includes('params.half'));
    await page.frame.getByRole('checkbox', { name: /^Only differences/ }).check();
    await untilShown((ids) => !ids.includes('params.same') && ids.includes('params.half') && ids.includes('params.lr'));
    // Chosen are now two runs of one half.
    await page.frame.locator('[data-part="check-all"]').click();
    await page.frame.locator('.footer-message', { hasText: 'No run is chosen.' }).waitFor();
    for (const name of ['run 1', 'run 2'])
      await page.frame
        .getByRole('row', { name: new RegExp(`\\b${name}\\b`) })
        .locator('[data-part="check"]')
        .click();
    await untilShown(
      (ids) => !ids.includes('params.half') && ids.includes('params.lr') && ids.includes('metrics.loss'),
    );
    await page.frame.getByRole('checkbox', { name: /^Only differences/ }).uncheck();
    await untilShown((ids) => ids.includes('params.same'));
  });

  it('moves a column by dragging its line in the chooser', async () => {
    const line = (name: string) => page.frame.getByRole('treeitem', { name, exact: true }).first();
    const before = await shownIds();
    const [from, to] = [before.indexOf('attributes.duration'), before.indexOf('attributes.start_time')];
    assert.ok(from > to && to > 0, before.join());
    await line('Duration').dragTo(line('Started'));
    await untilShown(
      (ids) => ids.indexOf('attributes.duration') === to && ids.indexOf('attributes.start_time') === to + 1,
    );
    await page.frame.getByRole('button', { name: 'Columns', exact: true }).click();
  });

  it('marks the run that is pointed at in a chart, in the table beside it and in the tree, and moves nothing', async () => {
    await (await experiments.find(/^pointing/)).expand();
    await (await experiments.find(/^run 3\b/)).contextMenu('Open Charts');
    await pageWith('flowdeck-charts');
    await workbench.runCommand('View: Move Editor into Right Group');
    const table = await pageWith('.runs-grid');
    const charts = await pageWith('flowdeck-charts');
    const plot = charts.frame.locator('flowdeck-chart-card .plot').first();
    await charts.frame.locator('flowdeck-chart-card canvas').first().waitFor();
    const isFocused = () => workbench.page.evaluate<string>("document.activeElement?.className ?? ''");
    const box = await plot.boundingBox();
    assert.ok(box);
    const marked = table.frame.locator('.grid-row.pointed-at');
    const { mouse } = workbench.page;
    const leave = async () => {
      await mouse.move(box.x + box.width / 2, box.y - 60);
      await marked.waitFor({ state: 'detached' });
    };
    /** The one curve rises from edge to edge: the pointer meets it on its way down. */
    const point = async () => {
      for (const end = Date.now() + 60_000; Date.now() < end; )
        for (let y = 10; y < box.height; y += 6) {
          await mouse.move(box.x + box.width / 2, box.y + y);
          await workbench.page.waitForTimeout(150);
          if ((await marked.count()) === 0) continue;
          // A mark may come late, when the pointer is beyond the curve already: it stays where the pointer rests on it.
          await workbench.page.waitForTimeout(500);
          if ((await marked.count()) > 0) return;
        }
      assert.fail('no row is marked');
    };
    await checkThemes(workbench, table, 'pointed-at', async () => {
      await leave();
      const focus = await isFocused();
      await point();
      await reads(() => marked.innerText(), /run 3/);
      await untilBadge('◂');
      assert.equal(await isFocused(), focus);
    });
    await leave();
    await untilBadge('none');
  });

  it('marks the run that is pointed at in the table, in the charts beside it and in the tree, and not in the table', async () => {
    const table = await pageWith('.runs-grid');
    const charts = await pageWith('flowdeck-charts');
    const name = (run: string) => table.frame.locator('.grid-row .name-text', { hasText: new RegExp(`^${run}$`) });
    const drawn = () =>
      charts.evaluate<string | null>("document.querySelector('.legend li.nearest')?.innerText.trim() ?? null");
    await name('run 3').hover();
    await becomes(drawn, 'run 3');
    await untilBadge('◂');
    await becomes(() => table.frame.locator('.grid-row.pointed-at').count(), 0);
    await workbench.screenshot('pointed-at-row');
    // One that is in no chart takes nothing away from those that are.
    await name('run 5').hover();
    await untilBadge('none');
    await becomes(drawn, null);
    await name('run 3').hover();
    await becomes(drawn, 'run 3');
    await table.frame.locator('.footer-count').hover();
    await becomes(drawn, null);
    await untilBadge('none');
  });
});
