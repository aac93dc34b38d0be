import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import * as vscode from 'vscode';
import { MlflowError } from '../mlflow/mlflowError';
import type { Port, WireError } from '../shared/rpc';

/** Where the built pages are: the only folder a page may read. */
const pagesFolder = (extensionUri: vscode.Uri) => vscode.Uri.joinPath(extensionUri, 'dist', 'webview');

export function pageOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [pagesFolder(extensionUri)] };
}

export interface PageContent {
  /** The entry of dist/webview. */
  readonly page: 'runs' | 'launch';
  readonly title: string;
  /** Its part that is shown first; its code is asked for together with the page's. */
  readonly tab: string;
  /** What the page is about, for `document.body.dataset.flowdeck`; known even when no server answers. */
  readonly data: unknown;
}

/**
 * The document of a page: its first script inside, the rest from the extension's folder, nothing from the net. The base
 * is for what that script imports later. `csp-nonce` lets the toolkit probe the browser with an empty style element.
 */
export function pageHtml(webview: vscode.Webview, extensionUri: vscode.Uri, content: PageContent): string {
  const { page, title, tab, data } = content;
  const nonce = randomBytes(18).toString('base64url');
  const address = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(pagesFolder(extensionUri), file));
  const script = fs.readFileSync(vscode.Uri.joinPath(pagesFolder(extensionUri), `${page}.js`).fsPath, 'utf8');
  const preloads = preloadsOf(extensionUri, tab)
    .map((file) => `<link rel="modulepreload" nonce="${nonce}" href="${address(file)}">`)
    .join('\n  ');
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' ${webview.cspSource}`,
    `style-src 'nonce-${nonce}'`,
    // Logged images, which the page makes of bytes; nothing is loaded from anywhere.
    'img-src blob:',
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${policy}">
  <meta property="csp-nonce" content="${nonce}">
  <title>${escapeHtml(title)}</title>
  <base href="${address('')}/">
  ${preloads}
</head>
<body data-flowdeck="${escapeHtml(JSON.stringify(data))}">
<script type="module" nonce="${nonce}">${script}</script>
</body>
</html>`;
}

/** Files that the build says a tab needs besides. */
function preloadsOf(extensionUri: vscode.Uri, tab: string): readonly string[] {
  const file = vscode.Uri.joinPath(pagesFolder(extensionUri), 'preloads.json').fsPath;
  const tabs: Record<string, readonly string[]> = JSON.parse(fs.readFileSync(file, 'utf8'));
  return tabs[tab] ?? [];
}

/** The channel to a page. Messages to a page that is not there are dropped by VS Code. */
export function webviewPort(webview: vscode.Webview): Port {
  return {
    post: (message) => void webview.postMessage(message),
    onMessage: (listener) => webview.onDidReceiveMessage(listener),
  };
}

/** What a page is told of a failure: plain words, never a stack. */
export function wireError(error: unknown): WireError {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof MlflowError)) return { message };
  const { advice } = error.details;
  return { message, kind: error.kind, ...(advice === undefined ? {} : { advice }) };
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
