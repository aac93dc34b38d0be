import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { withRunsPage } from '../support/browserPage';
import { becomes, eventually } from '../support/eventually';
import type { FakeRuns } from '../support/fakeHost';

const few: FakeRuns = { runs: 300, metricKeys: 40, commonMetrics: 20, rareMetrics: 3, params: 5, pageSize: 100 };

const head = (page: Page, name: string): Locator =>
  page.getByRole('columnheader', { name: new RegExp(`(^|\\s)${name}(\\s|$)`) }).first();
const footer = (page: Page, text: string | RegExp): Locator => page.locator('.table-footer').getByText(text);
const rowAt = (page: Page, index: number, name: string): Locator =>
  page.locator(`.grid-row[aria-rowindex="${index + 2}"] .name-text`, { hasText: new RegExp(`^${name}$`) });
const count = (page: Page, method: string) =>
  page.evaluate<number>(`window.asked.filter((name) => name === ${JSON.stringify(method)}).length`);
/** Lets that many of the answers go that the made-up host holds, all of them without a number; how many went. */
const letGo = (page: Page, number?: number) => page.evaluate<number>(`window.letGo(${number ?? ''})`);
const names = (page: Page) =>
  page.evaluate<readonly string[]>(`(() => {
    const { table, sorted } = document.querySelector('flowdeck-runs').session;
    return sorted.rows.map((row) => table.head(row).name);
  })()`);

describe('the order of a table of runs', () => {
  it('is made here, of all runs, where all are loaded; reading them again keeps them too', async () => {
    const columns = ['attributes.run_name', 'metrics.group 0/metric 0', 'params.param 1'];
    await withRunsPage({ ...few, runs: 12_000 }, { table: { columns } }, async (page) => {
      await page.getByRole('button', { name: 'Load all 12,000' }).click();
      await footer(page, /^12,000 runs$/).waitFor();
      await footer(page, 'sorted by the server').waitFor();
      await head(page, 'group 0/metric 0').click();
      await footer(page, /^sorted here$/).waitFor();
      await footer(page, /^12,000 runs$/).waitFor();
      assert.equal(await count(page, 'queryRuns'), 1);
      await becomes(async () => new Set(await names(page)).size, 12_000);
      const byMetric = await names(page);
      await page.getByRole('button', { name: 'Refresh' }).click();
      await page.getByRole('progressbar', { name: 'Reading all runs again' }).waitFor();
      await page.getByRole('progressbar', { name: 'Reading all runs again' }).waitFor({ state: 'detached' });
      await footer(page, /^12,000 runs$/).waitFor();
      // The host that is made up gives them in an order of its own.
      await becomes(async () => new Set(await names(page)), new Set(byMetric));
    });
  });

  it('waits for histories, says how many are read, stops when told to and goes on when told to', async () => {
    const key = 'group 0/metric 0';
    const columns = ['attributes.run_name', 'attributes.start_time', `metrics[min].${key}`];
    await withRunsPage({ ...few, held: 'metricExtremes' }, { table: { columns } }, async (page) => {
      await rowAt(page, 0, 'run 0').waitFor();
      const before = await names(page);
      await head(page, 'min').click();
      await footer(page, 'not sorted yet: 0 of 100 histories read').waitFor();
      assert.deepEqual(await names(page), before);
      // The page asks once it is at rest, which may be later than its footer says what it waits for.
      await becomes(() => letGo(page, 1), 1);
      await footer(page, /^not sorted yet: 20 of 100/).waitFor();
      assert.deepEqual(await names(page), before);
      await page.getByRole('button', { name: 'Cancel' }).click();
      await footer(page, '80 without their history stand last').waitFor();
      await footer(page, /^sorted here/).waitFor();
      const partly = await names(page);
      assert.notDeepEqual(partly, before);
      await page.getByRole('button', { name: 'Read 80 more' }).click();
      await footer(page, /^not sorted yet/).waitFor();
      assert.deepEqual(await names(page), partly);
      await letGo(page);
      await footer(page, /^not sorted yet/).waitFor({ state: 'detached' });
      await footer(page, /without their history/).waitFor({ state: 'detached' });
      const least = (name: string) => ((Number(name.slice(4)) * 37) % 101) / 100;
      await eventually(async () => {
        const found = await names(page);
        assert.deepEqual(
          found,
          found.toSorted((a, b) => least(a) - least(b) || Number(a.slice(4)) - Number(b.slice(4))),
        );
      });
    });
  });
});

