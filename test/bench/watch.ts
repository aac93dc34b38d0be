import { flowdeckSelectors, webUiSelectors } from './selectors';

/** What a page has shown and when, in ms since 1970: comparable between pages, frames and processes of one machine. */
export interface Seen {
  /** Text that begins the names of runs → when the first row with such a name could be seen. */
  readonly rows: Readonly<Record<string, number>>;
  /** When each chart that has curves changed last. */
  readonly charts: readonly number[];
}

/**
 * Code for the page that looks every 16 ms and writes down when something was seen first, after the frame that shows it
 * was painted. Looking is cheap: a selector for rows, and one strip of 16 pixels for each canvas.
 */
function watcher(selectors: object, picture: string): string {
  return `(() => {
  const selectors = ${JSON.stringify(selectors)};
  clearInterval(globalThis.benchTimer);
  const seen = (globalThis.benchSeen = { rows: {}, charts: [] });
  const now = () => performance.timeOrigin + performance.now();
  const painted = (then) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => then(now());
    port2.postMessage(0);
  });
  const known = new WeakMap();
  const pending = new Set();
  ${picture}
  const look = () => {
    for (const row of document.querySelectorAll(selectors.row)) {
      const name = /([a-z][\\w-]*)-\\d{5}/.exec(row.textContent)?.[1];
      if (!name || name in seen.rows || pending.has(name) || row.getClientRects().length === 0) continue;
      pending.add(name);
      painted((at) => { seen.rows[name] = at; });
    }
    for (const chart of document.querySelectorAll(selectors.chart)) {
      const picture = pictureOf(chart);
      if (!picture || known.get(chart)?.picture === picture) continue;
      const entry = known.get(chart) ?? { index: seen.charts.push(Infinity) - 1 };
      entry.picture = picture;
      known.set(chart, entry);
      painted((at) => { if (entry.picture === picture) seen.charts[entry.index] = at; });
    }
  };
  globalThis.benchTimer = setInterval(look, 16);
})();`;
}

/**
 * Something that differs when the curves do, 0 while there are none. Curves are coloured; axes, grids and words are grey.
 * A curve crosses the strip wherever on the y axis it is, so that one that comes later is noticed.
 */
const canvasPicture = `
  const probe = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const coloursOf = (canvas) => {
    if (canvas.width < 32 || canvas.height < 32) return 0;
    probe.canvas.width = 16;
    probe.canvas.height = canvas.height;
    probe.drawImage(canvas, -Math.floor(canvas.width / 2), 0);
    const { data } = probe.getImageData(0, 0, 16, canvas.height);
    let sum = 0;
    for (let at = 0; at < data.length; at += 4) {
      const [red, green, blue, alpha] = [data[at], data[at + 1], data[at + 2], data[at + 3]];
      const isColoured = alpha > 128 && Math.max(red, green, blue) - Math.min(red, green, blue) > 40;
      if (isColoured) sum = (sum * 31 + red + green * 3 + blue * 7 + at) % 1000003;
    }
    return sum;
  };
  const pictureOf = (chart) => [...chart.querySelectorAll('canvas')].reduce((sum, canvas) => sum + coloursOf(canvas), 0);`;

/** 1 as soon as all curves are there. */
const plotlyPicture = (traces: number) => `
  const isCurve = (path) => (path.getAttribute('d') ?? '').length > 10;
  const pictureOf = (chart) =>
    Number([...chart.querySelectorAll('.scatterlayer path.js-line')].filter(isCurve).length >= ${traces});`;

/**
 * Code for every page of a context that is to run in the documents of webviews only. VS Code writes them into a frame of
 * this name; code that runs before that goes on afterwards, since the frame's window stays the same.
 */
export const inWebviews = (code: string): string => `if (globalThis.frameElement?.id === 'pending-frame') {${code}}`;

/** For every page of a context: watches each webview from its first moment. */
export const webviewWatcher = inWebviews(watcher(flowdeckSelectors, canvasPicture));

/** For MLflow's page, from now on. A chart is drawn when it has as many curves. */
export const webUiWatcher = (traces: number): string => watcher(webUiSelectors, plotlyPicture(traces));

/** Ends looking, so that it costs nothing while something else is measured. */
export const endWatching = 'clearInterval(globalThis.benchTimer)';

export const readSeen = 'globalThis.benchSeen ?? { rows: {}, charts: [] }';

/** Both are left alone at first: to look at a page takes time from it, and what is waited for carries its own. */
export const undisturbed = () => new Promise((resolve) => setTimeout(resolve, 1000));

/** Asks until it is so. */
export async function until<T>(what: string, ask: () => Promise<T | undefined>, timeout = 120_000): Promise<T> {
  for (const end = performance.now() + timeout; performance.now() < end; ) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`not within ${timeout / 1000} s: ${what}`);
}
