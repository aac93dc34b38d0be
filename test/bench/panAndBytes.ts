import type { Webview } from '../ui/support/webview';
import type { Flowdeck } from './flowdeck';
import { framesDuring } from './frames';
import { frameWorkDuring } from './frameWork';
import { flowdeckSelectors } from './selectors';
import { endWatching, inWebviews, until } from './watch';

const experiment = 'pan';
const points = 1_000_000;
const wanted = { charts: 1, curves: 100, runs: 100 };

/** One chart of 100 runs × 10,000 points, each point of which has been fetched. */
async function openPan(flowdeck: Flowdeck): Promise<Webview> {
  await flowdeck.open(experiment, wanted);
  const webview = await flowdeck.panel(experiment);
  const all = webview.frame.locator(flowdeckSelectors.allPoints).first();
  const arrived = async () => (await flowdeck.meter.read()).requests.reduce((sum, { points }) => sum + points, 0);
  if ((await arrived()) < points && (await all.count()) > 0) await all.click();
  await flowdeck.meter.quiet(3000);
  if ((await arrived()) < points) throw new Error(`${await arrived()} points arrived, not ${points}`);
  return webview;
}

/**
 * Frames while the picture is moved and scaled, in ms. The picture has to follow both: a chart that stands still is
 * always fluid.
 */
export async function measurePan(flowdeck: Flowdeck): Promise<Partial<Record<string, number>>> {
  await flowdeck.ready(wanted);
  const webview = await openPan(flowdeck);
  await webview.evaluate(endWatching);
  const zooming = await following(webview, 'zoom with Ctrl and the wheel', () => zoom(flowdeck, webview));
  const panning = await following(webview, 'pan with Shift and the pointer', () => pan(flowdeck, webview));
  const worst = zooming.p95 > panning.p95 ? zooming : panning;
  // Traced apart: tracing costs time of its own.
  const works = [
    await frameWorkDuring(flowdeck.workbench.context, webview, () => zoom(flowdeck, webview)),
    await frameWorkDuring(flowdeck.workbench.context, webview, () => pan(flowdeck, webview)),
  ];
  const most = (figure: 'p95' | 'worst' | 'intervalP95') => Math.max(...works.map((work) => work[figure]));
  const sum = (figure: 'frames' | 'missed') => works.reduce((all, work) => all + work[figure], 0);
  return {
    p95: worst.p95,
    worst: Math.max(zooming.worst, panning.worst),
    workP95: most('p95'),
    workWorst: most('worst'),
    tracedP95: most('intervalP95'),
    tracedFrames: sum('frames'),
    missedFrames: sum('missed'),
  };
}

async function following(webview: Webview, what: string, act: () => Promise<void>) {
  const picture = `[...document.querySelector(${JSON.stringify(flowdeckSelectors.chart)}).querySelectorAll('canvas')].map((canvas) => canvas.toDataURL()).join()`;
  const before = await webview.evaluate<string>(picture);
  const frames = await framesDuring(webview, act);
  await until(
    'the picture',
    async () => ((await webview.evaluate<string>(picture)) === before ? undefined : true),
    2000,
  ).catch(() => {
    throw new Error(`the chart did not follow: ${what}`);
  });
  return frames;
}

async function plotBox(webview: Webview) {
  const box = await webview.frame.locator(flowdeckSelectors.plot).first().boundingBox();
  if (!box) throw new Error('there is no plot');
  return box;
}

/** In and half out again, at a hand's pace. */
async function zoom({ workbench: { page } }: Flowdeck, webview: Webview): Promise<void> {
  const { x, y, width, height } = await plotBox(webview);
  await page.mouse.move(x + width * 0.6, y + height / 2);
  await page.keyboard.down('Control');
  for (let step = 0; step < 90; step++) {
    await page.mouse.wheel(0, step < 60 ? -40 : 40);
    await page.waitForTimeout(10);
  }
  await page.keyboard.up('Control');
}

async function pan({ workbench: { page } }: Flowdeck, webview: Webview): Promise<void> {
  const { x, y, width, height } = await plotBox(webview);
  await page.mouse.move(x + width * 0.5, y + height / 2);
  await page.keyboard.down('Shift');
  await page.mouse.down();
  for (let step = 0; step < 120; step++) {
    await page.mouse.move(x + width * (0.5 + 0.3 * Math.sin(step / 15)), y + height / 2);
    await page.waitForTimeout(5);
  }
  await page.mouse.move(x + width * 0.7, y + height / 2);
  await page.mouse.up();
  await page.keyboard.up('Shift');
}

/** What a page receives: bytes in typed arrays, and numbers that came as something else. */
interface Received {
  readonly bytes: number;
  /** Numbers in plain arrays of more than 100 of them. */
  readonly plainNumbers: number;
  /** Characters in texts of more than 10,000. */
  readonly longTexts: number;
}

/** For every page: what messages carry, counted before the page's own listener gets them. */
const counter = inWebviews(`
  const received = (globalThis.benchReceived = { bytes: 0, plainNumbers: 0, longTexts: 0 });
  const visit = (value, seen) => {
    if (typeof value === 'string') received.longTexts += value.length > 10000 ? value.length : 0;
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    if (value instanceof ArrayBuffer) received.bytes += value.byteLength;
    // Views of one buffer are counted by what they show; a buffer that is sent beside its views is counted with them.
    else if (ArrayBuffer.isView(value)) received.bytes += value.byteLength;
    else if (Array.isArray(value)) {
      if (value.length > 100 && value.every((item) => typeof item === 'number')) received.plainNumbers += value.length;
      else for (const item of value) visit(item, seen);
    } else for (const item of Object.values(value)) visit(item, seen);
  };
  const listen = EventTarget.prototype.addEventListener;
  const counting = new WeakSet();
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    // What listens before the document is written is forgotten, so this begins with the page's first own listener.
    if (this === window && type === 'message' && !counting.has(document.documentElement)) {
      counting.add(document.documentElement);
      listen.call(window, 'message', ({ data }) => visit(data, new Set()), true);
    }
    return listen.call(this, type, listener, options);
  };
`);

/** Bytes that a million points cost on their way into the page. @throws when points came as text or plain numbers */
export async function measureBytes(flowdeck: Flowdeck): Promise<Partial<Record<string, number>>> {
  await flowdeck.workbench.context.addInitScript(counter);
  await flowdeck.ready(wanted);
  const webview = await openPan(flowdeck);
  const received = await webview.evaluate<Received>('globalThis.benchReceived');
  const { bytes, plainNumbers, longTexts } = received;
  if (bytes < points * 8) throw new Error(`${bytes} bytes cannot be ${points} points`);
  if (plainNumbers > 0 || longTexts > 0)
    throw new Error(`${plainNumbers} plain numbers and ${longTexts} characters of long texts were sent`);
  return { bytes };
}
