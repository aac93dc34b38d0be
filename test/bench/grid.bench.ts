// Fluency and memory of the runs grid at its promised size, in a browser: 100,000 runs, 12,000 metric columns on show.
import { writeFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { openRunsPage } from '../support/browserPage';
import type { FakeRuns } from '../support/fakeHost';
import { percentile, trueInterval } from './frames';

const given: FakeRuns = {
  runs: 100_000,
  metricKeys: 12_000,
  commonMetrics: 20,
  rareMetrics: 10,
  params: 10,
  pageSize: 100,
};

/** Scrolls by steps, one a frame. @returns ms between frames */
const scrolling = (frames: number, top: number, left: number) => `new Promise((resolve) => {
  const grid = document.querySelector('.runs-grid');
  const between = [];
  let last = 0;
  const tick = (now) => {
    if (last) between.push(now - last);
    last = now;
    if (between.length === ${frames}) return resolve(between);
    grid.scrollTop += ${top};
    grid.scrollLeft += ${left};
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
})`;

interface TraceEvent {
  readonly name: string;
  /** Processor time of the thread, µs: what other programs of the machine take is not in it. */
  readonly tdur?: number;
}

/** `cpu` is all that the page's main thread does for a frame: scripts, styles, layout, painting, handing over. */
async function measured(page: Page, browser: Browser, name: string, frames: number, top: number, left: number) {
  await page.waitForTimeout(500);
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline', 'cc'] });
  const between = (await page.evaluate<number[]>(scrolling(frames, top, left))).map(trueInterval);
  const trace: { traceEvents: readonly TraceEvent[] } = JSON.parse((await browser.stopTracing()).toString());
  const cpu = trace.traceEvents.flatMap(({ name: event, tdur }) =>
    event === 'ProxyMain::BeginMainFrame' && tdur !== undefined ? [tdur / 1000] : [],
  );
  const figures = {
    frames: cpu.length,
    cpu: { median: percentile(cpu, 0.5), p95: percentile(cpu, 0.95), worst: Math.max(...cpu) },
    between: { median: percentile(between, 0.5), p95: percentile(between, 0.95) },
  };
  const ms = (value: number) => value.toFixed(1);
  console.log(
    `${name}: ${figures.frames} frames, processor time median ${ms(figures.cpu.median)} p95 ${ms(figures.cpu.p95)} worst ${ms(figures.cpu.worst)} ms, between frames median ${ms(figures.between.median)} p95 ${ms(figures.between.p95)} ms`,
  );
  return figures;
}

/** MB of the page's heap and of the arrays beside it, with the rubbish thrown away. */
async function memory(page: Page) {
  await page.evaluate('gc()');
  const session = await page.context().newCDPSession(page);
  const usage: Record<string, number> = await session.send('Runtime.getHeapUsage');
  return { heap: (usage.usedSize ?? 0) / 1e6, arrays: (usage.backingStorageSize ?? 0) / 1e6 };
}

/** A view with every column on show. */
function everyColumn() {
  const columns = Array.from({ length: given.metricKeys }, (_, at) => `metrics.group ${at % 20}/metric ${at}`);
  return { table: { columns: ['attributes.run_name', 'attributes.start_time', ...columns], hideEmpty: false } };
}

/** Loads all runs and moves about in them: the worst way to move counts, and what is held afterwards. */
async function measureOnce(): Promise<{ frames: number; work: number; memory: number }> {
  const { page, browser } = await openRunsPage(process.env.FLOWDECK_ROOT ?? process.cwd(), given, everyColumn());
  page.on('pageerror', (error) => console.error('page error:', error));
  page.on('console', (message) => {
    if (message.type() === 'error') console.error('page:', message.text());
  });
  try {
    await page.locator('.grid-row').first().waitFor();
    const started = performance.now();
    await page.getByRole('button', { name: /^Load all/ }).click();
    await page.getByText('100,000 runs', { exact: true }).waitFor({ timeout: 300_000 });
    console.log(`all loaded after ${((performance.now() - started) / 1000).toFixed(1)} s`);
    await page.waitForTimeout(1_000);
    const ways = [
      await measured(page, browser, 'down', 300, 78, 0),
      await measured(page, browser, 'jumps down', 200, 9_000, 0),
      await measured(page, browser, 'right', 300, 0, 60),
      await measured(page, browser, 'jumps right', 200, 0, 4_000),
      await measured(page, browser, 'both', 200, -900, -500),
    ];
    const nodes = await page.evaluate<number>("document.querySelectorAll('*').length");
    const { heap, arrays } = await memory(page);
    console.log(`${nodes} elements, heap ${heap.toFixed(0)} MB, arrays ${arrays.toFixed(0)} MB`);
    return {
      frames: Math.max(...ways.map(({ between }) => between.p95)),
      work: Math.max(...ways.map(({ cpu }) => cpu.p95)),
      memory: (heap + arrays) * 1e6,
    };
  } finally {
    await browser.close();
  }
}

async function main(): Promise<void> {
  const repetitions = Number(process.env.FLOWDECK_REPETITIONS ?? 1);
  const samples: { frames: number[]; work: number[]; memory: number[] } = { frames: [], work: [], memory: [] };
  for (let times = 0; times < repetitions; times++) {
    const { frames, work, memory: bytes } = await measureOnce();
    samples.frames.push(frames);
    samples.work.push(work);
    samples.memory.push(bytes);
    const { FLOWDECK_RESULT: result } = process.env;
    if (result) writeFileSync(result, JSON.stringify({ grid: { samples, problems: [] } }));
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
