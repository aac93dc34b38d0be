import * as vscode from 'vscode';
import type { Connections } from '../connections/connection';
import { MlflowError } from '../mlflow/mlflowError';
import type { Commands } from '../platform/commands';
import { Command } from '../platform/ids';
import { back, inputStep } from '../platform/quickSteps';
import { decodeEntryPointArgument, entryPointOf } from './entryPointArgument';
import { scriptEntryPoint } from './entryPoints';
import { requireLaunchable, requireLaunchTrust } from './launch';
import { askedAt } from './launchedAt';
import type { LaunchMemory } from './launchMemory';
import type { ProjectTasks } from './projectTasks';
import { type OptionsProblem, optionsText, parseOptions } from './scripts';

const usualExperiment = 'Default';

/** Launches that ask for little: an entry point with its defaults, and a file that no MLproject declares. */
export class QuickLaunch {
  constructor(
    private readonly tasks: ProjectTasks,
    private readonly connections: Connections,
    private readonly memory: LaunchMemory,
  ) {}

  register(commands: Commands): void {
    commands.register(Command.projects.runWithDefaults, vscode.l10n.t('run the entry point'), (argument) =>
      this.runWithDefaults(argument),
    );
    commands.register(Command.projects.runFile, vscode.l10n.t('run the file'), (file) => this.runFile(file));
  }

  /** Asks after all where a parameter has no default, or nothing says what is to be run. */
  private async runWithDefaults(argument: unknown): Promise<void> {
    const given = decodeEntryPointArgument(argument);
    if (!given) return void (await vscode.commands.executeCommand(Command.projects.runEntryPoint, argument));
    requireLaunchTrust();
    const { found, entryPoint } = await entryPointOf(given);
    requireLaunchable(found.folder);
    if (entryPoint.parameters.some((parameter) => parameter.default === undefined))
      return void (await vscode.commands.executeCommand(Command.projects.runEntryPoint, argument));
    const at = await askedAt(this.connections);
    const experiment = this.memory.experiment ?? usualExperiment;
    const request = {
      entryPoint: entryPoint.name,
      project: found.path,
      experiment,
      parameters: new Map<string, string>(),
    };
    await this.tasks.run(request, found.folder, { at });
  }

  private async runFile(argument: unknown): Promise<void> {
    requireLaunchTrust();
    const file = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
    const folder = file && vscode.workspace.getWorkspaceFolder(file);
    if (!file || !folder)
      throw new MlflowError('invalid', vscode.l10n.t('No file of an open folder is chosen.'), {
        advice: vscode.l10n.t('Open a .py, .sh or .R file, or choose one in the Explorer.'),
      });
    requireLaunchable(folder);
    const project = await projectOf(file, folder);
    const entryPoint = file.path.slice(vscode.Uri.joinPath(folder.uri, project).path.replace(/\/$/, '').length + 1);
    if (!scriptEntryPoint(entryPoint))
      throw new MlflowError('invalid', vscode.l10n.t('MLflow runs .py, .sh and .R files, not {0}.', entryPoint));
    const at = await askedAt(this.connections);
    // MLflow reads the file on disk.
    await vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === file.toString())?.save();
    const key = `${file.toString()} ${entryPoint}`;
    const parameters = await askForOptions(entryPoint, this.memory.values(key));
    if (!parameters) return;
    const experiment = this.memory.experiment ?? usualExperiment;
    await this.memory.remember(key, parameters, experiment);
    await this.tasks.run({ entryPoint, project, experiment, parameters }, folder, { at });
  }
}

/** Folder of the nearest MLproject above a file, relative to the workspace folder; without one that folder itself. */
async function projectOf(file: vscode.Uri, folder: vscode.WorkspaceFolder): Promise<string> {
  const parts = file.path.slice(folder.uri.path.length).split('/').filter(Boolean).slice(0, -1);
  for (let depth = parts.length; depth > 0; depth--) {
    const place = parts.slice(0, depth).join('/');
    const names = await vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(folder.uri, place));
    if (names.some(([name]) => name.toLowerCase() === 'mlproject')) return place;
  }
  return '';
}

async function askForOptions(
  script: string,
  last: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string> | undefined> {
  const text = await inputStep({
    title: vscode.l10n.t('Run {0}', script),
    prompt: vscode.l10n.t('Options for the script, each with a value; they become params of the run. Empty for none.'),
    placeholder: "--learning-rate 0.1 --name 'two words'",
    value: optionsText(last),
    problem: (typed) => {
      const parsed = parseOptions(typed);
      return 'kind' in parsed ? optionsProblemText(parsed) : undefined;
    },
  });
  const parsed = text === undefined || text === back ? undefined : parseOptions(text);
  return parsed && 'kind' in parsed ? undefined : parsed;
}

function optionsProblemText(problem: OptionsProblem): string {
  switch (problem.kind) {
    case 'quote':
      return vscode.l10n.t('A quote does not end.');
    case 'word':
      return vscode.l10n.t('{0} is no option: type --name value, or name=value.', problem.subject);
    case 'value':
      return vscode.l10n.t('{0} needs a value.', problem.subject);
  }
}
