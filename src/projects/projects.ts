import * as vscode from 'vscode';
import type { Connections } from '../connections/connection';
import type { RunsService } from '../experiments/runsService';
import { Command, PanelType, ViewId } from '../platform/ids';
import type { Platform } from '../platform/services';
import { registerLanguage, registerOtherFiles } from './language/language';
import { ProjectsStore } from './projectsStore';
import { ProjectsTree } from './projectsTree';
import { ProjectTasks } from './projectTasks';

/** Fills a panel that the window kept. */
export type RestoreForm = (panel: vscode.WebviewPanel, state: unknown) => Promise<void>;

/** The Projects view, and launching. Looks for no file until the view is seen or somebody asks for tasks. */
export function registerProjects(platform: Platform, connections: Connections, runs: RunsService): RestoreForm {
  registerLanguage(platform);
  const store = new ProjectsStore();
  registerOtherFiles(platform, store, connections);
  const tree = new ProjectsTree(store);
  const view = vscode.window.createTreeView(ViewId.projects, { treeDataProvider: tree, showCollapseAll: true });
  const tasks = new ProjectTasks({ platform, connections, runs }, store);
  const own = [...Object.values(Command.projects), Command.runs.reproduce, Command.source.bisectMetric];
  platform.commands.registerLater(own, async (commands) => {
    const [{ ProjectCommands }, { LaunchMemory }, { QuickLaunch }] = await Promise.all([
      import('./projectCommands'),
      import('./launchMemory'),
      import('./quickLaunch'),
    ]);
    const memory = new LaunchMemory(platform.context.workspaceState);
    new ProjectCommands(store, tasks, connections, memory, runs).register({ ...platform, commands });
    new QuickLaunch(tasks, connections, memory).register(commands);
  });
  const shown = view.onDidChangeVisibility(({ visible }) => {
    if (visible) store.lookAgain();
  });
  platform.context.subscriptions.push(shown, view, tree, tasks, store);
  return async (panel, state) => {
    const [{ restorePanel }, { LaunchMemory }] = await Promise.all([
      import('./form/launchPanel'),
      import('./launchMemory'),
    ]);
    const memory = new LaunchMemory(platform.context.workspaceState);
    await restorePanel({ platform, connections, runs, tasks, memory, store }, panel, state);
  };
}

/** Launch forms come back with the window. VS Code takes one such registration for a type of panel. */
export function keepLaunchForms({ context }: Platform, restore: RestoreForm): void {
  const deserializeWebviewPanel = restore;
  context.subscriptions.push(
    vscode.window.registerWebviewPanelSerializer(PanelType.launch, { deserializeWebviewPanel }),
  );
}
