import type { Locator, Page } from 'playwright-core';
import { again } from './again';

/** What one row of a tree shows. */
export interface RowFacts {
  /** The accessible name: label and description. */
  readonly name: string;
  readonly label: string;
  readonly description: string;
  /** 1 for the top level. */
  readonly level: number;
  readonly expanded: boolean | undefined;
  readonly checked: boolean | undefined;
}

/** As much of the browser's Element as is used in the page: these tests are compiled without the browser's types. */
interface RowElement {
  readonly textContent: string | null;
  getAttribute(name: string): string | null;
  querySelector(selector: string): RowElement | null;
  getBoundingClientRect(): { readonly top: number };
}

/** A tree view of the sidebar. Only rows that are in sight exist: `find` scrolls to the others. */
export class TreeView {
  readonly root: Locator;

  constructor(
    private readonly page: Page,
    readonly name: string,
  ) {
    this.root = page.getByRole('tree', { name, exact: true });
  }

  /** A row by its accessible name, or a part of it. */
  row(name: string | RegExp): TreeRow {
    return new TreeRow(this.page, this.root.getByRole('treeitem', { name }).first());
  }

  /** Every row that is drawn, from top to bottom. */
  async rows(): Promise<RowFacts[]> {
    await this.root.getByRole('treeitem').first().waitFor();
    return await this.root.getByRole('treeitem').evaluateAll((rows: RowElement[]) => {
      const text = (row: RowElement, part: string) => row.querySelector(part)?.textContent ?? '';
      const flag = (value: string | null | undefined) => (value == null ? undefined : value === 'true');
      const top = (row: RowElement) => row.getBoundingClientRect().top;
      return [...rows]
        .sort((a, b) => top(a) - top(b))
        .map((row) => ({
          name: row.getAttribute('aria-label') ?? '',
          label: text(row, '.label-name'),
          description: text(row, '.label-description'),
          level: Number(row.getAttribute('aria-level')),
          expanded: flag(row.getAttribute('aria-expanded')),
          checked: flag(row.querySelector('.custom-view-tree-node-item-checkbox')?.getAttribute('aria-checked')),
        }));
    });
  }

  /** Scrolls from the top until the row is in sight; from the top again, since a row may come late. */
  async find(name: string | RegExp): Promise<TreeRow> {
    const row = this.row(name);
    let isFirst = true;
    for (const end = Date.now() + 60_000; Date.now() < end; isFirst = false) {
      await this.root.focus();
      await this.page.keyboard.press('Home');
      await this.root.hover();
      await this.page.waitForTimeout(100);
      for (let step = 0; step < 100; step++) {
        // A row that is drawn below the edge moves when it is clicked, and another one is hit.
        if ((await row.locator.isVisible()) && (!isFirst || (await this.isInSight(row)))) return row;
        await this.page.mouse.wheel(0, 120);
        await this.page.waitForTimeout(40);
      }
    }
    throw new Error(`${this.name} has no row ${name}`);
  }

  private async isInSight({ locator }: TreeRow): Promise<boolean> {
    const [tree, row] = [await this.root.boundingBox(), await locator.boundingBox()];
    return tree !== null && row !== null && row.y >= tree.y && row.y + row.height <= tree.y + tree.height + 1;
  }

  /** Expands a path of rows, one under the other, and returns the last. */
  async expand(...names: (string | RegExp)[]): Promise<void> {
    for (const name of names) await this.row(name).expand();
  }

  /** A button of the view's title bar. */
  async titleAction(title: string): Promise<void> {
    await again(3, async () => {
      await this.pane().hover();
      await this.pane().locator('.pane-header').getByRole('button', { name: title }).click({ timeout: 8_000 });
    });
  }

  /** What stands beside the view's name, e.g. the filter. */
  async description(): Promise<string> {
    return (await this.pane().locator('.pane-header .description').textContent()) ?? '';
  }

  /** The words of an empty view. */
  welcome(): Locator {
    return this.pane().locator('.welcome-view-content');
  }

  /** The view with its title bar, whether it is empty or not. */
  pane(): Locator {
    return this.page.locator('.pane', { has: this.page.locator(`.pane-header[aria-label^="${this.name}"]`) }).first();
  }
}

/** One row; every action waits for the row to be there. */
export class TreeRow {
  constructor(
    private readonly page: Page,
    readonly locator: Locator,
  ) {}

  async waitFor(): Promise<this> {
    await this.locator.waitFor();
    return this;
  }

  async click(): Promise<void> {
    await this.locator.click();
  }

  /** Expands the row and waits for what is under it (3 s at most: there may be nothing). */
  async expand(): Promise<void> {
    await this.setExpanded(true);
    const level = Number(await this.locator.getAttribute('aria-level')) + 1;
    const child = this.page.locator(`.pane .monaco-list-row[aria-level="${level}"]`);
    await child
      .first()
      .waitFor({ timeout: 3000 })
      .catch(() => undefined);
  }

  async collapse(): Promise<void> {
    await this.setExpanded(false);
  }

  /** Ticks or unticks the row's check box. */
  async toggle(): Promise<void> {
    await this.locator.locator('.custom-view-tree-node-item-checkbox').click();
  }

  /** Presses an inline button, by its command's title without the category; it is there while the pointer is on the row. */
  async inlineAction(title: string): Promise<void> {
    await again(3, async () => {
      await this.locator.hover();
      await this.locator.getByRole('button', { name: title }).click({ timeout: 8_000 });
    });
  }

  /** Chooses from the row's context menu. */
  async contextMenu(title: string): Promise<void> {
    await this.locator.click({ button: 'right' });
    const item = this.page.getByRole('menuitem', { name: title }).first();
    await item.waitFor();
    // VS Code's menu takes no click in its first moments, lest the one that opened it chooses.
    await again(5, async () => {
      await item.click({ timeout: 2_000 }).catch(() => undefined);
      await item.waitFor({ state: 'hidden', timeout: 2_000 });
    });
  }

  private async setExpanded(wanted: boolean): Promise<void> {
    const done = this.locator.and(this.page.locator(`[aria-expanded="${wanted}"]`));
    await this.waitFor();
    // A click that came while the tree was drawn anew is lost; one more too early would take it back.
    await again(3, async () => {
      if (await done.isVisible()) return;
      await this.locator.locator('.monaco-tl-twistie').click({ timeout: 10_000 });
      await done.waitFor({ timeout: 5_000 });
    });
  }
}
