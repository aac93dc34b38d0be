import * as vscode from 'vscode';
import { MlflowError } from '../../mlflow/mlflowError';
import { Command, taskType } from '../../platform/ids';
import { messages } from '../../platform/messages';
import type { EndedRun, LaunchRoom, RunExtras, RunServices } from '../launch/launchTypes';
import type { EndedSweep } from '../launch/sweepTerminal';
import type { SweepRetry } from '../request/sweepSpec';
import {
  decodeDefinition,
  definitionOf,
  inertDefinition,
  type LaunchRequest,
  taskName,
  valuesText,
} from '../request/taskDefinition';
import type { ProjectsStore } from '../view/projectsStore';
import { endText } from './endText';

/** What Flowdeck itself adds to a launch that it starts. */
export interface OwnLaunch extends RunExtras {
  /** In place of the notification. */
  readonly onEnd?: (ended: EndedRun) => void;
  readonly retry?: SweepRetry;
}

/** Every launch is a task of this provider: from the view, from the list of tasks, from a tasks.json. */
export class ProjectTasks implements vscode.TaskProvider, vscode.Disposable {
  private room: Promise<LaunchRoom> | undefined;
  private readonly registration: vscode.Disposable;
  /** What is run from a list or a file of tasks may leave values out. */
  private readonly byPerson: OwnLaunch = {
    complete: async (request, folder) => {
      const [{ askMissing }, { LaunchMemory }] = await Promise.all([import('./askMissing'), import('./launchMemory')]);
      return askMissing(request, folder, new LaunchMemory(this.services.platform.context.workspaceState));
    },
  };

  /** @param registration of who stands for it until it is there */
  constructor(
    private readonly services: RunServices,
    private readonly store: ProjectsStore,
    registration?: vscode.Disposable,
  ) {
    this.registration = registration ?? vscode.tasks.registerTaskProvider(taskType, this);
  }

  /** One for every entry point, run with its defaults. */
  async provideTasks(): Promise<vscode.Task[]> {
    const projects = await this.store.get();
    return projects.flatMap(({ content, folder, path }) =>
      'project' in content
        ? content.project.entryPoints.map(({ name, command }) =>
            this.taskOf({ entryPoint: name, project: path, parameters: new Map() }, folder, this.byPerson, command),
          )
        : [],
    );
  }

  /** A task of somebody's tasks.json. What is wrong with it is said when it is run. */
  resolveTask(task: vscode.Task): vscode.Task | undefined {
    const { definition, scope = vscode.TaskScope.Workspace, name } = task;
    const folder = typeof scope === 'object' ? scope : undefined;
    return this.withExecution(definition, scope, name, folder, this.byPerson);
  }

  async run(
    request: LaunchRequest,
    folder: vscode.WorkspaceFolder,
    own: OwnLaunch = {},
  ): Promise<vscode.TaskExecution> {
    return vscode.tasks.executeTask(this.taskOf(apart(request), folder, own));
  }

  /** What launches share, made on first use. */
  shared(): Promise<LaunchRoom> {
    this.room ??= import('../launch/launchRoom').then(({ openLaunchRoom }) => openLaunchRoom(this.services));
    return this.room;
  }

  /** The window closes: each supervisor ends its tree and closes its run by itself. */
  dispose(): void {
    this.registration.dispose();
    void this.room?.then(({ running, underWay }) => {
      underWay.close();
      for (const process of running) process.release();
    });
  }

  private taskOf(
    request: LaunchRequest,
    folder: vscode.WorkspaceFolder,
    own: OwnLaunch = {},
    command = '',
  ): vscode.Task {
    const definition = inertDefinition(own.checkout ? { ...request, id: `${ofRun}${request.id ?? ''}` } : request);
    const task = this.withExecution(definition, folder, taskName(request), folder, own, definitionOf(request));
    // VS Code lists what was launched last, and one launch of an entry point is to be told from another.
    task.detail = valuesText(request).slice(0, 200) || command;
    return task;
  }

  private withExecution(
    definition: vscode.TaskDefinition,
    scope: vscode.WorkspaceFolder | vscode.TaskScope,
    name: string,
    folder: vscode.WorkspaceFolder | undefined,
    own: OwnLaunch = {},
    exact?: vscode.TaskDefinition,
  ): vscode.Task {
    // The definition that arrives has its variables, ${file} and the like, filled in: what tasks.json asks for.
    const execution = new vscode.CustomExecution(async (resolved) => this.open(exact ?? resolved, folder, own));
    const task = new vscode.Task(definition, scope, name, 'MLflow', execution, []);
    task.presentationOptions = { reveal: vscode.TaskRevealKind.Always, panel: vscode.TaskPanelKind.Dedicated };
    return task;
  }

  private async open(
    definition: vscode.TaskDefinition,
    from: vscode.WorkspaceFolder | undefined,
    own: OwnLaunch,
  ): Promise<vscode.Pseudoterminal> {
    const { request, folder } = await launchOf(definition, from).catch((error: unknown) => {
      this.services.platform.commands.report(vscode.l10n.t('run the task'), error);
      throw error;
    });
    const room = await this.shared();
    const extras = request.id?.startsWith(ofRun) ? { ...own, checkout: lostCheckout } : own;
    const follow = (ended: EndedRun | EndedSweep) => {
      if (own.onEnd) own.onEnd(ended);
      else
        this.announce(ended, folder, own).catch((error: unknown) =>
          this.services.platform.commands.report(vscode.l10n.t('follow the run'), error),
        );
    };
    const { sweep } = request;
    if (sweep) {
      const { SweepTerminal } = await import('../launch/sweepTerminal');
      return new SweepTerminal({ ...request, sweep }, folder, room, follow, extras);
    }
    const { RunTerminal } = await import('../launch/runTerminal');
    return new RunTerminal(request, folder, room, follow, extras);
  }

