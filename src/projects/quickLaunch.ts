import * as vscode from 'vscode';
import type { Connections } from '../connections/connection';
import type { Commands } from '../platform/commands';
import { Command } from '../platform/ids';
import { requireLaunchable, requireLaunchTrust } from './launch/launch';
import { askedAt } from './launch/launchedAt';
import type { LaunchMemory } from './tasks/launchMemory';
import type { ProjectTasks } from './tasks/projectTasks';
import { decodeEntryPointArgument, entryPointOf } from './view/entryPointArgument';

const usualExperiment = 'Default';

/** Launches that ask for nothing: an entry point with its defaults. */
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
}
