import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import type { Webview } from './webview';
import type { Workbench } from './workbench';

/** The head of a column of the runs table, by a word of its name. */
export const columnHead = (page: Webview, name: string): Locator =>
  page.frame.getByRole('columnheader', { name: new RegExp(`(^|\\s)${name}(\\s|$)`) });

/** Columns out of sight are not drawn: the grid is scrolled until this one is. */
export async function bringColumn(workbench: Workbench, page: Webview, name: string): Promise<Locator> {
  const head = columnHead(page, name);
  // From the left again where a column comes late.
  const end = Date.now() + 30_000;
  for (let left = 0; (await head.count()) === 0; left = (left + 300) % 6_000) {
    assert.ok(Date.now() < end, `there is no column ${name}`);
    await page.evaluate(`document.querySelector('.runs-grid').scrollTo({ left: ${left} })`);
    await workbench.page.waitForTimeout(100);
  }
  await head.first().scrollIntoViewIfNeeded();
  return head.first();
}
