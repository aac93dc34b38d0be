import assert from 'node:assert/strict';
import type { RunsView } from '../../src/shared/view/runsView';
import { openRunsPage } from '../support/browserPage';
import { becomes, eventually, reads } from '../support/eventually';
import { bringColumn, columnHead } from './support/grid';
import { openScene } from './support/scene';
import { checkThemes } from './support/themes';
import type { Webview } from './support/webview';
import type { Workbench } from './support/workbench';

const fill = `
import time
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag
client = MlflowClient()
experiment = client.create_experiment('table')
empty = client.create_experiment('nothing here')
now = int(time.time() * 1000) - 3600_000
for index in range(130):
    run = client.create_run(experiment, run_name=f'run {index}', start_time=now + index * 1000).info.run_id
    metrics = [Metric('val/loss', 1.0 + ((index * 37) % 100) / 100, now, 0), Metric('val/loss', 0.5 + ((index * 37) % 100) / 100, now, 7), Metric('val/accuracy', float('nan') if index == 129 else 0.9 + index / 100000, now, 7), Metric('constant', 1.0, now, 0)]
    params = [Param('lr', str(0.1 / (1 + index % 4))), Param('optimizer', ['adam', 'sgd'][index % 2]), Param('same', 'yes')]
    tags = [RunTag('team', ['vision', 'speech'][index % 2]), RunTag('mlflow.source.name', '/home/ada/train.py'), RunTag('mlflow.source.type', 'LOCAL'), RunTag('mlflow.source.git.commit', format(index, 'x') * 40 if index < 16 else 'a1b2c3d4' * 5), RunTag('mlflow.user', 'ada')]
    if index in (126, 127):
        tags.append(RunTag('mlflow.parentRunId', parent))
    client.log_batch(run, metrics=metrics, params=params, tags=tags)
    if index == 125:
        parent = run
    if index != 128:
        client.set_terminated(run, 'FAILED' if index == 124 else 'FINISHED', end_time=now + index * 1000 + 83_000)
`;

