import * as vscode from 'vscode';
import type { Connections } from '../connections/connection';
import type { RunsService } from '../experiments/runsService';
import { Command, ViewId } from '../platform/ids';
import type { Platform } from '../platform/services';
import { registerLanguage } from './language/language';
import { ProjectsStore } from './projectsStore';
import { ProjectsTree } from './projectsTree';
import { ProjectTasks } from './projectTasks';

/** The Projects view, and launching. Looks for no file until the view is seen or somebody asks for tasks. */
export function registerProjects(platform: Platform, connections: Connections, runs: RunsService): void {
  registerLanguage(platform);
  const store = new ProjectsStore();
  const tree = new ProjectsTree(store);
  const view = vscode.window.createTreeView(ViewId.projects, { treeDataProvider: tree, showCollapseAll: true });
  const tasks = new ProjectTasks({ platform, connections, runs }, store);
  platform.commands.registerLater(Object.values(Command.projects), async (commands) => {
    const [{ ProjectCommands }, { LaunchMemory }, { QuickLaunch }] = await Promise.all([
      import('./projectCommands'),
      import('./launchMemory'),
      import('./quickLaunch'),
    ]);
    const memory = new LaunchMemory(platform.context.workspaceState);
    new ProjectCommands(store, tasks, connections, memory).register({ ...platform, commands });
    new QuickLaunch(tasks, connections, memory).register(commands);
  });
  const shown = view.onDidChangeVisibility(({ visible }) => {
    if (visible) store.lookAgain();
  });
  platform.context.subscriptions.push(shown, view, tree, tasks, store);
}
