import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { withRunsPage } from '../support/browserPage';
import { becomes, eventually, reads } from '../support/eventually';
import { FocusWalk } from './support/focusWalk';
import { openScene } from './support/scene';
import type { Theme, Workbench } from './support/workbench';

const fill = `
import math, time
from mlflow import MlflowClient
from mlflow.entities import Metric, Param
client = MlflowClient()
experiment = client.create_experiment('walked')
now = int(time.time() * 1000) - 3600_000
for index in range(12):
    run = client.create_run(experiment, run_name=f'run {index}', start_time=now + index * 1000).info.run_id
    metrics = [Metric(key, (1 + (index * 5) % 12) * math.exp(-step / 30), now + step * 1000, step) for key in ('loss', 'val/loss', 'val/accuracy') for step in range(60)]
    client.log_batch(run, metrics, [Param('lr', str(index)), Param('half', str(index // 6))])
    client.set_terminated(run)
`;

describe('the runs page by the keyboard alone', function () {
  // Each step begins where the one before it ended.
  this.bail(true);
  let workbench: Workbench;
  let walk: FocusWalk;

  openScene({ fill: ({ server }) => server.python(fill) }, async (scene) => {
    ({ workbench } = scene);
    await workbench.page.setViewportSize({ width: 1280, height: 800 });
  });

  const frame = () => walk.page.frame;
  const press = async (...keys: string[]) => {
    for (const key of keys) await workbench.page.keyboard.press(key);
  };
  const palette = async (title: string) => {
    await press('F1');
    await workbench.quickPick.type(`>${title}`);
    await workbench.quickPick.rows.first().getByText(title).waitFor();
    await workbench.quickPick.input.press('Enter');
  };
  /** Down until a line of VS Code's own has the focus. */
  const downTo = async (focused: string, name: RegExp) => {
    for (let times = 0; times < 30; times++) {
      const line = workbench.page.locator(focused);
      if ((await line.count()) > 0 && name.test((await line.first().innerText()).trim())) return;
      await press('ArrowDown');
      await workbench.page.waitForTimeout(50);
    }
    assert.fail(`${name} is not reached by ArrowDown`);
  };
  /** By the menu of the experiment. */
  const fromTree = async (action: string) => {
    await palette('Flowdeck: Focus on Experiments View');
    await press('Home');
    await downTo('.pane .monaco-list-row.focused', /^walked/);
    await press('Shift+F10');
    await workbench.page.getByRole('menuitem', { name: action }).waitFor();
    await downTo('.monaco-menu .action-item.focused', new RegExp(`^${action}`));
    await press('Enter');
  };
  /** From the page's first stop through all of them and out of it, and all the way back. */
  const leavesBothWays = async (least: number) => {
    const forwards = await walk.tabOut();
    assert.ok(forwards.length >= least, forwards.join());
    // Where a page is left for good, the focus is where it was when the page has it again.
    await palette('View: Focus Active Editor Group');
    await walk.isOn(/./);
    assert.deepEqual((await walk.tabOut('Shift+Tab')).toReversed(), forwards);
    await palette('View: Focus Active Editor Group');
    await walk.isOn(/./);
  };
  const pictures = async (
    name: string,
    themes: readonly Theme[] = ['Light Modern', 'Dark High Contrast', 'Dark Modern'],
  ) => {
    for (const theme of themes) {
      await workbench.setTheme(theme);
      // What shows the focus after the pointer is shown by the next key.
      await press('Shift');
      await workbench.screenshot(`keyboard-${name}-${theme.toLowerCase().replaceAll(' ', '-')}`);
    }
  };

  it('opens the table from the tree, and is in its rows at once', async () => {
    await (await workbench.openView('Experiments')).find(/^walked/);
    await fromTree('Open Runs Table');
    walk = new FocusWalk(workbench, await workbench.webview(/^walked/));
    await frame().getByText('12 runs', { exact: true }).waitFor();
    await walk.isOn(/^run 11/);
    await press('ArrowDown');
    await walk.isOn(/^run 10/);
    await press('ArrowUp');
    await walk.tabTo(/^Table$/, 'Shift+Tab');
  });

  it('leaves the table forwards and backwards, with every stop in sight', async () => {
    await leavesBothWays(8);
    await walk.isOn(/^Table$/);
  });

  it('sorts by a metric at its head, and by its menu', async () => {
    await walk.tabTo(/^run 11/);
    await press('Control+Home', 'ArrowUp');
    const head = (name: RegExp) =>
      eventually(async () => {
        if (name.test((await walk.stop())?.name ?? '')) return;
        await press('ArrowRight');
        assert.match((await walk.stop())?.name ?? '', name);
      });
    await head(/metric val\/loss|val\/loss/);
    await press('Enter');
    const sorted = frame().getByRole('columnheader', { name: /val\/loss/ });
    await reads(() => sorted.getAttribute('aria-sort'), /ascending/);
    await press('Alt+ArrowDown');
    await walk.isOn(/^Sort ascending/);
    await press('ArrowDown');
    await walk.isOn(/^Sort descending/);
    await press('Enter');
    await walk.isOn(/val\/loss/);
    await reads(() => sorted.getAttribute('aria-sort'), /descending/);
  });

  it('filters, with what may be typed offered', async () => {
    await walk.tabTo(/^Filter runs/, 'Shift+Tab');
    await walk.type('params.half = ');
    await press('Escape');
    await walk.type("'1'");
    await press('Escape', 'Enter');
    await frame().getByText('6 runs', { exact: true }).waitFor();
    await walk.isOn(/^Filter runs/);
    await walk.tabTo(/^Clear the filter/);
    await press('Enter');
    await frame().getByText('12 runs', { exact: true }).waitFor();
    await walk.isOn(/^Filter runs/);
  });

  it('chooses three runs', async () => {
    await walk.tabTo(/^run \d+|val\/loss/);
    await press('Control+Home', 'ArrowUp', 'Space');
    await frame().getByText('0 chosen').waitFor();
    for (let row = 0; row < 3; row++) {
      await press('ArrowDown', 'Space');
      await frame()
        .getByText(`${row + 1} chosen`)
        .waitFor();
    }
    await walk.isOn(/./);
    await pictures('table');
    await walk.isOn(/./);
  });

  it('pins a column in the chooser, and is back at its button', async () => {
    await walk.tabTo(/^Columns$/, 'Shift+Tab');
    await press('Enter');
    await walk.isOn(/^Search columns/);
    await walk.type('lr');
    await press('ArrowDown');
    for (let times = 0; times < 6 && !/^lr/.test((await walk.stop())?.name ?? ''); times++) await press('ArrowDown');
    await walk.isOn(/^lr/);
    const line = frame().getByRole('treeitem', { name: 'lr', exact: true }).first();
    if ((await line.getAttribute('aria-checked')) === 'false') await press('Space');
    await becomes(() => line.getAttribute('aria-checked'), 'true');
    await press('p');
    const pinned = () =>
      walk.page.evaluate(
        "document.querySelector('flowdeck-runs').session.view.table.pinnedColumns.includes('params.lr')",
      );
    await becomes(pinned, true);
    await workbench.screenshot('keyboard-chooser');
    await walk.tabTo(/^Reset$/, 'Shift+Tab');
    await press('Enter');
    await becomes(pinned, false);
    await walk.isOn(/./);
    await walk.tabTo(/^Close$/);
    await press('Enter');
    await walk.isOn(/^Columns$/);
  });

  it('opens the export of the table and leaves it', async () => {
    await walk.tabTo(/^Export/);
    await press('Enter');
    await walk.isOn(/^This run…/);
    await press('Escape');
    await walk.isOn(/^Export/);
  });

  it('goes to the charts, and leaves them forwards and backwards with every stop in sight', async () => {
    await walk.tabTo(/^Table$/, 'Shift+Tab');
    await press('ArrowRight');
    await walk.isOn(/^Charts$/);
    await frame().locator('flowdeck-chart-card canvas').first().waitFor();
    await becomes(
      () => walk.page.evaluate("document.querySelector('flowdeck-toolbar .toolbar').clientHeight < 50"),
      true,
    );
    await leavesBothWays(20);
    await walk.isOn(/^Charts$/);
  });

  it('finds a metric, zooms its chart and shows all of it again', async () => {
    await walk.tabTo(/^Search metrics/);
    await walk.type('accuracy');
    await frame().getByRole('heading', { name: 'val/loss', exact: true }).waitFor({ state: 'detached' });
    await walk.tabTo(/^val\/accuracy\b.*Arrow keys read values/);
    await press('End');
    await frame().locator('.readout tr').first().waitFor();
    await workbench.screenshot('keyboard-plot');
    await press('Escape', '+');
    const reset = frame().getByRole('button', { name: 'Reset zoom' });
    await reset.waitFor();
    await press('0');
    await reset.waitFor({ state: 'detached' });
    await press('+');
    await walk.tabTo(/^Reset zoom/, 'Shift+Tab');
    await press('Enter');
    await reset.waitFor({ state: 'detached' });
    await walk.isOn(/./);
  });

  it('smooths one chart in its settings, and is back at their button', async () => {
    await walk.tabTo(/^Settings of val\/accuracy/);
    await press('Enter');
    await walk.isOn(/^x axis/);
    await walk.tabTo(/^Smoothing/);
    await press('ArrowDown');
    await frame().getByLabel('How smooth').waitFor();
    await walk.tabTo(/^How smooth/);
    await press('ArrowRight');
    await workbench.screenshot('keyboard-settings');
    await walk.tabTo(/^As all charts$/);
    await press('Enter');
    await frame().getByLabel('How smooth').waitFor({ state: 'detached' });
    await walk.isOn(/./);
    await press('Escape');
    await walk.isOn(/^Settings of val\/accuracy/);
  });

  it('opens the dialog of an export, and is back where it was when that is cancelled', async () => {
    await walk.tabTo(/^Save or copy: val\/accuracy/);
    await press('Enter');
    await walk.isOn(/^Save as PNG/);
    await press('Enter');
    await workbench.quickPick.input.waitFor();
    await workbench.quickPick.cancel();
    await walk.isOn(/^Save or copy: val\/accuracy/);
    await pictures('charts');
    await walk.isOn(/^Save or copy: val\/accuracy/);
  });

  it('shows a chart at full size and comes back', async () => {
    await walk.tabTo(/^Full size: val\/accuracy/);
    await press('Enter');
    await walk.isOn(/^Back to all charts/);
    await press('Escape');
    await walk.isOn(/^Full size: val\/accuracy/);
  });

  it('goes to the comparison, leaves it both ways, and chooses another baseline', async () => {
    await walk.tabTo(/^Charts$/, 'Shift+Tab');
    await press('ArrowRight');
    await walk.isOn(/^Compare$/);
    await frame().getByRole('treegrid').waitFor();
    await leavesBothWays(7);
    await walk.isOn(/^Compare$/);
    await walk.tabTo(/^3 runs/);
    const baseline = () => frame().locator('.compare-head .base .text').innerText();
    for (const name of [/^run \d+/, /^run \d+/]) {
      await press('Home', 'ArrowRight', 'ArrowRight');
      await walk.isOn(name);
      const wanted = (await walk.stop())?.name.split(' ').slice(0, 2).join(' ');
      await press('Enter');
      await walk.isOn(/^Make baseline/);
      await press('Enter');
      await becomes(baseline, wanted);
      await walk.isOn(/./);
    }
    await pictures('compare');
    await walk.isOn(/./);
  });

  it('copies the report, and is back at its button', async () => {
    await walk.tabTo(/^Report…/, 'Shift+Tab');
    await press('Enter');
    await walk.isOn(/^Title/);
    await workbench.screenshot('keyboard-report');
    await walk.tabTo(/^Copy as Markdown/);
    await press('Enter');
    await frame()
      .getByText(/^Copied: [\d,]+ characters/)
      .waitFor();
    assert.match(await workbench.clipboard(), /^# walked: comparison of 3 runs/);
    await walk.isOn(/^Copy as Markdown/);
    await press('Escape');
    await walk.isOn(/^Report…/);
  });

  it('goes back to the table', async () => {
    await walk.tabTo(/^Compare$/, 'Shift+Tab');
    await press('ArrowLeft', 'ArrowLeft');
    await walk.isOn(/^Table$/);
    await walk.tabTo(/^run \d+|val\/loss/);
  });

  it('is at the charts, and at the table, when these are asked for of a page that is open', async () => {
    await fromTree('Open Charts');
    await walk.isOn(/^Metric charts of 3 runs/);
    await workbench.screenshot('keyboard-charts-opened');
    await fromTree('Open Runs Table');
    await walk.isOn(/^run \d+/);
  });

  it('takes the focus from nothing when its page is loaded anew', async () => {
    await palette('Flowdeck: Focus on Experiments View');
    await walk.page.evaluate('window.isBefore = true');
    await palette('Developer: Reload Webviews');
    const isThere = "!window.isBefore && document.querySelector('.grid-row') !== null";
    await becomes(() => walk.page.evaluate(isThere), true);
    assert.equal(await walk.page.evaluate('!document.hasFocus() && document.activeElement === document.body'), true);
    await workbench.page.locator('.pane .monaco-list:focus-within').waitFor();
    await palette('View: Focus Active Editor Group');
    await walk.isOn(/^run \d+/);
  });
});

describe('a page that has the focus', () => {
  const given = { runs: 300, metricKeys: 10, commonMetrics: 5, rareMetrics: 1, params: 2, pageSize: 100 };
  const active = "document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.textContent";

  it('hands it to its rows before they are there', async () => {
    await withRunsPage({ ...given, held: 'queryRuns' }, {}, async (page) => {
      await becomes(() => page.evaluate("document.activeElement.getAttribute('role')"), 'treegrid');
      await page.evaluate('window.letGo()');
      await reads(() => page.evaluate<string>(active), /run 0$/);
      await page.keyboard.press('ArrowDown');
      await reads(() => page.evaluate<string>(active), /run 1$/);
    });
  });
});

describe('a button that goes away under the focus', () => {
  const given = { runs: 300, metricKeys: 10, commonMetrics: 5, rareMetrics: 1, params: 2, pageSize: 100 };
  const focused = (page: Page) =>
    page.evaluate<string>(
      "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent.trim()",
    );

  it('gives it to what takes its place, and that to what is left beside it', async () => {
    await withRunsPage({ ...given, held: 'moreRuns' }, {}, async (page) => {
      await page.getByRole('button', { name: 'Load all 300' }).press('Enter');
      await becomes(() => focused(page), 'Cancel');
      await page.evaluate('window.letGo()');
      await page.locator('.table-footer').getByText('300 runs').waitFor();
      await becomes(() => focused(page), 'Runs');
      await page.keyboard.press('Control+End');
      await page.locator('.grid-row .name-text', { hasText: /^run 299$/ }).waitFor();
    });
  });

  it('leaves a person alone who let go of it', async () => {
    await withRunsPage({ ...given, held: 'moreRuns' }, {}, async (page) => {
      await page.getByRole('button', { name: 'Load all 300' }).press('Enter');
      await becomes(() => focused(page), 'Cancel');
      await page.locator('.footer-count').click();
      await becomes(() => page.evaluate('document.activeElement === document.body'), true);
      await page.evaluate('window.letGo()');
      await page.locator('.table-footer').getByText('300 runs').waitFor();
      await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
      assert.equal(await page.evaluate('document.activeElement === document.body'), true);
    });
  });
});
