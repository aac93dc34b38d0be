import type * as vscode from 'vscode';
import { registerArtifacts } from './artifacts/artifacts';
import { registerConnections } from './connections/connections';
import { registerExperiments } from './experiments/experiments';
import { registerRunView } from './experiments/run/runView';
import { registerPanels } from './panels/panels';
import { CommandRegistry } from './platform/commands';
import { Command } from './platform/ids';
import { createLog } from './platform/log';
import { watchRefreshInterval } from './platform/refreshWarning';
import type { Platform } from './platform/services';
import { keepLaunchForms, registerProjects } from './projects/projects';
import { registerRegistry } from './registry/registry';
import { registerSource } from './source/source';

/** Nothing here talks to a server. */
export function activate(context: vscode.ExtensionContext): void {
  const log = createLog(context.subscriptions);
  const commands = new CommandRegistry(log, context.subscriptions);
  const platform: Platform = { context, log, commands };
  platform.commands.register(Command.server.showLog, 'show the log', () => log.show());
  watchRefreshInterval(context.subscriptions);
  registerFeatures(platform);
}

/** Composition root: builds the features and wires them. */
export function registerFeatures(platform: Platform): void {
  const connections = registerConnections(platform);
  const runs = registerExperiments(platform, connections);
  registerRunView(platform, connections, runs);
  registerRegistry(platform, connections, runs);
  registerArtifacts(platform, connections, runs);
  registerPanels(platform, connections, runs);
  keepLaunchForms(platform, registerProjects(platform, connections, runs));
  registerSource(platform, connections, runs);
}
