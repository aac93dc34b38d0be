import type * as vscode from 'vscode';
import { registerConnections } from './connections/connections';
import { CommandRegistry } from './platform/commands';
import { Command } from './platform/ids';
import { createLog } from './platform/log';
import type { Platform } from './platform/services';

/** Composition root: builds the features and wires them. Nothing here talks to a server. */
export function activate(context: vscode.ExtensionContext): void {
  const log = createLog(context.subscriptions);
  const commands = new CommandRegistry(log, context.subscriptions);
  const platform: Platform = { context, log, commands };
  platform.commands.register(Command.server.showLog, 'show the log', () => log.show());
  registerConnections(platform);
}
