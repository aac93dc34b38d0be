import type { Locator } from 'playwright-core';
import type { Webview } from './webview';

/** The card of a metric or an expression on a Charts tab. */
export const cardOf = ({ frame }: Webview, key: string): Locator =>
  frame.locator('flowdeck-chart-card', { has: frame.getByRole('heading', { name: key, exact: true }) });

/** A chart is drawn while it is on screen. */
export async function lookAt(page: Webview, key: string): Promise<void> {
  await cardOf(page, key).scrollIntoViewIfNeeded();
  await cardOf(page, key).locator('canvas').waitFor();
}

/** What is read out at an x that a key goes to: value and average, where there is smoothing. */
export async function readingsOf(page: Webview, key: string, press: string): Promise<string[]> {
  await lookAt(page, key);
  const plot = cardOf(page, key).locator('.plot');
  await plot.focus();
  await plot.press(press);
  const rows = page.frame.locator('.readout tr');
  await rows.first().waitFor();
  const texts = await rows.allInnerTexts();
  await plot.press('Escape');
  await page.frame.locator('.readout').waitFor({ state: 'detached' });
  return texts.map((text) => text.replaceAll(/\s+/g, ' ').trim());
}

/** CSS pixels from the top of a card's canvas to the first line that has many pixels of a curve's colour. */
export async function paintedTop(page: Webview, key: string): Promise<number> {
  return await page.evaluate<number>(`(() => {
    const card = [...document.querySelectorAll('flowdeck-chart-card')].find(({ metric }) => metric === ${JSON.stringify(key)});
    const canvas = card?.querySelector('canvas');
    if (!canvas) return Number.MAX_SAFE_INTEGER;
    const { width, height } = canvas;
    const data = canvas.getContext('2d').getImageData(0, 0, width, height).data;
    for (let row = 0; row < height; row++)
      for (let at = row * width; at < (row + 1) * width; at++) {
        const [red, green, blue, alpha] = data.slice(4 * at, 4 * at + 4);
        if (alpha > 20 && Math.max(red, green, blue) - Math.min(red, green, blue) > 60) return row;
      }
    return height;
  })()`);
}
