import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { chromiumFlags, installChromium } from '../../scripts/lib/chromium.mjs';
import { type FakeRuns, fakeHost } from './fakeHost';

const origin = 'http://flowdeck.test';
/** As the extension's own, but for the nonce. */
const policy = "default-src 'none'; script-src 'self'; style-src 'none'";

/** The built runs page in a browser, with a host that is made up: for what needs more runs than a server can be given. */
export async function openRunsPage(
  root: string,
  runs: FakeRuns,
  view: unknown,
): Promise<{ readonly page: Page; readonly browser: Browser }> {
  const browser = await chromium.launch({
    executablePath: await installChromium(),
    args: [...chromiumFlags, '--js-flags=--expose-gc'],
  });
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  await page.route(`${origin}/**`, async (route) => {
    const name = path.basename(new URL(route.request().url()).pathname);
    if (name === 'runs.html')
      await route.fulfill({
        contentType: 'text/html',
        headers: { 'Content-Security-Policy': policy },
        body: html(view),
      });
    else
      await route.fulfill({
        contentType: 'text/javascript',
        body: readFileSync(path.join(root, 'dist', 'webview', name), 'utf8'),
      });
  });
  await page.addInitScript(fakeHost, runs);
  await page.goto(`${origin}/runs.html`);
  return { page, browser };
}

/** The same for one test, closed when that is over. */
export async function withRunsPage(runs: FakeRuns, view: unknown, work: (page: Page) => Promise<void>): Promise<void> {
  const { page, browser } = await openRunsPage(process.env.FLOWDECK_ROOT ?? process.cwd(), runs, view);
  try {
    await work(page);
  } finally {
    await browser.close();
  }
}

const html = (view: unknown) => `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Runs</title>
<script type="module" src="/runs.js"></script></head>
<body class="vscode-dark" data-flowdeck="${JSON.stringify({ view }).replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"></body></html>`;
