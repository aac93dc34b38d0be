import tls from 'node:tls';
import * as vscode from 'vscode';
import type { HttpOptions } from '../mlflow/http/httpOptions';
import type { Log } from './log';
import { chooseProxy } from './proxy';
import { settings } from './settings';

/**
 * How requests to one server leave the machine: Flowdeck's own limits, VS Code's proxy settings and the system's
 * certificates. Reading it asks nothing of the network.
 */
export function httpOptionsFor(
  uri: string,
  extensionVersion: string,
  log: Log,
): Omit<HttpOptions, 'baseUrl' | 'credentials'> {
  const http = vscode.workspace.getConfiguration('http');
  const noProxy = http.get<unknown>('noProxy');
  const proxy = chooseProxy(
    {
      proxy: textOf(http.get<unknown>('proxy')),
      noProxy: Array.isArray(noProxy) ? noProxy.filter((item) => typeof item === 'string') : [],
      support: textOf(http.get<unknown>('proxySupport')),
    },
    process.env,
  );
  const ca =
    uri.startsWith('https:') && http.get<unknown>('systemCertificates') !== false ? certificates(log) : undefined;
  return {
    headersTimeoutMs: settings.httpTimeoutSeconds.get() * 1000,
    retries: settings.httpRetries.get(),
    maxResponseBytes: settings.httpMaxResponseMegabytes.get() * 1_000_000,
    strictSsl: http.get<unknown>('proxyStrictSSL') !== false,
    userAgent: `flowdeck/${extensionVersion} vscode/${vscode.version}`,
    log: (line) => log.debug(line),
    ...(proxy ? { proxy } : {}),
    ...(ca ? { ca } : {}),
  };
}

/** Something that `httpOptionsFor` reads was changed. */
export function onDidHttpSettingsChange(listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('http') || event.affectsConfiguration('flowdeck.http')) listener();
  });
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');

let known: readonly string[] | undefined;

/** Node's list, the system's and NODE_EXTRA_CA_CERTS; read once, since it takes tens of milliseconds. */
function certificates(log: Log): readonly string[] | undefined {
  if (known) return known;
  try {
    const stores = ['bundled', 'system', 'extra'] as const;
    known = [...new Set(stores.flatMap((store) => tls.getCACertificates(store)))];
  } catch (error) {
    log.warn(`The system's certificates cannot be read: ${String(error)}`);
    known = [];
  }
  return known.length > 0 ? known : undefined;
}
