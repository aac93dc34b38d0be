import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { launchBrowser } from '../../../scripts/lib/chromium.mjs';
import {
  addExtension,
  installHost,
  installVsix,
  startServer,
  stateIn,
  type VsCodeServer,
} from '../../../scripts/vscode.mjs';
import { eventually } from '../../support/eventually';
import { again } from './again';
import { ErrorWatch } from './errorWatch';
import { QuickInput } from './quickInput';
import { turnOfStorage } from './storage';
import { TreeView } from './treeView';
import { Webview } from './webview';

const extensionId = 'flowdeck.flowdeck';
/** ms. A machine that does much else needs long; what never comes fails all the same. */
const patience = 60_000;

export type Theme = 'Dark Modern' | 'Light Modern' | 'Dark High Contrast' | 'Light High Contrast';

const themeClass: Readonly<Record<Theme, string>> = {
  'Dark Modern': 'vs-dark',
  'Light Modern': 'vs',
  'Dark High Contrast': 'hc-black',
  'Light High Contrast': 'hc-light',
};

export interface WorkbenchOptions {
  /** The folder or `.code-workspace` file that is opened; none opens an empty window. */
  readonly folder?: string;
  /** User settings, on top of calm defaults. */
  readonly settings?: Record<string, unknown>;
  /** The package under test; default `$FLOWDECK_VSIX`. */
  readonly vsix?: string;
  readonly version?: '1.139.1' | '1.105.1';
  /** Added to the environment of the extension host, terminals and tasks; `undefined` takes a variable away. */
  readonly env?: Record<string, string | undefined>;
  /** VS Code asks whether the folder is trusted, as it does for users; default: everything is trusted. */
  readonly workspaceTrust?: boolean;
  /** Pixels of a picture for each of the page; default 1. */
  readonly scale?: number;
  /** Folders of other extensions that are there too. */
  readonly extensions?: readonly string[];
}

/** A real VS Code with the packaged extension installed, driven as a person would. Start one per test file. */
export class Workbench {
  readonly quickPick: QuickInput;

  private constructor(
    readonly page: Page,
    readonly context: BrowserContext,
    private readonly browser: Browser,
    private readonly server: VsCodeServer,
    private readonly errorWatch: ErrorWatch,
    readonly stateFolder: string,
  ) {
    this.quickPick = new QuickInput(page);
  }