describe('the footer of a table', () => {
  it('leads on, by keys, to what was loaded before a new order; says it aloud; and is whole in a narrow panel', async () => {
    await withRunsPage({ ...few, runs: 20_000 }, {}, async (page) => {
      await rowAt(page, 0, 'run 0').waitFor();
      await page.evaluate("document.querySelector('flowdeck-runs').session.loader.loadAll(7_000)");
      await footer(page, '10,100 of 20,000 runs').waitFor();
      await head(page, 'group 0/metric 0').click();
      await footer(page, '5,100 of 20,000 runs').waitFor();
      const said = page.getByRole('status').filter({ hasText: '5,100 runs are read again; 10,100 were loaded before' });
      await said.waitFor({ state: 'attached' });
      await page.setViewportSize({ width: 600, height: 700 });
      const outside = () =>
        page.evaluate<readonly string[]>(`(() => {
          const { bottom, right } = document.querySelector('.table-footer').getBoundingClientRect();
          return [...document.querySelectorAll('.table-footer > :not(.visually-hidden)')]
            .filter((part) => part.getBoundingClientRect().right > right || part.getBoundingClientRect().bottom > bottom)
            .map((part) => part.textContent);
        })()`);
      assert.deepEqual(await outside(), []);
      await page.getByRole('treegrid').focus();
      const focused = () => page.evaluate<string>('document.activeElement?.textContent.trim()');
      for (let times = 0; (await focused()) !== 'Read on to 10,100'; times++) {
        assert.ok(times < 10, await focused());
        await page.keyboard.press('Tab');
      }
      await page.keyboard.press('Enter');
      await footer(page, '10,100 of 20,000 runs').waitFor();
      await said.waitFor({ state: 'detached' });
      assert.equal(await page.getByRole('button', { name: /^Read on/ }).count(), 0);
    });
  });
});

describe('a table that is loading', () => {
  it('shows bones where rows are going to be, and no longer than that', async () => {
    await withRunsPage({ ...few, held: 'queryRuns' }, {}, async (page) => {
      const bones = page.getByRole('status', { name: 'Loading runs' });
      await bones.waitFor();
      const box = await bones.locator('.bone').first().boundingBox();
      assert.ok(box && box.width > 50 && box.height > 5, JSON.stringify(box));
      const [first, second] = [
        await bones.locator('.bone').nth(0).boundingBox(),
        await bones.locator('.bone').nth(4).boundingBox(),
      ];
      assert.ok(first && second && second.y > first.y, 'one line under the other');
      assert.equal(await page.getByText('No runs yet').count(), 0);
      await letGo(page);
      await rowAt(page, 0, 'run 0').waitFor();
      await bones.waitFor({ state: 'detached' });
    });
  });
});

describe('heads of columns', () => {
  it('are dragged beyond the edge: the columns there come into sight', async () => {
    await withRunsPage(few, {}, async (page) => {
      await rowAt(page, 0, 'run 0').waitFor();
      const from = await head(page, 'Started').boundingBox();
      const grid = await page.getByRole('treegrid').boundingBox();
      assert.ok(from && grid);
      const scrolled = () => page.evaluate<number>("document.querySelector('.runs-grid').scrollLeft");
      await page.mouse.move(from.x + 20, from.y + 15);
      await page.mouse.down();
      await page.mouse.move(grid.x + grid.width - 10, from.y + 15, { steps: 8 });
      while ((await scrolled()) < 600) await page.waitForTimeout(50);
      await page.mouse.move(grid.x + grid.width / 2, from.y + 15, { steps: 4 });
      // It comes to rest, and stays there.
      await eventually(async () => {
        const rested = await scrolled();
        await page.waitForTimeout(200);
        assert.equal(await scrolled(), rested);
      });
      await page.mouse.up();
      await eventually(async () => {
        const ids = await page.evaluate<readonly string[]>(
          "document.querySelector('flowdeck-table-tab').shownColumns.map(({ id }) => id)",
        );
        assert.ok(ids.indexOf('attributes.start_time') > 4, ids.slice(0, 12).join());
      });
      await page.getByRole('columnheader', { name: /Started/ }).waitFor();
    });
  });
});
