import * as vscode from 'vscode';
import type { Connections } from '../connections/connection';
import type { RunsService } from '../experiments/runsService';
import { Command, ViewId } from '../platform/ids';
import type { Platform } from '../platform/services';
import type { ModelRef } from './modelCommands';
import { ModelsTree } from './modelsTree';
import { RegistryStore } from './registryStore';

/** The Models view. Asks nothing until the view is seen. */
export function registerRegistry(platform: Platform, connections: Connections, runs: RunsService): void {
  const store = new RegistryStore(connections);
  const tree = new ModelsTree(store);
  const view = vscode.window.createTreeView(ViewId.models, { treeDataProvider: tree, showCollapseAll: true });
  platform.commands.registerLater(Object.values(Command.models), async (commands) => {
    const { ModelCommands } = await import('./modelCommands');
    const reveal = async (ref: ModelRef) =>
      view.reveal(await tree.row(ref), { select: true, focus: true, expand: true });
    const selected = () => view.selection[0];
    new ModelCommands(connections, store, runs, selected, reveal).register({ ...platform, commands });
  });
  platform.context.subscriptions.push(view, tree, store);
}
