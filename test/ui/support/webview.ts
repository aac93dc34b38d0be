import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { ElementHandle, Frame, FrameLocator, Page } from 'playwright-core';

/** One violation that axe-core found. */
export interface AxeViolation {
  readonly id: string;
  readonly impact: string | null | undefined;
  readonly nodes: string[];
}

/** The webview of one editor tab: locators through `frame`, code through `evaluate`. */
export class Webview {
  readonly frame: FrameLocator;

  constructor(
    private readonly page: Page,
    private readonly selector: string,
  ) {
    this.frame = page.frameLocator(selector).frameLocator('iframe#active-frame');
  }

  /** The document that the extension wrote, for code that runs inside it. */
  async document(): Promise<Frame> {
    const outer = await this.page.locator(this.selector).elementHandle();
    const outerFrame = await frameOf(outer);
    const inner = await outerFrame.waitForSelector('iframe#active-frame');
    return await frameOf(inner);
  }

  async evaluate<R>(code: (() => R | Promise<R>) | string): Promise<R> {
    return await (await this.document()).evaluate(code);
  }

  /**
   * Accessibility of the whole document by axe-core; works under a strict content security policy.
   * @param rules none but these
   */
  async axe(rules?: readonly string[]): Promise<AxeViolation[]> {
    const document = await this.document();
    if (!(await document.evaluate<boolean>("'axe' in window"))) {
      const require = createRequire(path.join(process.cwd(), 'package.json'));
      await document.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
    }
    const options = { resultTypes: ['violations'], ...(rules ? { runOnly: { type: 'rule', values: rules } } : {}) };
    return await document.evaluate<AxeViolation[]>(
      `axe.run(document, ${JSON.stringify(options)}).then(({ violations }) => violations.map(({ id, impact, nodes }) => (
        { id, impact, nodes: nodes.map((node) => node.html + ' · ' + (node.failureSummary ?? '')) })))`,
    );
  }

  /** How many pixels of a canvas are painted: a chart that drew nothing has none. */
  async paintedPixels(canvas = 'canvas'): Promise<number> {
    return await this.evaluate<number>(`(() => {
      const element = document.querySelector(${JSON.stringify(canvas)});
      const data = element?.getContext('2d')?.getImageData(0, 0, element.width, element.height).data ?? [];
      return data.filter((value, index) => index % 4 === 3 && value > 0).length;
    })()`);
  }
}

async function frameOf(handle: ElementHandle | null): Promise<Frame> {
  const frame = await handle?.contentFrame();
  if (!frame) throw new Error('the webview has no frame');
  return frame;
}
