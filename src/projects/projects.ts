import * as vscode from 'vscode';
import type { Connections } from '../connections/connection';
import type { RunsService } from '../experiments/runsService';
import { Command, PanelType, taskType, ViewId } from '../platform/ids';
import { projectStorage } from '../platform/projectStorage';
import type { Platform } from '../platform/services';
import { registerLanguage, registerOtherFiles } from './language/language';
import { keptKeys } from './launch/keptKeys';
import { registerReports } from './reports/reports';
import type { ProjectTasks } from './tasks/projectTasks';
import { ProjectsStore } from './view/projectsStore';
import { ProjectsTree } from './view/projectsTree';

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
  const tasks = new LazyTasks(
    async (registration) =>
      new (await import('./tasks/projectTasks')).ProjectTasks({ platform, connections, runs }, store, registration),
  );
  const own = [...Object.values(Command.projects), Command.runs.reproduce, Command.source.bisectMetric];
  platform.commands.registerLater(own, async (commands) => {
    const [made, { ProjectCommands }, { LaunchMemory }, { QuickLaunch }] = await Promise.all([
      tasks.get(),
      import('./projectCommands'),
      import('./tasks/launchMemory'),
      import('./quickLaunch'),
    ]);
    const memory = new LaunchMemory(platform.context.workspaceState);
    new ProjectCommands(store, made, connections, memory, runs).register({ ...platform, commands });
    new QuickLaunch(made, connections, memory).register(commands);
  });
  const shown = view.onDidChangeVisibility(({ visible }) => {
    if (visible) store.lookAgain();
  });
  platform.context.subscriptions.push(shown, view, tree, tasks, store, followLeft(platform, connections, runs, tasks));
  return async (panel, state) => {
    const [made, { restorePanel }, { LaunchMemory }] = await Promise.all([
      tasks.get(),
      import('./form/launchPanel'),
      import('./tasks/launchMemory'),
    ]);
    const memory = new LaunchMemory(platform.context.workspaceState);
    await restorePanel({ platform, connections, runs, tasks: made, memory, store }, panel, state);
  };
}

/** Stands for the tasks until somebody asks for them. */
class LazyTasks implements vscode.TaskProvider, vscode.Disposable {
  private made: Promise<ProjectTasks> | undefined;
  private readonly registration = vscode.tasks.registerTaskProvider(taskType, this);

  constructor(private readonly make: (registration: vscode.Disposable) => Promise<ProjectTasks>) {}

  get(): Promise<ProjectTasks> {
    this.made ??= this.make(this.registration);
    return this.made;
  }

  async provideTasks(): Promise<vscode.Task[]> {
    return (await this.get()).provideTasks();
  }

  async resolveTask(task: vscode.Task): Promise<vscode.Task | undefined> {
    return (await this.get()).resolveTask(task);
  }

  dispose(): void {
    this.registration.dispose();
    void this.made?.then((tasks) => tasks.dispose());
  }
}

/** Launches and bisections that went with a window: looked after once this one is at a server. */
function followLeft(
  platform: Platform,
  connections: Connections,
  runs: RunsService,
  tasks: LazyTasks,
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
    const [made, { settleLeft }, { LaunchesUnderWay }, { offerLeftBisections }, { OpenBisections }] = await Promise.all(
      [
        tasks.get(),
        import('./tasks/leftLaunches'),
        import('./launch/underWay'),
        import('./bisect/leftBisections'),
        import('./bisect/openBisections'),
      ],
    );
    const underWay = new LaunchesUnderWay(workspaceState, projectStorage(platform.context));
    await Promise.all([
      settleLeft({ platform, connections, runs, tasks: made, underWay }, connection),
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