describe('the table of runs in VS Code', () => {
  let workbench: Workbench;
  let page: Webview;

  openScene({ fill: ({ server }) => server.python(fill) }, (scene) => ({ workbench } = scene));

  const grid = () => page.frame.getByRole('treegrid', { name: 'Runs' });
  const row = (name: string) => page.frame.getByRole('row', { name: new RegExp(`\\b${name}\\b`) });
  const head = (name: string) => columnHead(page, name);
  const bring = (name: string) => bringColumn(workbench, page, name);
  const shownIds = () =>
    page.evaluate<readonly string[]>("document.querySelector('flowdeck-table-tab').shownColumns.map(({ id }) => id)");
  /** Rows stand in their order as soon as scrolling is over. */
  const names = () => page.frame.locator('.grid-row .name-text').allTextContents();
  const menuItem = (name: string) => page.frame.getByRole('menu').getByText(name, { exact: true });
  const active = () =>
    page.evaluate<string>(
      "document.getElementById(document.querySelector('.runs-grid').getAttribute('aria-activedescendant'))?.innerText ?? ''",
    );

  it('opens for an experiment and says how much of it is loaded', async () => {
    const experiments = await workbench.openView('Experiments');
    const item = await experiments.find(/^table/);
    await item.inlineAction('Open Runs Table');
    page = await workbench.webview(/table/);
    await page.frame.getByText('100 of 130 runs', { exact: true }).waitFor();
    await page.frame.getByText('sorted by the server').waitFor();
    await becomes(() => grid().getAttribute('aria-rowcount'), '101');
    await becomes(async () => (await names()).slice(0, 5), ['run 129', 'run 128', 'run 125', 'run 127', 'run 126']);
    assert.ok((await page.frame.locator('.grid-row').count()) < 70, 'rows out of sight are not drawn');
  });

  it('loads the rest when asked to', async () => {
    await page.frame.getByRole('button', { name: 'Load 30 more' }).click();
    await page.frame.getByText('130 runs', { exact: true }).waitFor();
    await becomes(() => grid().getAttribute('aria-rowcount'), '131');
  });

  it('sorts by a metric on a click, by several with Shift, with NaN last', async () => {
    await (await bring('val/accuracy')).click();
    await page.frame
      .getByRole('columnheader', { name: /val\/accuracy/ })
      .and(page.frame.locator('[aria-sort="ascending"]'))
      .waitFor();
    await (await bring('val/accuracy')).click();
    await page.frame.locator('[aria-sort="descending"]').waitFor();
    await page.frame.locator('.grid-row[aria-rowindex="2"]', { hasText: 'run 128' }).waitFor();
    await (await bring('optimizer')).click({ modifiers: ['Shift'] });
    await page.frame.locator('.head-sort', { hasText: '2' }).waitFor();
    await page.evaluate("document.querySelector('.runs-grid').scrollTo({ left: 0 })");
    await (await bring('Started')).click();
    await page.frame.locator('.grid-row[aria-rowindex="2"]', { hasText: 'run 129' }).waitFor();
  });

  it('moves by keys like a grid, and the focus survives scrolling', async () => {
    await grid().focus();
    await grid().press('Control+Home');
    await reads(active, /^\s*$/);
    await grid().press('ArrowRight');
    await reads(active, /run 129/);
    await grid().press('Control+End');
    await becomes(async () => (await active()).trim(), '1');
    const left = () => page.evaluate<number>("document.querySelector('.runs-grid').scrollLeft");
    await eventually(async () => assert.ok((await left()) > 0));
    await grid().press('Home');
    await becomes(left, 0);
    await grid().press('ArrowRight');
    await reads(active, /run 0\b/);
    await page.evaluate("document.querySelector('.runs-grid').scrollTo({ top: 0 })");
    await workbench.page.waitForTimeout(300);
    await reads(active, /run 0\b/);
    await grid().press('PageUp');
    await reads(active, /run \d+/);
    await grid().press('Control+Home');
    await grid().press('ArrowUp');
    await becomes(
      () => page.evaluate("document.querySelector('.runs-grid').getAttribute('aria-activedescendant')"),
      'grid--1-0',
    );
  });

  it('closes and opens a parent with the arrows', async () => {
    await row('run 125').locator('.name-text').click();
    await grid().press('ArrowLeft');
    await row('run 127').waitFor({ state: 'detached' });
    await becomes(() => row('run 125').getAttribute('aria-expanded'), 'false');
    await grid().press('ArrowRight');
    await row('run 127').waitFor();
    await grid().press('ArrowDown');
    await grid().press('ArrowLeft');
    await reads(active, /run 125/);
    await page.frame.getByRole('combobox', { name: 'Parents say' }).selectOption('count');
    await page.frame.getByRole('button', { name: 'Collapse all' }).click();
    await row('run 127').waitFor({ state: 'detached' });
    await page.frame.getByRole('button', { name: 'Expand all' }).click();
    await row('run 127').waitFor();
    await page.frame.getByRole('combobox', { name: 'Parents say' }).selectOption('mean');
  });

  it('chooses runs for charts with Space, and selects ranges with Shift', async () => {
    await row('run 123').locator('.name-text').click();
    const box = row('run 123').getByRole('checkbox');
    await becomes(() => box.isChecked(), true);
    await grid().press(' ');
    await becomes(() => box.isChecked(), false);
    await row('run 120')
      .locator('.name-text')
      .click({ modifiers: ['Shift'] });
    await page.frame.getByText('4 selected').first().waitFor();
    await grid().press('Shift+ArrowDown');
    await page.frame.getByText('5 selected').first().waitFor();
    await becomes(() => page.evaluate("document.querySelector('flowdeck-table-tab').selectedRunIds.length"), 5);
    await page.frame.locator('[data-part="check-all"]').click();
    await page.frame.locator('.footer-message', { hasText: 'All 130 runs shown are chosen.' }).waitFor();
    await page.frame.locator('[data-part="check-all"]').click();
    await page.frame.locator('.footer-message', { hasText: 'No run is chosen.' }).waitFor();
  });

  it('pins and hides a run by keys', async () => {
    await row('run 110').locator('.name-text').click();
    await grid().press('p');
    await page.frame.locator('.grid-row[aria-rowindex="2"]', { hasText: 'run 110' }).waitFor();
    await reads(active, /run 110/);
    await grid().press('h');
    await row('run 110').getByRole('button', { name: 'Show run 110 in charts' }).waitFor();
    await grid().press('h');
    await grid().press('p');
    await page.frame.locator('.grid-row[aria-rowindex="2"]', { hasText: 'run 129' }).waitFor();
  });

  it('offers the menu of a row to whoever has actions, with the runs it is about', async () => {
    await page.evaluate(
      "window.asked = []; document.addEventListener('row-menu', ({ detail }) => window.asked.push(detail.runIds.length))",
    );
    await row('run 123').locator('.name-text').click();
    await row('run 122')
      .locator('.name-text')
      .click({ modifiers: ['Control'] });
    await grid().press('Shift+F10');
    await page.frame.getByRole('menu', { name: '2 runs' }).press('Escape');
    await row('run 119').locator('.name-text').click({ button: 'right' });
    await becomes(() => page.evaluate('window.asked'), [2, 1]);
    await page.frame.getByRole('menu', { name: 'run 119' }).press('Escape');
  });

  it('asks once which is better before it shows the best of a metric, from its whole history', async () => {
    await (await bring('val/loss')).click({ button: 'right' });
    await menuItem('Column of the best').click();
    await page.frame.getByText('Which val/loss is better?').waitFor();
    await workbench.screenshot('table-which-is-better');
    await menuItem('Lower is better').click();
    await bring('metric · best');
    await (await bring('metric val/loss')).click({ button: 'right' });
    await menuItem('Column of the max').click();
    await bring('metric · max');
    await page.evaluate("document.querySelector('.runs-grid').scrollTop = 0");
    // run 129: (129 · 37) % 100 = 73
    const cells = row('run 129').locator('.cell.number');
    await cells.getByText('1.23', { exact: true }).first().waitFor();
    await cells.getByText('1.73', { exact: true }).waitFor();
  });

  it('widens a column by keys and by dragging, fits it on a double click, moves it', async () => {
    const width = async () => (await head('User').boundingBox())?.width ?? 0;
    await grid().press('Home');
    await head('User').click();
    const before = await width();
    await grid().press('Alt+ArrowRight');
    await becomes(width, before + 10);
    const edge = await head('User').locator('.head-edge').boundingBox();
    assert.ok(edge);
    await workbench.page.mouse.move(edge.x + 3, edge.y + 10);
    await workbench.page.mouse.down();
    await workbench.page.mouse.move(edge.x + 43, edge.y + 10, { steps: 4 });
    await workbench.page.mouse.up();
    await becomes(width, before + 50);
    await head('User').locator('.head-edge').dblclick();
    await eventually(async () => assert.ok((await width()) < before + 10));
    await grid().press('Alt+Shift+ArrowRight');
    const columns = async () => (await page.frame.locator('.head-title').allTextContents()).slice(0, 5);
    await becomes(columns, ['Run', 'Started', 'Duration', 'Source', 'User']);
    await head('Source').dragTo(head('Started'), { targetPosition: { x: 5, y: 20 } });
    await becomes(columns, ['Run', 'Source', 'Started', 'Duration', 'User']);
  });

  it('chooses columns in a tree with a search, and leaves out what says nothing', async () => {
    await page.frame.getByRole('button', { name: 'Columns' }).click();
    const tree = page.frame.getByRole('tree', { name: 'Columns' });
    await tree.getByRole('treeitem', { name: /^Attributes/ }).waitFor();
    await workbench.screenshot('table-chooser');
    await becomes(async () => (await shownIds()).includes('params.same'), true);
    await page.frame.getByRole('checkbox', { name: /Hide constant/ }).check();
    await page.frame.getByText(/hidden/).waitFor();
    await eventually(async () => {
      const varying = await shownIds();
      assert.ok(!varying.includes('params.same') && !varying.includes('metrics.constant'), varying.join());
      assert.ok(varying.includes('params.lr') && varying.includes('metrics.val/loss'), varying.join());
    });
    await page.frame.getByRole('checkbox', { name: /Hide constant/ }).uncheck();
    await page.frame.getByRole('searchbox', { name: 'Search columns' }).fill('team');
    await tree.getByRole('treeitem', { name: 'team', exact: true }).click();
    await page.frame.getByRole('searchbox', { name: 'Search columns' }).press('ArrowDown');
    await tree.press('Escape');
    await tree.waitFor({ state: 'detached' });
    await becomes(async () => (await shownIds()).includes('tags.team'), true);
    await bring('team');
  });

  it('groups rows, and says what the numbers under a group come to', async () => {
    await (await bring('optimizer')).click({ button: 'right' });
    await menuItem('Group by this column').click();
    const group = page.frame.locator('.group-row').first();
    await group.getByText(/optimizer: (adam|sgd)/).waitFor();
    await group.getByText('65 runs').waitFor();
    await bring('Duration');
    await group.locator('.aggregate.number', { hasText: /min/ }).first().waitFor();
    await workbench.screenshot('table-grouped');
    await page.frame.getByRole('button', { name: /Do not group by optimizer/ }).click();
    await group.waitFor({ state: 'detached' });
  });

  it('says that no run matches a filter, and takes it away', async () => {
    await page.frame.getByRole('combobox', { name: 'Filter runs' }).fill("params.optimizer = 'none of these'");
    await page.frame.getByRole('combobox', { name: 'Filter runs' }).press('Enter');
    await page.frame.getByRole('heading', { name: 'No runs match the filter' }).waitFor();
    await workbench.screenshot('table-no-match');
    await page.frame.getByRole('button', { name: 'Clear filter' }).last().click();
    await row('run 129').waitFor();
    await page.frame.getByRole('button', { name: 'Load all 130' }).click();
    await page.frame.getByText('130 runs', { exact: true }).waitFor();
  });

  it('has no accessibility violation, in every theme', async () => {
    await page.frame.getByRole('button', { name: 'Columns' }).click();
    await row('run 123').locator('.name-text').click();
    await checkThemes(workbench, page, 'table');
    await page.frame.getByRole('button', { name: 'Columns' }).click();
  });

  it('comes back as it was after the window is reloaded', async () => {
    await bring('metric · best');
    await page.evaluate("document.querySelector('.runs-grid').scrollTop = 1_500");
    const kept = () =>
      page.evaluate("document.querySelector('flowdeck-runs').session.view.table").then((table) => {
        const { loaded, scroll } = table as RunsView['table'];
        return [loaded, scroll.top, scroll.left > 0];
      });
    await becomes(kept, [130, 1_500, true]);
    await workbench.reload();
    page = await workbench.webview(/table/);
    await head('metric · best').waitFor();
    await page.frame.getByText('130 runs', { exact: true }).waitFor();
    const scrolled = (side: string) => page.evaluate<number>(`document.querySelector('.runs-grid').scroll${side}`);
    await becomes(async () => [await scrolled('Top'), (await scrolled('Left')) > 0], [1_500, true]);
  });

  it('says what to do where there are no runs', async () => {
    const experiments = await workbench.openView('Experiments');
    const item = await experiments.find(/^nothing here/);
    await item.inlineAction('Open Runs Table');
    page = await workbench.webview(/nothing here/);
    await page.frame.getByRole('heading', { name: 'No runs yet' }).waitFor();
    await workbench.screenshot('table-empty');
    assert.deepEqual(await page.axe(), []);
  });
});

