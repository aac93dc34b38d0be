import assert from 'node:assert/strict';
import type { Webview } from './webview';
import type { Theme, Workbench } from './workbench';

const themes: readonly Theme[] = ['Light Modern', 'Dark High Contrast', 'Light High Contrast', 'Dark Modern'];

const pageKind: Readonly<Record<Theme, string>> = {
  'Dark Modern': 'vscode-dark',
  'Light Modern': 'vscode-light',
  'Dark High Contrast': 'vscode-high-contrast',
  'Light High Contrast': 'vscode-high-contrast-light',
};

/** What is no matter of colours is the same in all themes. */
const rulesOfColors = ['color-contrast', 'link-in-text-block'];

/**
 * Keeps a picture in every theme, and lets axe-core find nothing in the page; the theme of the other tests comes last.
 * @param again brings back what choosing a theme has closed
 */
export async function checkThemes(
  workbench: Workbench,
  page: Webview,
  name: string,
  again: () => Promise<unknown> = async () => undefined,
): Promise<void> {
  for (const theme of themes) {
    await workbench.setTheme(theme);
    await page.frame.locator(`body[data-vscode-theme-kind="${pageKind[theme]}"]`).waitFor();
    await again();
    await workbench.screenshot(`${name}-${theme.toLowerCase().replaceAll(' ', '-')}`);
    assert.deepEqual(await page.axe(theme === themes[0] ? undefined : rulesOfColors), [], theme);
  }
}
