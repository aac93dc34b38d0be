import type { BrowserContext, Page } from 'playwright-core';
import { webUiSelectors } from './selectors';
import { readSeen, type Seen, undisturbed, until, webUiWatcher } from './watch';

/** What is waited for: the first rows of an experiment, or a number of charts with so many curves each. */
/** `runs`: how many are to be charted, where that is not what is charted unasked. */
export type Wanted =
  | { readonly rows: string }
  | { readonly charts: number; readonly curves: number; readonly runs?: number };

/** ms from the click (or, cold, from the address) to the first and the last of what was wanted. */
export interface Shown {
  /** The click, in ms since 1970. */
  readonly clicked: number;
  readonly first: number;
  readonly all: number;
}

/** The experiment whose page is opened before the clock starts, so that all code of the page is there. */
const warmUp = 'nested';

/** MLflow's own web user interface. Every measurement has a page of its own. */
export class WebUi {
  constructor(
    private readonly context: BrowserContext,
    private readonly uri: string,
    /** Name of an experiment → its id. */
    private readonly ids: Readonly<Record<string, string>>,
  ) {}

  /** From a click on a link in the loaded app, which has shown such a page before. */
  async warm(experiment: string, wanted: Wanted): Promise<Shown> {
    return await this.onPage(async (page) => {
      await page.goto(`${this.uri}/#/experiments`);
      await this.listed(page);
      await this.navigate(page, warmUp, 'charts' in wanted ? { charts: 3, curves: 10 } : { rows: warmUp });
      await page.evaluate(`location.hash = '#/experiments'`);
      await this.listed(page);
      return await this.navigate(page, experiment, wanted);
    });
  }

  /** From typing the address; the browser has the files in its cache. */
  async cold(experiment: string, wanted: Wanted): Promise<Shown> {
    return await this.onPage(async (page) => {
      await page.addInitScript(webUiWatcher('curves' in wanted ? wanted.curves : 1));
      const started = performance.timeOrigin + performance.now();
      await page.goto(`${this.uri}/${this.route(experiment, wanted)}`, { waitUntil: 'commit' });
      return await this.shown(page, started, wanted);
    });
  }

  private async onPage<T>(work: (page: Page) => Promise<T>): Promise<T> {
    const page = await this.context.newPage();
    try {
      await page.setViewportSize(viewport);
      return await work(page);
    } finally {
      await page.close();
    }
  }

  /** Waits for the list, and for what comes in behind it. */
  private async listed(page: Page): Promise<void> {
    await page.locator(webUiSelectors.list).first().waitFor();
    const close = page.locator(webUiSelectors.closeAssistant).first();
    if (await close.isVisible()) await close.click();
    await page.waitForTimeout(1500);
  }

  private async navigate(page: Page, experiment: string, wanted: Wanted): Promise<Shown> {
    await page.evaluate(webUiWatcher('curves' in wanted ? wanted.curves : 1));
    // What a click on a link does in this app: its router listens to the part of the address behind #.
    const hash = JSON.stringify(this.route(experiment, wanted));
    const started = await page.evaluate<number>(
      `(() => { const at = performance.timeOrigin + performance.now(); location.hash = ${hash}; return at; })()`,
    );
    return await this.shown(page, started, wanted);
  }

  private route(experiment: string, wanted: Wanted): string {
    return `#/experiments/${this.ids[experiment]}/runs${'charts' in wanted ? '?compareRunsMode=CHART' : ''}`;
  }

  private async shown(page: Page, started: number, wanted: Wanted): Promise<Shown> {
    await undisturbed();
    return await until("MLflow's web UI shows it", async () =>
      shownSince(started, await page.evaluate(readSeen), wanted),
    );
  }
}

/** The same for both: tall enough that all charts of a measurement are in sight at once. */
export const viewport = { width: 1600, height: 1400 };

/** Undefined while something is missing. */
export function shownSince(started: number, seen: Seen, wanted: Wanted): Shown | undefined {
  const drawn = seen.charts.filter(Number.isFinite).sort((a, b) => a - b);
  const times = 'rows' in wanted ? [seen.rows[wanted.rows]] : drawn.slice(0, wanted.charts);
  const [first, last] = [times[0], times.at(-1)];
  const isComplete = 'rows' in wanted || times.length === wanted.charts;
  if (!isComplete || first === undefined || last === undefined) return undefined;
  return { clicked: started, first: first - started, all: last - started };
}
