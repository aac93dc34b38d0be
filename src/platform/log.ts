import * as vscode from 'vscode';

/** The one output channel of the extension. Never give it a credential, a header or a body. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
  debug(message: string): void;
  /** One line for every write to a server: who asked, what, where. */
  audit(action: string, server: string, details: Readonly<Record<string, string | number | boolean>>): void;
  show(): void;
}

export function createLog(subscriptions: vscode.Disposable[]): Log {
  const channel = vscode.window.createOutputChannel('Flowdeck', { log: true });
  subscriptions.push(channel);
  return {
    info: (message) => channel.info(message),
    warn: (message) => channel.warn(message),
    error: (message) => channel.error(message),
    debug: (message) => channel.debug(message),
    audit: (action, server, details) => channel.info(`write ${action} on ${server} ${JSON.stringify(details)}`),
    show: () => channel.show(),
  };
}
