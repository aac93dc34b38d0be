import { execFile } from 'node:child_process';
import path from 'node:path';
import * as vscode from 'vscode';
import { MlflowError } from '../mlflow/mlflowError';
import { hasModule, mlflowVersion, type PythonCommand, programOnPath } from '../platform/python';
import type { EnvironmentKind } from './mlproject';
import type { EnvironmentManager } from './taskDefinition';

/** Throws `MlflowError` when the Python has no MLflow, or one that is too old for the manager. Gives its version. */
export async function requireMlflow(python: PythonCommand, manager: EnvironmentManager): Promise<string> {
  const version = await mlflowVersion(python);
  if (version === undefined)
    throw new MlflowError('invalid', vscode.l10n.t('{0} has no MLflow.', python.label), {
      advice: vscode.l10n.t('Run "pip install mlflow" in it, or set flowdeck.python.path.'),
    });
  if (manager !== 'uv' || isMlflow3(version)) return version;
  throw new MlflowError(
    'invalid',
    vscode.l10n.t('MLflow {0} of {1} cannot make uv environments.', version, python.label),
    { advice: vscode.l10n.t('Use MLflow 3, or another flowdeck.projects.environmentManager.') },
  );
}

/**
 * As `requireMlflow`, and for what MLflow needs to make the environment on this machine: without it MLflow fails with a
 * traceback when the run is there already.
 */
export async function requireManager(
  python: PythonCommand,
  manager: EnvironmentManager,
  environment: EnvironmentKind | undefined,
): Promise<void> {
  const version = await requireMlflow(python, manager);
  // It takes precedence over every manager.
  if (environment === 'docker_env') return requireDocker();
  if (manager === 'conda' && environment === 'python_env')
    throw new MlflowError('invalid', vscode.l10n.t('conda cannot make the environment of a python_env.'), {
      advice: vscode.l10n.t('Choose another flowdeck.projects.environmentManager.'),
    });
  const lacking = await lackingProgram(python, manager);
  if (lacking)
    throw new MlflowError('invalid', vscode.l10n.t('{0} is not on PATH: {1} environments need it.', lacking, manager), {
      advice: vscode.l10n.t('Install it, or choose another flowdeck.projects.environmentManager.'),
    });
  if (manager === 'virtualenv' && !isMlflow3(version)) await requireModule(python, 'virtualenv');
}

/** Those of `managers` with which MLflow can make environments here, in their order. */
export async function usableManagers(
  python: PythonCommand,
  managers: readonly EnvironmentManager[],
): Promise<readonly EnvironmentManager[]> {
  const isUsable = (manager: EnvironmentManager) =>
    requireManager(python, manager, undefined).then(
      () => true,
      (error: unknown) => {
        if (error instanceof MlflowError) return false;
        throw error;
      },
    );
  const usable = await Promise.all(managers.map(isUsable));
  return managers.filter((_manager, at) => usable[at]);
}

export async function requireModule(python: PythonCommand, name: string): Promise<void> {
  if (await hasModule(python, name)) return;
  throw new MlflowError('invalid', vscode.l10n.t('{0} has no {1}.', python.label, name), {
    advice: vscode.l10n.t('Run "pip install {0}" in it.', name),
  });
}

/** MLflow asks it the same; throws `MlflowError` with what it says. */
export async function requireDocker(): Promise<void> {
  const problem = await new Promise<string | undefined>((resolve) => {
    execFile('docker', ['info'], { timeout: 20_000, windowsHide: true }, (error, _output, complaint) =>
      resolve(error ? complaint.trim().split('\n').at(-1) || error.message : undefined),
    );
  });
  if (problem === undefined) return;
  throw new MlflowError('invalid', vscode.l10n.t('Docker does not answer: {0}', problem), {
    advice: vscode.l10n.t('Install or start it, then launch again.'),
  });
}

const isMlflow3 = (version: string) => Number.parseInt(version, 10) >= 3;

/** The program of a manager that is not found where MLflow looks for it. */
async function lackingProgram(python: PythonCommand, manager: EnvironmentManager): Promise<string | undefined> {
  const { MLFLOW_CONDA_HOME: home, CONDA_EXE: exe } = process.env;
  const name = { local: undefined, uv: 'uv', virtualenv: 'pyenv', conda: 'conda' }[manager];
  if (name === undefined) return undefined;
  // supervisor.py puts the folder of the Python first.
  const place = path.dirname(python.command);
  const ownPlaces = name !== 'conda' ? [] : home ? [path.join(home, 'bin')] : exe ? [path.dirname(exe)] : [];
  return (await programOnPath(name, [...ownPlaces, place])) === undefined ? name : undefined;
}
