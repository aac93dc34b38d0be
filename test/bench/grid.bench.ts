// Fluency and memory of the runs grid at its promised size, in a browser: 100,000 runs, 12,000 metric columns on show.
import { writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { openRunsPage } from '../support/browserPage';
import type { FakeRuns } from '../support/fakeHost';

const given: FakeRuns = {
  runs: 100_000,
  metricKeys: 12_000,
  commonMetrics: 20,
  rareMetrics: 10,
  params: 10,
  pageSize: 100,
};

/** Scrolls by steps, one a frame; ms between frames, and ms that each frame kept the page's thread busy. */
const scrolling = (frames: number, top: number, left: number) => `new Promise((resolve) => {
  const grid = document.querySelector('.runs-grid');
  const between = [], busy = [];
  const channel = new MessageChannel();
  let began = 0, last = 0, count = 0;
  channel.port1.onmessage = () => busy.push(performance.now() - began);
  const tick = (now) => {
    if (last) between.push(now - last);
    last = now;
    if (count++ === ${frames}) return setTimeout(() => resolve({ between, busy }), 100);
    grid.scrollTop += ${top};
    grid.scrollLeft += ${left};
    began = performance.now();
    // What scrolling causes happens before the next frame is drawn; a message comes after it.
    grid.dispatchEvent(new Event('scroll'));
    grid.getBoundingClientRect();
    channel.port2.postMessage(0);
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
})`;

interface Frames {
  readonly between: readonly number[];
  readonly busy: readonly number[];
}

const percentile = (values: readonly number[], part: number) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? Number.NaN;

async function measured(page: Page, name: string, frames: number, top: number, left: number) {
  const { between, busy } = await page.evaluate<Frames>(scrolling(frames, top, left));
  const figures = {
    frames: between.length,
    medianBetween: percentile(between, 0.5),
    p95Between: percentile(between, 0.95),
    p95Busy: percentile(busy, 0.95),
    worstBusy: Math.max(...busy),
  };
  console.log(name, JSON.stringify(figures));
  return figures;
}

/** MB of the page's heap and of the arrays beside it, with the rubbish thrown away. */
async function memory(page: Page) {
  await page.evaluate('gc()');
  const session = await page.context().newCDPSession(page);
  const usage: Record<string, number> = await session.send('Runtime.getHeapUsage');
  return { heap: (usage.usedSize ?? 0) / 1e6, arrays: (usage.backingStorageSize ?? 0) / 1e6 };
}

async function main(): Promise<void> {
  const columns = Array.from({ length: given.metricKeys }, (_, at) => `metrics.group ${at % 20}/metric ${at}`);
  const table = { columns: ['attributes.run_name', 'attributes.start_time', ...columns], hideEmpty: false };
  const { page, browser } = await openRunsPage(process.env.FLOWDECK_ROOT ?? process.cwd(), given, { table });
  page.on('pageerror', (error) => console.error('page error:', error));
  page.on('console', (message) => {
    if (message.type() === 'error') console.error('page:', message.text());
  });
  try {
    const opening = performance.now();
    await page.locator('.grid-row').first().waitFor();
    const firstRows = performance.now() - opening;
    const started = performance.now();
    await page.getByRole('button', { name: /^Load all/ }).click();
    await page.getByText('100,000 runs', { exact: true }).waitFor({ timeout: 300_000 });
    const loadAll = performance.now() - started;
    console.log(`first rows after ${firstRows.toFixed(0)} ms, all loaded after ${(loadAll / 1000).toFixed(1)} s`);
    await page.waitForTimeout(1_000);
    const figures = {
      firstRows,
      loadAll,
      down: await measured(page, 'down', 300, 78, 0),
      jumps: await measured(page, 'jumps down', 200, 9_000, 0),
      right: await measured(page, 'right', 300, 0, 60),
      jumpsRight: await measured(page, 'jumps right', 200, 0, 4_000),
      both: await measured(page, 'both', 200, -900, -500),
      nodes: await page.evaluate<number>("document.querySelectorAll('*').length"),
      memory: await memory(page),
    };
    console.log(
      `${figures.nodes} elements, heap ${figures.memory.heap.toFixed(0)} MB, arrays ${figures.memory.arrays.toFixed(0)} MB`,
    );
    if (process.env.FLOWDECK_RESULT) writeFileSync(process.env.FLOWDECK_RESULT, JSON.stringify(figures));
  } finally {
    await browser.close();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
