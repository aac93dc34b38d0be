import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { again } from './again';

/** Quick picks, input boxes and the command palette: one widget in VS Code, one class here. */
export class QuickInput {
  readonly widget: Locator;
  readonly input: Locator;
  readonly rows: Locator;

  constructor(private readonly page: Page) {
    this.widget = page.locator('.quick-input-widget');
    this.input = this.widget.locator('input.input');
    this.rows = this.widget.locator('.monaco-list-row');
  }

  /** Runs a command by its full title, `Category: Title`, as a person would. */
  async runCommand(title: string): Promise<void> {
    const row = this.row(title).first();
    // A view that takes the focus as it opens closes the palette, and one that was opened before the extension had
    // started does not learn of its commands: a person opens it anew.
    await again(12, async () => {
      await this.openPalette();
      await this.input.fill(`>${title}`, { timeout: 3_000 });
      await row.click({ timeout: 5_000 }).catch(async (error) => {
        await this.cancel();
        throw error;
      });
    });
    // The palette fades out: what the command asks next is not to be mistaken for it.
    await row.waitFor({ state: 'hidden' });
  }

  /** Chooses the row whose label (and, if given after `, `, description) this is; waits for what comes of it. */
  async choose(label: string | RegExp): Promise<void> {
    const before = await this.question();
    await this.click(label);
    const isThere = () => this.row(label).first().isVisible();
    await this.untilAnswered(async () => !(await isThere()) || (await this.question()) !== before);
  }

  /** Ticks rows of a quick pick that takes many, then accepts. */
  async chooseMany(...labels: string[]): Promise<void> {
    for (const label of labels) await this.click(label);
    await this.accept();
  }

  private async click(label: string | RegExp): Promise<void> {
    await this.row(label).first().click();
  }

  /** Types an answer into the input box and accepts it. */
  async fill(text: string): Promise<void> {
    await this.type(text);
    await this.accept();
  }

  /**
   * Answers the dialog for a file or folder. Until it has read its first folder it forgets what is typed, and an OK that
   * comes while it reads the folder of what was typed only changes to that folder: a person types, or says OK, again.
   */
  async nameFile(file: string): Promise<void> {
    const isRead = async () => (await this.rows.first().isVisible()) && (await this.input.inputValue()).includes('/');
    for (let end = Date.now() + 30_000; !(await isRead()); await this.page.waitForTimeout(30))
      if (Date.now() > end) throw new Error('no dialog for files');
    const before = await this.question();
    for (let end = Date.now() + 30_000; Date.now() < end; ) {
      await this.input.fill(file, { timeout: 2_000 }).catch(() => undefined);
      // The name it proposed is never what is meant.
      if ((await this.input.isVisible()) && (await this.input.inputValue()) !== file) continue;
      await this.input.press('Enter', { timeout: 2_000 }).catch(() => undefined);
      for (const wait = Date.now() + 1_500; Date.now() < wait; await this.page.waitForTimeout(30))
        if ((await this.question()) !== before) return;
    }
    throw new Error(`the dialog did not take ${file}: ${await this.message().textContent()}`);
  }

  /**
   * Types without accepting, to filter a list or to see a validation message; again where the question came that moment
   * and the box was that of the one before.
   */
  async type(text: string): Promise<void> {
    await again(5, async () => {
      await this.input.fill(text);
      await this.page.waitForTimeout(150);
      assert.equal(await this.input.inputValue(), text);
    });
  }

  /** Accepts, and waits for what comes of it: another question, none, or a complaint. */
  async accept(): Promise<void> {
    const before = await this.question();
    await this.input.press('Enter');
    await this.untilAnswered(async () => (await this.question()) !== before);
  }

  /** An extension host that is busy takes its time. What was refused before it was accepted stays as it is. */
  private async untilAnswered(isAnswered: () => Promise<boolean>): Promise<void> {
    const begun = Date.now();
    for (; Date.now() < begun + 15_000; await this.page.waitForTimeout(30)) {
      if (await isAnswered()) return;
      if (Date.now() > begun + 1_000 && (await this.widget.locator('.monaco-inputbox.error').isVisible())) return;
    }
    throw new Error(`nothing came of the answer: ${await this.question()}`);
  }

  /** What is asked now, as far as it tells one question from the next. */
  private async question(): Promise<string> {
    if (!(await this.input.isVisible())) return '';
    const parts = [this.widget.locator('.quick-input-title'), this.message()];
    const texts = await Promise.all(parts.map((part) => part.textContent().catch(() => '')));
    return [...texts, await this.input.getAttribute('placeholder')].join(' | ');
  }

  async cancel(): Promise<void> {
    // In the box itself, for another part may have the focus; again where one Escape closed a part of it alone.
    await again(3, async () => {
      if (await this.widget.isVisible()) await this.input.press('Escape', { timeout: 2_000 }).catch(() => undefined);
      await this.widget.waitFor({ state: 'hidden', timeout: 5_000 });
    });
  }

  /** `label, description, detail` of every row that is drawn. */
  async labels(): Promise<string[]> {
    await this.rows.first().waitFor();
    return await this.rows.evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label') ?? ''));
  }

  /** Title of the quick pick or input box, step included. */
  async title(): Promise<string> {
    return (await this.widget.locator('.quick-input-title').textContent()) ?? '';
  }

  /** What is said under the input box: the prompt or why the value is refused. */
  message(): Locator {
    return this.widget.locator('.quick-input-message');
  }

  button(name: string | RegExp): Locator {
    return this.widget.getByRole('button', { name });
  }

  private row(label: string | RegExp): Locator {
    if (label instanceof RegExp) return this.rows.and(this.page.getByLabel(label));
    const name = JSON.stringify(label);
    const start = JSON.stringify(`${label}, `);
    return this.widget.locator(`.monaco-list-row[aria-label=${name}], .monaco-list-row[aria-label^=${start}]`);
  }

  /** F1 is lost while the workbench is still restoring, so it is tried again. */
  private async openPalette(): Promise<void> {
    for (let attempt = 0; attempt < 10; attempt++) {
      await this.page.keyboard.press('F1');
      for (const deadline = Date.now() + 1500; Date.now() < deadline; await this.page.waitForTimeout(30))
        if (await this.isPaletteOpen()) return;
    }
    throw new Error('the command palette did not open');
  }

  /** A widget that is fading out is still visible, but inert. */
  private async isPaletteOpen(): Promise<boolean> {
    if (!(await this.input.isVisible()) || (await this.page.locator('[inert] input.input').count()) > 0) return false;
    return (await this.input.inputValue()).startsWith('>');
  }
}
