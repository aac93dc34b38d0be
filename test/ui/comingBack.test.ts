import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { withRunsPage } from '../support/browserPage';
import { becomes } from '../support/eventually';
import type { FakeRuns } from '../support/fakeHost';

const given: FakeRuns = { runs: 300, metricKeys: 10, commonMetrics: 5, rareMetrics: 1, params: 2, pageSize: 100 };
const idOf = (run: number) => run.toString(16).padStart(32, '0');

const scrolled = (page: Page) => page.evaluate<number>("document.querySelector('.runs-grid').scrollTop");
const footer = (page: Page, text: string | RegExp) => page.locator('.table-footer').getByText(text);
const waiting = (page: Page) => page.evaluate<number>("window.asked.filter((name) => name === 'moreRuns').length");
const letGo = (page: Page, number: number) => page.evaluate(`window.letGo(${number})`);

describe('a page of runs that comes back', () => {
  const table = { loaded: 300, scroll: { top: 6_000, left: 0 } };

  it('reads as many rows as were there, and is where it was as soon as they are', async () => {
    await withRunsPage({ ...given, held: 'moreRuns' }, { table }, async (page) => {
      await page.locator('.grid-row .name-text', { hasText: /^run 0$/ }).waitFor();
      await becomes(() => waiting(page), 1);
      await letGo(page, 1);
      await footer(page, '200 of 300 runs').waitFor();
      assert.equal(await scrolled(page), 0);
      await becomes(() => waiting(page), 2);
      await letGo(page, 1);
      await footer(page, '300 runs').waitFor();
      await becomes(() => scrolled(page), 6_000);
    });
  });

  it('has all runs where it had all, though a page more has come', async () => {
    await withRunsPage({ ...given, runs: 301 }, { table: { loaded: 300, complete: true } }, async (page) => {
      await footer(page, '301 runs').waitFor();
    });
  });

  it('leaves a person where they went meanwhile', async () => {
    await withRunsPage({ ...given, held: 'moreRuns' }, { table }, async (page) => {
      await page.locator('.grid-row .name-text', { hasText: /^run 0$/ }).hover();
      await becomes(() => waiting(page), 1);
      await page.mouse.wheel(0, 400);
      await becomes(() => scrolled(page), 400);
      await letGo(page, 1);
      await becomes(() => waiting(page), 2);
      await letGo(page, 1);
      await footer(page, '300 runs').waitFor();
      await becomes(() => page.evaluate("document.querySelector('flowdeck-runs').session.view.table.scroll.top"), 400);
    });
  });

  it('compares chosen runs that are on no page that was read', async () => {
    const chosen = { runIds: [idOf(250), idOf(251)] };
    await withRunsPage({ ...given, held: 'runsById' }, { tab: 'compare', chosen }, async (page) => {
      await page.getByText('Loading runs…').waitFor();
      assert.equal(await page.getByText('No runs are chosen.').count(), 0);
      await page.evaluate('window.letGo()');
      for (const name of ['run 250', 'run 251']) await page.getByText(name, { exact: true }).first().waitFor();
    });
  });

  it('charts as many as the person asked for', async () => {
    await withRunsPage(given, { chosen: { first: 200 } }, async (page) => {
      await footer(page, '200 of 300 runs').waitFor();
      await footer(page, '200 chosen').waitFor();
    });
  });
});
