import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { withRunsPage } from '../support/browserPage';
import { becomes } from '../support/eventually';
import type { FakeRuns } from '../support/fakeHost';

const few: FakeRuns = { runs: 30, metricKeys: 0, commonMetrics: 0, rareMetrics: 0, params: 3, pageSize: 100 };
const titles = ['one', 'two', 'three'];
const untouched = ['attributes.run_name', 'attributes.start_time', 'attributes.duration', 'attributes.source'];
const table = { columns: untouched };
const board = titles.map((title) => ({
  version: 1,
  kind: 'scatter',
  title,
  x: 'attributes.start_time',
  y: 'attributes.duration',
}));

describe('a drag that is called off', () => {
  const boxOf = async (of: Locator) => {
    const box = await of.boundingBox();
    assert.ok(box);
    return { ...box, x: box.x + box.width / 2, y: box.y + box.height / 2, top: box.y };
  };
  /** From the middle of one to the middle of another; the pointer stays pressed. */
  const drag = async (page: Page, from: Locator, to: Locator) => {
    await from.hover();
    const end = await boxOf(to);
    await page.mouse.down();
    await page.mouse.move(end.x, end.y, { steps: 8 });
  };
  const callOff = async (page: Page) => {
    await page.keyboard.press('Escape');
    await page.mouse.up();
  };
  const view = <T>(page: Page, path: string) =>
    page.evaluate<T>(`document.querySelector('flowdeck-runs').session.view.${path}`);
  const columns = (page: Page) =>
    page.evaluate<readonly string[]>("document.querySelector('flowdeck-table-tab').shownColumns.map(({ id }) => id)");
  const head = (page: Page, name: string) => page.getByRole('columnheader', { name }).first();

  it('leaves the charts of the board in their places', async () => {
    await withRunsPage(few, { tab: 'charts', charts: { board } }, async (page) => {
      const shown = () => page.locator('.board h3').allInnerTexts();
      const kept = () => view<readonly string[]>(page, 'charts.board.map(({ title }) => title)');
      const card = (title: string) =>
        page.locator('.board-item', { has: page.getByRole('heading', { name: title, exact: true }) });
      const toTheFront = async () => {
        await drag(page, card('three').locator('.board-grip'), card('one').locator('.card-head'));
        await becomes(shown, ['three', 'one', 'two']);
      };
      await becomes(shown, titles);
      await toTheFront();
      await callOff(page);
      await becomes(shown, titles);
      await becomes(kept, titles);
      await toTheFront();
      const outside = await boxOf(page.getByRole('heading', { name: 'My charts' }));
      await page.mouse.move(outside.x, outside.y, { steps: 3 });
      await page.mouse.up();
      await becomes(shown, titles);
      await becomes(kept, titles);
      assert.equal(await page.locator('.is-dragged').count(), 0);
      await toTheFront();
      await page.mouse.up();
      await becomes(kept, ['three', 'one', 'two']);
      await becomes(shown, ['three', 'one', 'two']);
    });
  });

  it('leaves a chart of the board as high as it was', async () => {
    await withRunsPage(few, { tab: 'charts', charts: { board } }, async (page) => {
      const height = async () => (await boxOf(page.locator('.board .card').first())).height;
      const resize = page.locator('.board .resize').first();
      // Waits until it stands still.
      await resize.hover();
      const [edge, before] = [await boxOf(resize), await height()];
      await page.mouse.down();
      await page.mouse.move(edge.x, edge.y + 60, { steps: 3 });
      await becomes(height, before + 60);
      await callOff(page);
      await becomes(height, before);
      await page.mouse.move(edge.x, edge.y + 90);
      assert.equal(await height(), before);
      assert.deepEqual(await view(page, 'charts.board.map(({ height }) => height ?? null)'), [null, null, null]);
    });
  });

  it('leaves the columns of the table in their places, also above or below the table, and sorts by none', async () => {
    await withRunsPage(few, { table }, async (page) => {
      await becomes(() => columns(page), untouched);
      const sort = await view(page, 'table.sort');
      const grid = await boxOf(page.getByRole('treegrid'));
      const mark = page.locator('.drop-mark');
      const toTheFront = async () => {
        await drag(page, head(page, 'Source'), head(page, 'Started'));
        await mark.waitFor({ state: 'attached' });
      };
      const asBefore = async () => {
        await mark.waitFor({ state: 'detached' });
        assert.deepEqual([await columns(page), await view(page, 'table.sort')], [untouched, sort]);
      };
      await toTheFront();
      await callOff(page);
      await asBefore();
      for (const y of [2, grid.top + grid.height + 8]) {
        await toTheFront();
        await page.mouse.move(grid.x, y, { steps: 3 });
        await mark.waitFor({ state: 'detached' });
        await page.mouse.up();
        await asBefore();
      }
      await toTheFront();
      await page.mouse.up();
      await becomes(async () => (await columns(page)).indexOf('attributes.source') < 3, true);
    });
  });

  it('zooms and moves no line chart', async () => {
    const lines: FakeRuns = { ...few, metricKeys: 1, commonMetrics: 1 };
    await withRunsPage(lines, { tab: 'charts' }, async (page) => {
      const plot = page.locator('flowdeck-sections .plot').first();
      const zoom = () => page.evaluate("document.querySelector('flowdeck-runs').session.view.charts.zoom ?? null");
      await plot.locator('canvas').waitFor();
      const across = async (from: number, to: number) => {
        const { x, y, width } = await boxOf(plot);
        await page.mouse.move(x + from * width, y);
        await page.mouse.down();
        await page.mouse.move(x + to * width, y, { steps: 5 });
      };
      await across(-0.2, 0.2);
      await plot.locator('.selection').waitFor();
      await callOff(page);
      await plot.locator('.selection').waitFor({ state: 'hidden' });
      assert.equal(await zoom(), null);
      await across(-0.2, 0.2);
      await page.mouse.up();
      await becomes(async () => (await zoom()) !== null, true);
      const zoomed = await zoom();
      await page.keyboard.down('Shift');
      await across(0, -0.2);
      await becomes(async () => JSON.stringify(await zoom()) !== JSON.stringify(zoomed), true);
      await page.keyboard.up('Shift');
      await callOff(page);
      await becomes(zoom, zoomed);
    });
  });

  it('moves a zoomed line chart no further than its ends', async () => {
    const lines: FakeRuns = { ...few, metricKeys: 1, commonMetrics: 1 };
    await withRunsPage(lines, { tab: 'charts', charts: { zoom: { min: 40, max: 60 } } }, async (page) => {
      const plot = page.locator('flowdeck-sections .plot').first();
      await plot.locator('canvas').waitFor();
      const zoom = async () => {
        const { min, max } = await view<{ min: number; max: number }>(page, 'charts.zoom');
        return [Math.round(min), Math.round(max)];
      };
      const push = async (by: number) => {
        const { x, y, width } = await boxOf(plot);
        await page.keyboard.down('Shift');
        for (let time = 0; time < 6; time++) {
          await page.mouse.move(x - (by * width) / 2, y);
          await page.mouse.down();
          await page.mouse.move(x + (by * width) / 2, y, { steps: 3 });
          await page.mouse.up();
        }
        await page.keyboard.up('Shift');
      };
      await push(0.8);
      await becomes(zoom, [0, 20]);
      await push(-0.8);
      await becomes(zoom, [80, 100]);
    });
  });

  it('marks nothing on an axis of parallel coordinates', async () => {
    const chart = {
      version: 1,
      kind: 'parallel',
      title: 'par',
      size: 'large',
      columns: ['attributes.start_time', 'attributes.duration'],
    };
    await withRunsPage(few, { tab: 'charts', charts: { board: [chart] } }, async (page) => {
      const picture = page.locator('flowdeck-picture');
      await picture.locator('canvas').waitFor();
      const filter = () => view<string>(page, 'filter');
      const brush = async () => {
        const { x, width, top, height } = await boxOf(picture);
        // The first axis, which is there once the picture is drawn.
        const axis = x - width / 2 + 56;
        const isOnAxis = async () => {
          await page.mouse.move(axis, top + height * 0.3);
          await page.mouse.move(axis, top + height * 0.4);
          return (await picture.getAttribute('class'))?.includes('can-brush');
        };
        await becomes(isOnAxis, true);
        await page.mouse.down();
        await page.mouse.move(axis, top + height * 0.7, { steps: 5 });
        await picture.locator('.brush').waitFor();
      };
      await brush();
      await callOff(page);
      await picture.locator('.brush').waitFor({ state: 'hidden' });
      assert.equal(await filter(), '');
      await brush();
      await page.mouse.up();
      await becomes(async () => (await filter()).includes('start_time'), true);
    });
  });

  it('leaves a column as wide as it was', async () => {
    await withRunsPage(few, { table }, async (page) => {
      await becomes(() => columns(page), untouched);
      const width = async () => (await boxOf(head(page, 'Source'))).width;
      const resize = head(page, 'Source').locator('.head-edge');
      await resize.hover();
      const [edge, before] = [await boxOf(resize), await width()];
      await page.mouse.down();
      await page.mouse.move(edge.x + 60, edge.y, { steps: 3 });
      await becomes(width, before + 60);
      await callOff(page);
      await becomes(width, before);
      await page.mouse.move(edge.x + 90, edge.y);
      assert.equal(await width(), before);
      assert.deepEqual(await view(page, 'table.widths'), {});
    });
  });

  it('leaves the lines of the column chooser in their places, whatever else is dropped on them', async () => {
    await withRunsPage(few, { table }, async (page) => {
      await becomes(() => columns(page), untouched);
      await page.getByRole('button', { name: 'Columns', exact: true }).click();
      const line = (name: string) => page.getByRole('treeitem', { name, exact: true }).first();
      await line('Source').waitFor();
      await drag(page, line('Source'), line('Started'));
      await callOff(page);
      assert.deepEqual(await columns(page), untouched);
      const dataTransfer = await page.evaluateHandle(
        "(() => { const text = new DataTransfer(); text.setData('text/plain', 'a text'); return text; })()",
      );
      for (const type of ['dragover', 'drop']) await line('Started').dispatchEvent(type, { dataTransfer });
      assert.deepEqual(await columns(page), untouched);
      await line('Source').dragTo(line('Started'));
      await becomes(async () => (await columns(page))[1], 'attributes.source');
    });
  });
});
