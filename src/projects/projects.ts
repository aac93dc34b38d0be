import * as vscode from 'vscode';
import type { Connections } from '../connections/connection';
import type { RunsService } from '../experiments/runsService';
import { Command, PanelType, ViewId } from '../platform/ids';
import type { Platform } from '../platform/services';
import { keptKeys } from './keptKeys';
import { registerLanguage, registerOtherFiles } from './language/language';
import { ProjectsStore } from './projectsStore';
import { ProjectsTree } from './projectsTree';
import { ProjectTasks } from './projectTasks';
import { registerReports } from './reports';

/** Fills a panel that the window kept. */
export type RestoreForm = (panel: vscode.WebviewPanel, state: unknown) => Promise<void>;

/** The Projects view, and launching. Looks for no file until the view is seen or somebody asks for tasks. */
export function registerProjects(platform: Platform, connections: Connections, runs: RunsService): RestoreForm {
  registerLanguage(platform);
  const store = new ProjectsStore();
  registerOtherFiles(platform, store, connections);
  registerReports(platform, connections, runs);
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
  platform.context.subscriptions.push(shown, view, tree, tasks, store, followLeft(platform, connections, runs, tasks));
  return async (panel, state) => {
    const [{ restorePanel }, { LaunchMemory }] = await Promise.all([
      import('./form/launchPanel'),
      import('./launchMemory'),
    ]);
    const memory = new LaunchMemory(platform.context.workspaceState);
    await restorePanel({ platform, connections, runs, tasks, memory, store }, panel, state);
  };
}

/** Launches and bisections that went with a window: looked after once this one is at a server. */
function followLeft(
  platform: Platform,
  connections: Connections,
  runs: RunsService,
  tasks: ProjectTasks,
): vscode.Disposable {
  const { workspaceState } = platform.context;
  const isEmpty = (key: string) => workspaceState.get<readonly unknown[]>(key, []).length === 0;
  if (Object.values(keptKeys).every(isEmpty)) return new vscode.Disposable(() => undefined);
  const seen = new Set<string>();
  const settle = async () => {
    const { state } = connections;
    if (state.kind !== 'connected' || seen.has(state.connection.uri)) return;
    const { connection } = state;
    seen.add(connection.uri);
    const [{ settleLeft }, { LaunchesUnderWay }, { offerLeftBisections }, { OpenBisections }] = await Promise.all([
      import('./leftLaunches'),
      import('./underWay'),
      import('./bisect/leftBisections'),
      import('./bisect/openBisections'),
    ]);
    const underWay = new LaunchesUnderWay(workspaceState);
    await Promise.all([
      settleLeft({ platform, connections, runs, tasks, underWay }, connection),
      offerLeftBisections(new OpenBisections(workspaceState), connections, connection.uri),
    ]);
  };
  return connections.onDidChange(() => {
    settle().catch((error: unknown) => platform.commands.report(vscode.l10n.t('follow the run'), error));
  });
}

/** Launch forms come back with the window. VS Code takes one such registration for a type of panel. */
export function keepLaunchForms({ context }: Platform, restore: RestoreForm): void {
  const deserializeWebviewPanel = restore;
  context.subscriptions.push(
    vscode.window.registerWebviewPanelSerializer(PanelType.launch, { deserializeWebviewPanel }),
  );
}
