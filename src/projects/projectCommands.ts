import * as vscode from 'vscode';
import type { Connection, Connections } from '../connections/connection';
import type { RunsService } from '../experiments/runsService';
import { MlflowError } from '../mlflow/mlflowError';
import { Command } from '../platform/ids';
import type { Platform } from '../platform/services';
import { settings } from '../platform/settings';
import type { FormTarget } from './form/formSession';
import type { LaunchAnswers } from './form/launchForm';
import type { ChosenEntryPoint } from './form/scriptPlaces';
import type { EntryPoint } from './mlproject/mlproject';
import { optionsText } from './request/scripts';
import { type LaunchMemory, memoryKey } from './tasks/launchMemory';
import type { OwnLaunch, ProjectTasks } from './tasks/projectTasks';
import { decodeEntryPointArgument, entryPointOf } from './view/entryPointArgument';
import type { FoundProject, ProjectsStore } from './view/projectsStore';
import { type ProjectNode, projectLabel, rangeOf } from './view/projectsTree';

type How = 'picks' | 'form' | 'debug';
const usually = (): How => (settings.parameterForm.get() === 'editor' ? 'form' : 'picks');

/** What a person can do with projects; arguments come from anywhere and are decoded. */
export class ProjectCommands {
  private platform: Platform | undefined;

  constructor(
    private readonly store: ProjectsStore,
    private readonly tasks: ProjectTasks,
    private readonly connections: Connections,
    private readonly memory: LaunchMemory,
    private readonly runs?: RunsService,
  ) {}

  register(platform: Platform): void {
    const { commands } = platform;
    this.platform = platform;
    commands.register(Command.projects.refresh, vscode.l10n.t('refresh the projects'), () => this.store.refresh());
    commands.register(Command.projects.openFile, vscode.l10n.t('open the MLproject file'), (node) =>
      this.openFile(node),
    );
    commands.register(Command.projects.runEntryPoint, vscode.l10n.t('run the entry point'), (node) =>
      this.run(() => this.declared(node), usually()),
    );
    commands.register(Command.projects.runWithOptions, vscode.l10n.t('run the entry point'), (node) =>
      this.run(() => this.declared(node), 'form'),
    );
    commands.register(Command.projects.debugEntryPoint, vscode.l10n.t('debug the entry point'), (node) =>
      this.run(() => this.declared(node), 'debug'),
    );
    commands.register(Command.projects.runFile, vscode.l10n.t('run the file'), (file) =>
      this.run(async () => (await import('./form/scriptPlaces')).entryPointOfFile(file), usually()),
    );
    commands.register(Command.projects.runFolder, vscode.l10n.t('run an entry point of the folder'), (place) =>
      this.run(async () => (await import('./form/scriptPlaces')).entryPointOfFolder(place), usually()),
    );
    commands.register(Command.runs.reproduce, vscode.l10n.t('reproduce the run'), async (...args) => {
      const { reproduceRun } = await import('./reproduce/reproduceRun');
      await reproduceRun(await this.tasks.shared(), this.tasks, args);
    });
    commands.register(Command.source.bisectMetric, vscode.l10n.t('bisect the metric'), async (...args) => {
      const { bisectMetric } = await import('./bisect/bisectMetric');
      await bisectMetric(await this.tasks.shared(), this.tasks, args);
    });
    commands.register(Command.projects.runRepository, vscode.l10n.t('run the project'), async () => {
      const { askForRepository } = await import('./form/remoteProject');
      const target = await askForRepository(await this.tasks.shared());
      if (target) await this.openForm(target);
    });
  }

  private async run(choose: () => Promise<ChosenEntryPoint | undefined>, how: How): Promise<void> {
    const { requireLaunchable, requireLaunchTrust } = await import('./launch/launch');
    requireLaunchTrust();
    const chosen = await choose();
    if (!chosen) return;
    const { found, entryPoint } = chosen;
    requireLaunchable(found.folder);
    // Said before anything is asked.
    const debug = how === 'debug' ? await this.debugger(found.folder, entryPoint) : {};
    if (how === 'form') return this.openForm({ found, entryPoint: entryPoint.name });
    const { askedAt } = await import('./launch/launchedAt');
    const at = await askedAt(this.connections);
    const answers = await this.ask(chosen, at.connection);
    if (!answers) return;
    if (answers.inForm) return this.openForm({ found, entryPoint: entryPoint.name, values: answers.values });
    const key = memoryKey(found, entryPoint.name);
    const given = { entryPoint: entryPoint.name, project: found.path, experiment: answers.experiment };
    const request = { ...given, parameters: changed(entryPoint, answers.values) };
    await this.memory.remember(key, answers.values, answers.experiment);
    await this.memory.record(key, request);
    await this.tasks.run(request, found.folder, { ...debug, at });
  }

  private async debugger(folder: vscode.WorkspaceFolder, { name }: EntryPoint): Promise<OwnLaunch> {
    const { debugExtras } = await import('./launch/debugLaunch');
    return debugExtras(folder, name);
  }

