import * as vscode from 'vscode';
import type { Connections } from '../connections/connection';
import { MlflowError } from '../mlflow/mlflowError';
import { Command } from '../platform/ids';
import type { Platform } from '../platform/services';
import { decodeEntryPointArgument, entryPointOf } from './entryPointArgument';
import type { LaunchMemory } from './launchMemory';
import type { EntryPoint } from './mlproject';
import type { FoundProject, ProjectsStore } from './projectsStore';
import { type ProjectNode, projectLabel, rangeOf } from './projectsTree';
import type { ProjectTasks } from './projectTasks';

interface ChosenEntryPoint {
  readonly found: FoundProject;
  readonly entryPoint: EntryPoint;
}

/** What a person can do with projects; arguments come from anywhere and are decoded. */
export class ProjectCommands {
  constructor(
    private readonly store: ProjectsStore,
    private readonly tasks: ProjectTasks,
    private readonly connections: Connections,
    private readonly memory: LaunchMemory,
  ) {}

  register({ commands }: Platform): void {
    commands.register(Command.projects.refresh, vscode.l10n.t('refresh the projects'), () => this.store.refresh());
    commands.register(Command.projects.openFile, vscode.l10n.t('open the MLproject file'), (node) =>
      this.openFile(node),
    );
    commands.register(Command.projects.runEntryPoint, vscode.l10n.t('run the entry point'), (node) => this.run(node));
  }

  private async run(node: unknown): Promise<void> {
    const [{ requireLaunchable, requireLaunchTrust }, { askForLaunch }] = await Promise.all([
      import('./launch'),
      import('./launchForm'),
    ]);
    requireLaunchTrust();
    const chosen = (await this.given(node)) ?? (await this.pickEntryPoint());
    if (!chosen) return;
    const { found, entryPoint } = chosen;
    requireLaunchable(found.folder);
    const { store } = await this.connections.requireWritable();
    const key = `${found.file.toString()} ${entryPoint.name}`;
    const answers = await askForLaunch({
      found,
      entryPoint,
      store,
      lastValues: this.memory.values(key),
      lastExperiment: this.memory.experiment,
    });
    if (!answers) return;
    await this.memory.remember(key, answers.values, answers.experiment);
    const request = { entryPoint: entryPoint.name, project: found.path, experiment: answers.experiment };
    await this.tasks.run({ ...request, parameters: changed(entryPoint, answers.values) }, found.folder);
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