  private async announce(ended: EndedRun | EndedSweep, folder: vscode.WorkspaceFolder, own: OwnLaunch): Promise<void> {
    const { request, runId, result, at, changes } = ended;
    const { connections } = this.services;
    const { isAt, isBackAt } = await import('../launch/launchedAt');
    const { uri } = at.connection;
    const charts = vscode.l10n.t('Open Charts');
    const show = vscode.l10n.t('Show Run');
    const store = vscode.l10n.t('Store Changes');
    // Of a sweep what did not finish alone: the others have their results.
    const runs = 'unfinished' in ended ? ended.unfinished : [];
    const retry = retryTitle(result, runs.length);
    const text = isAt(connections, uri) ? endText(ended) : `${endText(ended)} (${uri})`;
    const links = [...(runId === undefined ? [] : [show, charts]), ...(changes.length > 0 ? [store] : [])];
    const answered = await this.untilAnswered(ended, folder);
    const chosen = await (result === 'FINISHED'
      ? messages.showInformationMessage(text, ...links.toReversed())
      : result === 'KILLED'
        ? messages.showInformationMessage(text, ...links, retry)
        : messages.showErrorMessage(text, ...links, retry));
    answered();
    if (chosen === retry) {
      const again = runId !== undefined && runs.length > 0 ? { retry: { parentRunId: runId, runs } } : {};
      await this.run(request, folder, { ...(await sameAgain(own, folder, request)), at, ...again });
    } else if (chosen === store) {
      const isStored =
        (await isBackAt(connections, uri)) &&
        (await vscode.commands.executeCommand(Command.source.storeChanges, { changes })) === true;
      // The other things are to be chosen still.
      await this.announce(isStored ? { ...ended, changes: [] } : ended, folder, own);
    } else if (chosen !== undefined && (await isBackAt(connections, uri)))
      await vscode.commands.executeCommand(chosen === charts ? Command.charts.open : Command.runs.show, runId);
  }

  /** Keeps what was not committed for the next window, until the person has answered and what it gives is called. */
  private async untilAnswered(
    { request, runId, at, changes }: EndedRun | EndedSweep,
    folder: vscode.WorkspaceFolder,
  ): Promise<() => void> {
    if (runId === undefined || changes.length === 0) return () => undefined;
    const { underWay } = await this.shared();
    const offered = underWay.begin({
      pids: [process.pid],
      uri: at.connection.uri,
      folder: folder.uri.toString(),
      what: taskName(request),
      definition: definitionOf(request),
      runId,
      quiet: true,
    });
    // Without the file it is offered in this window alone.
    offered.keep(runId, changes).catch((error: unknown) => this.services.platform.log.warn(String(error)));
    return offered.end;
  }
}

/** A port for the debugger is free once. */
async function sameAgain(
  { retry: _done, ...own }: OwnLaunch,
  folder: vscode.WorkspaceFolder,
  { entryPoint }: LaunchRequest,
): Promise<OwnLaunch> {
  if (!own.debug) return own;
  const { debugExtras } = await import('../launch/debugLaunch');
  return { ...own, ...(await debugExtras(folder, entryPoint)) };
}

/** What a task launches, and the folder it is launched from. Throws `MlflowError`. */
async function launchOf(definition: vscode.TaskDefinition, from: vscode.WorkspaceFolder | undefined) {
  const decoded = decodeDefinition(definition);
  if ('bad' in decoded) {
    const message = vscode.l10n.t('The property {0} of the task cannot be used.', decoded.bad);
    throw new MlflowError('invalid', message, { advice: vscode.l10n.t('Correct it in tasks.json.') });
  }
  const { taskFolder } = await import('./taskFolder');
  const { folder: _name, ...request } = decoded.request;
  return { request, folder: await taskFolder(decoded.request, from) };
}

function retryTitle(result: EndedRun['result'], runs: number): string {
  if (runs === 0) return vscode.l10n.t('Retry');
  return result === 'KILLED' ? vscode.l10n.t('Retry {0} Unfinished', runs) : vscode.l10n.t('Retry {0} Failed', runs);
}

/** Marks what VS Code remembers of a launch from a working tree that no definition describes: with the changes of a run, say. */
const ofRun = 'of-run-';

/** Such a task that a person chose among those used recently: without its working tree it would be another launch. */
async function lostCheckout(): Promise<never> {
  throw new MlflowError('invalid', vscode.l10n.t('What this task launched, a run at its commit, stands in no task.'), {
    advice: vscode.l10n.t('Choose Reproduce Run… or Bisect Metric… again.'),
  });
}

let launches = 0;

/**
 * While any task runs, a launch is a task of its own: VS Code would ask whether to end one with the same definition, and
 * forgets how to start one that ran before when another task ends in the meantime (`customExecutionComplete`): its
 * terminal stays empty for ever.
 */
function apart({ id: _id, ...plain }: LaunchRequest): LaunchRequest {
  return vscode.tasks.taskExecutions.length === 0
    ? plain
    : { ...plain, id: `${Date.now().toString(36)}-${launches++}` };
}