  private async ask(
    { found, entryPoint }: ChosenEntryPoint,
    { store }: Connection,
  ): Promise<LaunchAnswers | undefined> {
    const { askForLaunch } = await import('./form/launchForm');
    const key = memoryKey(found, entryPoint.name);
    return askForLaunch({
      found,
      entryPoint,
      store,
      lastValues: this.memory.values(key),
      lastExperiment: this.memory.experiment,
      earlier: (name) => earlierValues(this.memory, key, name),
      fromRun: async () => {
        const { askForParams } = await import('./form/paramsOfRun');
        return this.runs && askForParams(this.runs, entryPoint);
      },
    });
  }

  private async openForm(target: FormTarget): Promise<void> {
    const { platform, runs, connections, tasks, memory, store } = this;
    if (!platform || !runs) return;
    await connections.requireWritable();
    const { openLaunchPanel } = await import('./form/launchPanel');
    openLaunchPanel({ platform, connections, runs, tasks, memory, store }, target);
  }

  private async openFile(node: unknown): Promise<void> {
    const row = decodeNode(node);
    const place = row
      ? { file: row.found.file, selection: rangeOf(row) }
      : { file: (await this.pickProject())?.file, selection: undefined };
    if (!place.file) return;
    const document = await vscode.workspace.openTextDocument(place.file);
    await vscode.window.showTextDocument(document, place.selection ? { selection: place.selection } : {});
  }

  private async declared(node: unknown): Promise<ChosenEntryPoint | undefined> {
    return (await this.given(node)) ?? (await this.pickEntryPoint());
  }

  /** The entry point of a row, as it stands in the file now. */
  private async given(node: unknown): Promise<ChosenEntryPoint | undefined> {
    const named = decodeEntryPointArgument(node);
    if (named) return entryPointOf(named);
    const row = decodeNode(node);
    if (row?.kind !== 'entryPoint' && row?.kind !== 'parameter') return undefined;
    const file = row.found.file.toString();
    const projects = await this.store.get();
    const known = projects.flatMap(entryPointsOf);
    return known.find(
      ({ found, entryPoint }) => found.file.toString() === file && entryPoint.name === row.entryPoint.name,
    );
  }

  private async pickEntryPoint(): Promise<ChosenEntryPoint | undefined> {
    const projects = await this.store.get();
    const items = projects.flatMap(entryPointsOf).map((chosen) => ({
      label: `$(play-circle) ${chosen.entryPoint.name}`,
      description: vscode.workspace.asRelativePath(chosen.found.file),
      detail: chosen.entryPoint.command ?? '',
      chosen,
    }));
    if (items.length === 0) throw noProject(projects);
    const options = {
      title: vscode.l10n.t('Run Entry Point'),
      placeHolder: vscode.l10n.t('Entry point'),
      matchOnDescription: true,
    };
    return (await vscode.window.showQuickPick(items, options))?.chosen;
  }

  private async pickProject(): Promise<FoundProject | undefined> {
    const projects = await this.store.get();
    const [only] = projects;
    if (!only) throw noProject(projects);
    if (projects.length === 1) return only;
    const items = projects.map((found) => ({
      label: `$(rocket) ${projectLabel(found)}`,
      description: vscode.workspace.asRelativePath(found.file),
      found,
    }));
    const options = { title: vscode.l10n.t('Open MLproject File'), placeHolder: vscode.l10n.t('Project') };
    return (await vscode.window.showQuickPick(items, options))?.found;
  }
}

/** Without a name all that was given, as the options of a script. */
function earlierValues(memory: LaunchMemory, key: string, name: string | undefined): readonly string[] {
  const history = memory.history(key);
  const values = history.map(({ parameters }) =>
    name === undefined ? optionsText(parameters) || undefined : parameters.get(name),
  );
  return [...new Set(values.filter((value) => value !== undefined))];
}

function entryPointsOf(found: FoundProject): readonly ChosenEntryPoint[] {
  return 'project' in found.content
    ? found.content.project.entryPoints.map((entryPoint) => ({ found, entryPoint }))
    : [];
}

/** What is as the file has it is left to the file: so a task shows what is special about it. */
function changed({ parameters }: EntryPoint, values: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const defaults = new Map(parameters.map(({ name, default: fallback }) => [name, fallback]));
  return new Map([...values].filter(([name, value]) => defaults.get(name) !== value));
}

function noProject(projects: readonly FoundProject[]): MlflowError {
  return new MlflowError(
    'invalid',
    projects.length === 0
      ? vscode.l10n.t('There is no MLproject file in the open folders.')
      : vscode.l10n.t('No MLproject file of the open folders has an entry point that can be run.'),
  );
}

/** A row of the Projects view; anything else counts as nothing given. */
function decodeNode(node: unknown): ProjectNode | undefined {
  if (typeof node !== 'object' || node === null || !('kind' in node) || !('found' in node)) return undefined;
  const { kind, found } = node;
  const isFound = typeof found === 'object' && found !== null && 'file' in found && found.file instanceof vscode.Uri;
  const isRow = kind === 'project' || kind === 'problem' || kind === 'entryPoint' || kind === 'parameter';
  // Only the tree makes such objects: with a file of the editor's own kind the rest is there too.
  return isFound && isRow && (kind === 'project' || kind in node) ? (node as ProjectNode) : undefined;
}
