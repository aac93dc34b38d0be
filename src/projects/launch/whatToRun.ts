import path from 'node:path';
import * as vscode from 'vscode';
import { MlflowError } from '../../mlflow/mlflowError';
import { isReadByShell } from '../command/commandQuoting';
import { pythonCall, scriptEntryPoint } from '../command/entryPoints';
import { commandProblem } from '../language/commandLine';
import { findingText } from '../language/languageTexts';
import type { EntryPoint, EnvironmentKind } from '../mlproject/mlproject';
import { projectProblemText } from '../mlproject/projectTexts';
import { parameterProblemText } from '../request/launchTexts';
import { isLocalPath, type ParameterPlan, planParameters } from '../request/parameters';
import type { LaunchRequest } from '../request/taskDefinition';
import { type FoundProject, readProject } from '../view/projectsStore';

export interface WhatToRun {
  readonly entryPoint: EntryPoint;
  readonly plan: ParameterPlan;
  /** What the project says of its environment. */
  readonly environment: EnvironmentKind | undefined;
}

/** The entry point as it stands on disk now, and what it is given. Throws `MlflowError`. */
export async function whatToRun(
  request: Pick<LaunchRequest, 'entryPoint' | 'parameters'>,
  place: vscode.Uri,
  folder: vscode.WorkspaceFolder,
): Promise<WhatToRun> {
  const found = await projectAt(place, folder);
  const entryPoint = (await declaredEntryPoint(found, request.entryPoint)) ?? (await script(place, request, found));
  const environment = found && 'project' in found.content ? found.content.project.environment?.kind : undefined;
  return { entryPoint, plan: await planOf(entryPoint, request.parameters, place), environment };
}

/** Undefined when the folder has no MLproject file. */
export async function projectAt(place: vscode.Uri, folder: vscode.WorkspaceFolder): Promise<FoundProject | undefined> {
  const names = await vscode.workspace.fs.readDirectory(place).then(
    (entries) => entries.map(([name]) => name),
    () => [],
  );
  const name = names.find((candidate) => candidate.toLowerCase() === 'mlproject');
  return name === undefined ? undefined : readProject(vscode.Uri.joinPath(place, name), folder);
}

async function declaredEntryPoint(found: FoundProject | undefined, name: string): Promise<EntryPoint | undefined> {
  if (!found) return undefined;
  if ('problem' in found.content)
    throw new MlflowError(
      'invalid',
      `${vscode.workspace.asRelativePath(found.file)}: ${projectProblemText(found.content.problem)}`,
    );
  const entryPoint = found.content.project.entryPoints.find((candidate) => candidate.name === name);
  if (!entryPoint || (entryPoint.reachable && entryPoint.command !== undefined)) return entryPoint;
  throw new MlflowError(
    'invalid',
    entryPoint.reachable
      ? vscode.l10n.t('The entry point {0} has no command.', name)
      : vscode.l10n.t('{0} is no text in the MLproject file: put its name in quotes there.', name),
  );
}

/** As MLflow: what is no entry point may be a `.py`, `.sh` or `.R` file of the project. */
async function script(
  place: vscode.Uri,
  { entryPoint: name }: Pick<LaunchRequest, 'entryPoint'>,
  found: FoundProject | undefined,
): Promise<EntryPoint> {
  const entryPoint = scriptEntryPoint(name);
  if (entryPoint && (await pathExists(place, name))) {
    if (!/[{}]/.test(name)) return entryPoint;
    throw new MlflowError('invalid', vscode.l10n.t('MLflow takes the braces in {0} for a parameter.', name), {
      advice: vscode.l10n.t('Rename the file, or write an entry point for it.'),
    });
  }
  if (!found)
    throw new MlflowError(
      'invalid',
      entryPoint
        ? vscode.l10n.t('There is no file {0} in {1}.', name, place.fsPath)
        : vscode.l10n.t('There is no MLproject file in {0}.', place.fsPath),
    );
  const declared = 'project' in found.content ? found.content.project.entryPoints : [];
  const known = declared.map((candidate) => candidate.name).join(', ');
  throw new MlflowError('invalid', vscode.l10n.t('There is no entry point {0}, only: {1}.', name, known || '–'));
}

/** What an entry point is given, looked at as MLflow and the shell will. Throws `MlflowError`. */
export async function planOf(
  entryPoint: EntryPoint,
  parameters: ReadonlyMap<string, string>,
  place: vscode.Uri,
): Promise<ParameterPlan> {
  const planned = planParameters(entryPoint, parameters);
  if ('problem' in planned) throw new MlflowError('invalid', parameterProblemText(planned.problem));
  const { logged } = planned.plan;
  const values = new Map(entryPoint.parameters.map(({ name }) => [name, logged[name] ?? '']));
  for (const { name, type } of entryPoint.parameters) {
    const value = values.get(name) ?? '';
    if (type !== 'path' || !isLocalPath(value)) continue;
    if (!(await pathExists(place, value)))
      throw new MlflowError('invalid', vscode.l10n.t('{0}: there is no file or folder {1}.', name, value));
    const absolute = path.resolve(place.fsPath, value);
    // The folder of the project stands in it; Windows has no bash.
    if (path.sep === '/' && isReadByShell(entryPoint.command ?? '', name, absolute))
      throw new MlflowError('invalid', parameterProblemText({ kind: 'readByShell', name }));
    values.set(name, absolute);
  }
  requireFillable(entryPoint, values);
  return planned.plan;
}

/** `values` as MLflow puts them in: paths are absolute. */
function requireFillable({ name, command = '' }: EntryPoint, values: ReadonlyMap<string, string>): void {
  const problem = commandProblem(command, values);
  if (problem)
    throw new MlflowError('invalid', `${name}: ${findingText(problem)}`, {
      advice: vscode.l10n.t('Correct the command in the MLproject file.'),
    });
}

/** As MLflow looks: from the project's folder. What it would download is not looked for. */
export async function pathExists(place: vscode.Uri, value: string): Promise<boolean> {
  if (!isLocalPath(value)) return true;
  const file = path.isAbsolute(value) ? vscode.Uri.file(value) : vscode.Uri.joinPath(place, value);
  return vscode.workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
}

/** How many words of options its Python has. Throws `MlflowError` for what no debugger gets into. */
export function debuggable(
  entryPoint: EntryPoint,
  { logged }: ParameterPlan,
  kind: EnvironmentKind | undefined,
): number {
  if (kind === 'docker_env')
    throw new MlflowError(
      'invalid',
      vscode.l10n.t('{0} runs in a container, where no debugger follows.', entryPoint.name),
      {
        advice: vscode.l10n.t('Run it without debugging, or debug it with a python_env.'),
      },
    );
  const call = pythonCall(entryPoint.command ?? '', new Map(Object.entries(logged)));
  if (call) return call.options.length;
  throw new MlflowError(
    'invalid',
    vscode.l10n.t('The command of {0} is not one call of Python, so it cannot be debugged.', entryPoint.name),
    { advice: vscode.l10n.t('Run it without debugging, or make it "python file.py …" or "python -m module …".') },
  );
}