  /** @throws when the host, the browser or the package is missing */
  static async start(options: WorkbenchOptions = {}): Promise<Workbench> {
    const vsix = options.vsix ?? process.env.FLOWDECK_VSIX;
    if (!vsix) throw new Error('which package? Set FLOWDECK_VSIX or pass vsix');
    const stateFolder = mkdtempSync(path.join(os.tmpdir(), 'flowdeck-ui-'));
    const state = stateIn(stateFolder);
    const host = await installHost(options.version ?? '1.139.1');
    const launching = launchBrowser();
    await installVsix({ host, state, vsix });
    const { settings = {}, env = {}, workspaceTrust = false, extensions = [] } = options;
    for (const extension of extensions) addExtension(state, extension);
    const server = await startServer({ host, state, settings, env, workspaceTrust });
    const browser = await launching;
    const context = await browser.newContext({
      permissions: ['clipboard-read', 'clipboard-write'],
      viewport: { width: 1400, height: 900 },
      deviceScaleFactor: options.scale ?? 1,
      // What fades or slides is drawn in between when it is clicked, looked at and measured.
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(patience);
    const errorWatch = new ErrorWatch(extensionId, path.join(state.userDataDir, 'logs'));
    errorWatch.watch(context);
    await serveForwardedPorts(context);
    const page = await context.newPage();
    await page.goto(server.url(options.folder));
    const workbench = new Workbench(page, context, browser, server, errorWatch, stateFolder);
    await workbench.whenReady();
    return workbench;
  }

  private async whenReady(): Promise<void> {
    await this.page.locator('.part.statusbar').waitFor();
    await this.page.locator('.activitybar a.action-label').first().waitFor();
  }

  /** Runs a command by its full title, e.g. `Flowdeck: Open Charts`. */
  async runCommand(title: string): Promise<void> {
    await this.quickPick.runCommand(title);
  }

  /** Opens a file by its name and, where several have it, the folder it is in. */
  async openFile(name: string, folder = ''): Promise<void> {
    await this.runCommand('Go to File...');
    await this.quickPick.type(folder ? `${folder}/${name}` : name);
    await this.quickPick.choose(new RegExp(`^${name.replaceAll('.', '\\.')}\\b.*${folder}`));
    await this.tab(name).waitFor();
  }

  /** Answers an input box. */
  async inputBox(text: string): Promise<void> {
    await this.quickPick.fill(text);
  }

  /** Shows the extension's container in the sidebar. */
  async openSidebar(title = 'Flowdeck'): Promise<void> {
    const tab = this.page.locator('.activitybar li', {
      has: this.page.locator(`a.action-label[aria-label^="${title}"]`),
    });
    const body = this.page.locator('[id="workbench.view.extension.flowdeck"]');
    // A window that is still restoring its sidebar hides it again at a click that came too early.
    await again(3, async () => {
      if (!(await body.isVisible())) await tab.locator('a.action-label').click();
      await body.waitFor({ timeout: 10_000 });
    });
  }

  /** Shows one of the extension's views, expanded. */
  async openView(name: string): Promise<TreeView> {
    await this.openSidebar();
    const header = this.page.locator(`.pane-header[aria-label^="${name}"]`).first();
    const open = header.and(this.page.locator('[aria-expanded="true"]'));
    await header.waitFor();
    await again(3, async () => {
      if (!(await open.isVisible())) await header.click();
      await open.waitFor({ timeout: 5_000 });
    });
    return this.tree(name);
  }

  tree(name: string): TreeView {
    return new TreeView(this.page, name);
  }

  /**
   * A notification that is shown now, with these words; buttons through `getByRole('button', { name })`. While all of
   * them are shown behind the bell, VS Code makes no toasts of those that come.
   */
  notification(text: string | RegExp): Locator {
    return this.page.locator('.notification-list-item:visible', { hasText: text }).first();
  }

  /** A notification whose toast may have gone by itself: VS Code keeps it behind the bell. */
  async keptNotification(text: string | RegExp): Promise<Locator> {
    const item = this.page.locator('.notifications-center .notification-list-item', { hasText: text }).first();
    if (!(await item.isVisible())) await this.runCommand('Notifications: Show Notifications');
    await item.waitFor();
    return item;
  }

  /** The modal dialog; buttons through `getByRole('button', { name })`. */
  dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  /** A status bar item of the extension by the id it was created with. */
  statusBar(id: string): Locator {
    return this.page.locator(`.statusbar-item[id="${extensionId}.${id}"]`);
  }

  /** An editor tab by its name or a part of it. */
  tab(name: string | RegExp): Locator {
    return this.page.getByRole('tab', { name }).first();
  }

  /**
   * Brings a webview's tab to the front and waits until the extension's document is in it. A page bears the name of its
   * tab: the one that was in front before stays in sight for a moment.
   */
  async webview(title: string | RegExp): Promise<Webview> {
    const tab = this.page.locator('.tabs-container').getByRole('tab', { name: title }).first();
    await tab.waitFor();
    if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
    // Until its tab is in front, what is ready and visible is the page of another one.
    await tab.and(this.page.locator('[aria-selected="true"]')).waitFor();
    const selector = 'iframe.webview.ready:visible';
    const webview = new Webview(this.page, selector);
    const isAlone = async () =>
      assert.equal(await this.page.locator(selector).count(), 1, `pages in sight beside ${title}`);
    await eventually(async () => {
      await isAlone();
      const page = await this.page.frameLocator(selector).locator('iframe#active-frame').getAttribute('title');
      assert.equal(page, await tab.locator('.label-name').textContent());
    }, 5_000).catch(async () => {
      // VS Code forgets a title that changes while the page is being loaded. The one before is out of sight by now.
      await eventually(isAlone, patience);
    });
    await webview.frame.locator('body').waitFor();
    return webview;
  }

  /** The text of the terminal in front (rows that are in sight). */
  async terminalText(): Promise<string> {
    const rows = this.page.locator('.terminal-wrapper.active .xterm-rows > div');
    return (await rows.allTextContents()).join('\n').replaceAll('\u00a0', ' ');
  }

  /** The two sides of the diff editor in front, as far as they are in sight. */
  async diff(): Promise<{ original: string; modified: string }> {
    const editor = this.page.locator('.monaco-diff-editor').first();
    const side = async (name: string) => {
      const lines = editor.locator(`.editor.${name} .view-line`);
      await lines.first().waitFor();
      return (await lines.allInnerTexts()).join('\n').replaceAll('\u00a0', ' ');
    };
    return { original: await side('original'), modified: await side('modified') };
  }

  /** Rests the pointer on something until this is said under it; again where it was drawn anew below the pointer. */
  async explains(what: Locator, text: string): Promise<void> {
    const hover = this.page.locator('.monaco-hover', { hasText: text }).first();
    await again(3, async () => {
      await this.page.mouse.move(700, 300);
      await what.hover();
      await hover.waitFor({ timeout: 15_000 });
    });
  }

  async clipboard(): Promise<string> {
    return await this.page.evaluate('navigator.clipboard.readText()');
  }

  /** Does something that opens a web page and returns the page; VS Code's question about strange sites is accepted. */
  async opensPage(action: () => Promise<void>): Promise<Page> {
    let isOver = false;
    const opening = this.context.waitForEvent('page').finally(() => {
      isOver = true;
    });
    opening.catch(() => undefined);
    await action();
    const open = this.dialog().getByRole('button', { name: 'Open', exact: true });
    for (; !isOver; await this.page.waitForTimeout(100))
      if (await open.isVisible()) await open.click({ timeout: 2_000 }).catch(() => undefined);
    return await opening;
  }

  async setTheme(theme: Theme): Promise<void> {
    const root = this.page.locator(`.monaco-workbench.${themeClass[theme]}`);
    await this.runCommand('Preferences: Color Theme');
    await this.quickPick.type(theme);
    await this.quickPick.choose(theme);
    await root.waitFor();
    await this.page.waitForTimeout(300);
  }

  /**
   * Keeps a picture in `$FLOWDECK_OUT/screenshots`, in a theme if one is named.
   * @returns the file
   */
  async screenshot(name: string, theme?: Theme): Promise<string> {
    if (theme) await this.setTheme(theme);
    const folder = path.join(process.env.FLOWDECK_OUT ?? path.join('out', 'results'), 'screenshots');
    mkdirSync(folder, { recursive: true });
    const suffix = theme ? `-${theme.toLowerCase().replaceAll(' ', '-')}` : '';
    const file = path.join(folder, `${name}${suffix}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }

  /** For `afterEach`: keeps a picture of the moment a test failed. */
  async keepFailure(test: Mocha.Test | undefined): Promise<void> {
    if (test?.state !== 'failed') return;
    await this.screenshot(`failed-${test.fullTitle().replaceAll(/[^\w.]+/g, '-')}`);
  }

  /**
   * Reloads the window, as `Developer: Reload Window` does. VS Code writes its storage every five seconds, as soon as it
   * is idle, which nothing in the page tells of, and a browser that reloads leaves it no time: so this waits for one turn
   * of it, where anything is to be kept.
   */
  async reload({ keep = true } = {}): Promise<void> {
    if (keep) await this.page.evaluate(turnOfStorage);
    await this.page.reload();
    await this.whenReady();
  }

  /** Ends everything. @throws when the extension violated its content security policy or left an error uncaught */
  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
    const problems = await this.errorWatch.all();
    rmSync(this.stateFolder, { recursive: true, force: true, maxRetries: 5 });
    if (problems.length > 0) throw new Error(`the extension made errors:\n${problems.join('\n')}`);
  }
}

/** VS Code in the browser names local servers `/proxy/<port>/`; the bare server leaves serving that to whoever hosts it. */
async function serveForwardedPorts(context: BrowserContext): Promise<void> {
  await context.route(/\/proxy\/\d+\//, async (route) => {
    const url = new URL(route.request().url());
    const [, port, rest] = /^\/proxy\/(\d+)(\/.*)$/.exec(url.pathname) ?? [];
    await route.fulfill({ response: await route.fetch({ url: `http://127.0.0.1:${port}${rest}${url.search}` }) });
  });
}
