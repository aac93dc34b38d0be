import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';

/** Collects what must never happen: violations of a content security policy and uncaught errors of the extension. */
export class ErrorWatch {
  readonly violations: string[] = [];
  readonly errors: string[] = [];

  constructor(
    private readonly extensionId: string,
    private readonly logFolder: string,
  ) {}

  watch(context: BrowserContext): void {
    context.on('page', (page) => this.watchPage(page));
  }

  /** Everything that was seen, the extension host's log included. */
  async all(): Promise<string[]> {
    return [...this.violations, ...this.errors, ...this.hostErrors()];
  }

  private watchPage(page: Page): void {
    page.on('console', (message) => {
      const text = message.text();
      if (/Content Security Policy|Refused to (?:load|apply|execute|connect|frame)/i.test(text))
        this.violations.push(text);
      else if (message.type() === 'error' && message.location().url.includes(this.extensionId))
        this.errors.push(`webview console: ${text}`);
    });
    // What does not come from the workbench's own scripts comes from a webview.
    page.on('pageerror', (error) => {
      if (!error.stack?.includes('/static/out/')) this.errors.push(`webview: ${error.stack}`);
    });
    page.on('crash', () => this.errors.push('the page crashed'));
  }

  /** Errors of the extension host that name the extension; each with the stack lines below it. */
  private hostErrors(): string[] {
    if (!existsSync(this.logFolder)) return [];
    return readdirSync(this.logFolder, { recursive: true, encoding: 'utf8' })
      .filter((file) => path.basename(file) === 'remoteexthost.log')
      .flatMap((file) => readFileSync(path.join(this.logFolder, file), 'utf8').split(/\n(?=\d{4}-\d\d-\d\d )/))
      .filter((entry) => /\[error\]/.test(entry) && entry.includes(this.extensionId))
      .map((entry) => `extension host: ${entry}`);
  }
}