describe('the table of very many runs', () => {
  const given = {
    runs: 100_000,
    metricKeys: 12_000,
    commonMetrics: 5,
    rareMetrics: 3,
    params: 5,
    pageSize: 100,
  };
  let opened: Awaited<ReturnType<typeof openRunsPage>>;

  before(async () => {
    opened = await openRunsPage(process.env.FLOWDECK_ROOT ?? process.cwd(), given, {});
  });

  after(() => opened?.browser.close());

  it('loads all of them when asked to, says how fast, and stops when told to', async () => {
    const { page } = opened;
    await page.getByText('100 of 100,000 runs', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Load all 100,000' }).click();
    await page.getByText(/^[\d,]+ runs\/s$/).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Load all 100,000' }).waitFor();
    await eventually(async () => {
      const text = await page.locator('.footer-count').innerText();
      const loaded = Number(/^([\d,]+) of 100,000 runs$/.exec(text)?.[1]?.replaceAll(',', ''));
      assert.ok(loaded > 100 && loaded < 100_000, text);
    });
    await page.getByRole('button', { name: 'Load all 100,000' }).click();
    await page.getByText('100,000 runs', { exact: true }).waitFor({ timeout: 120_000 });
  });

  it('reaches the last row at once and draws no more than the screen holds', async () => {
    const { page } = opened;
    const grid = page.getByRole('treegrid', { name: 'Runs' });
    await grid.focus();
    await grid.press('Control+End');
    await grid.press('Home');
    await grid.press('ArrowRight');
    await eventually(async () => {
      const id = (await grid.getAttribute('aria-activedescendant')) ?? '';
      assert.equal((await page.locator(`#${id}`).innerText({ timeout: 5_000 })).trim(), 'run 99999');
    });
    assert.ok((await page.locator('*').count()) < 4_000);
  });

  it('offers 12,000 metrics in a tree of few elements, found by a search, moved by keys', async () => {
    const { page } = opened;
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('searchbox', { name: 'Search columns' }).fill('metric 11999');
    await page.getByRole('treeitem', { name: 'metric 11999', exact: true }).click();
    await page.getByRole('searchbox', { name: 'Search columns' }).fill('metric');
    await page.getByRole('treeitem', { name: /^Metrics/ }).waitFor();
    await eventually(async () => assert.ok((await page.getByRole('treeitem').count()) < 100));
    await page.getByRole('searchbox', { name: 'Search columns' }).fill('');
    const tree = page.getByRole('tree', { name: 'Columns' });
    const second = page.getByRole('treeitem').nth(2);
    await reads(() => second.innerText(), /Started/);
    await tree.focus();
    await tree.press('Home');
    await tree.press('ArrowDown');
    await tree.press('ArrowDown');
    await tree.press('Alt+ArrowDown');
    await page.getByRole('treeitem').nth(3).getByText('Started').waitFor();
    await eventually(async () => {
      const ids = await page.evaluate<readonly string[]>(
        "document.querySelector('flowdeck-table-tab').shownColumns.map(({ id }) => id)",
      );
      assert.deepEqual(ids.slice(0, 3), ['attributes.run_name', 'attributes.duration', 'attributes.start_time']);
      assert.ok(ids.includes('metrics.group 19/metric 11999'), ids.join());
    });
  });
});
