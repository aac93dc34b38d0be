import * as vscode from 'vscode';
import { MlflowError } from '../mlflow/mlflowError';
import { Command } from '../platform/ids';
import type { ProjectsStore } from './projectsStore';
import type { RunProcess } from './runProcess';
import type { EndedRun, RunServices } from './runTerminal';
import { decodeDefinition, definitionOf, type LaunchRequest, taskName, taskType } from './taskDefinition';

/** Every launch is a task of this provider: from the view, from the list of tasks, from a tasks.json. */
export class ProjectTasks implements vscode.TaskProvider, vscode.Disposable {
  private readonly running = new Set<RunProcess>();
  private readonly registration = vscode.tasks.registerTaskProvider(taskType, this);

  constructor(
    private readonly services: RunServices,
    private readonly store: ProjectsStore,
  ) {}

  /** One for every entry point, run with its defaults. */
  async provideTasks(): Promise<vscode.Task[]> {
    const projects = await this.store.get();
    return projects.flatMap(({ content, folder, path }) =>
      'project' in content
        ? content.project.entryPoints.map(({ name }) =>
            this.taskOf({ entryPoint: name, project: path, parameters: new Map() }, folder),
          )
        : [],
    );
  }

  /** A task of somebody's tasks.json. What is wrong with it is said when it is run. */
  resolveTask(task: vscode.Task): vscode.Task | undefined {
    const folder = folderOf(task.scope);
    return folder ? this.withExecution(task.definition, task.scope ?? folder, task.name, folder) : undefined;
  }

  async run(request: LaunchRequest, folder: vscode.WorkspaceFolder): Promise<vscode.TaskExecution> {
    return vscode.tasks.executeTask(this.taskOf(request, folder));
  }

  /** The window closes: each supervisor ends its tree and closes its run by itself. */
  dispose(): void {
    this.registration.dispose();
    for (const process of this.running) process.release();
  }

  private taskOf(request: LaunchRequest, folder: vscode.WorkspaceFolder): vscode.Task {
    return this.withExecution(definitionOf(request), folder, taskName(request), folder);
  }

  private withExecution(
    definition: vscode.TaskDefinition,
    scope: vscode.WorkspaceFolder | vscode.TaskScope,
    name: string,
    folder: vscode.WorkspaceFolder,
  ): vscode.Task {
    // The definition that arrives has its variables, ${file} and the like, filled in.
    const execution = new vscode.CustomExecution(async (resolved) => this.open(resolved, folder));
    const task = new vscode.Task(definition, scope, name, 'MLflow', execution, []);
    task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, panel: vscode.TaskPanelKind.Dedicated };
    return task;
  }

  private async open(
    definition: vscode.TaskDefinition,
    folder: vscode.WorkspaceFolder,
  ): Promise<vscode.Pseudoterminal> {
    const decoded = decodeDefinition(definition);
    if ('bad' in decoded) {
      const message = vscode.l10n.t('The property {0} of the task cannot be used.', decoded.bad);
      const error = new MlflowError('invalid', message, { advice: vscode.l10n.t('Correct it in tasks.json.') });
      this.services.platform.commands.report(vscode.l10n.t('run the task'), error);
      throw error;
    }
    const { RunTerminal } = await import('./runTerminal');
    return new RunTerminal(decoded.request, folder, this.services, {
      onStart: (process) => this.running.add(process),
      onEnd: (process, ended) => {
        this.running.delete(process);
        this.announce(ended, folder).catch((error: unknown) =>
          this.services.platform.commands.report(vscode.l10n.t('follow the run'), error),
        );
      },
    });
  }

  private async announce(ended: EndedRun, folder: vscode.WorkspaceFolder): Promise<void> {
    const { request, runId, name, result, exitCode } = ended;
    const charts = vscode.l10n.t('Open Charts');
    const show = vscode.l10n.t('Show Run');
    const retry = vscode.l10n.t('Retry');
    const what = taskName(request);
    const { window } = vscode;
    const chosen =
      result === 'FINISHED'
        ? await window.showInformationMessage(vscode.l10n.t('{0} finished: run {1}.', what, name), charts, show)
        : result === 'KILLED'
          ? await window.showInformationMessage(vscode.l10n.t('{0} was stopped: run {1}.', what, name), show, charts)
          : await window.showErrorMessage(
              vscode.l10n.t('{0} failed with exit code {1}: run {2}.', what, exitCode, name),
              show,
              charts,
              retry,
            );
    if (chosen === charts) await vscode.commands.executeCommand(Command.charts.open, runId);
    if (chosen === show) await vscode.commands.executeCommand(Command.runs.show, runId);
    if (chosen === retry) await this.run(request, folder);
  }
}

function folderOf(scope: vscode.Task['scope']): vscode.WorkspaceFolder | undefined {
  return typeof scope === 'object' ? scope : vscode.workspace.workspaceFolders?.[0];
}
