import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { MlflowError } from '../../mlflow/mlflowError';
import { hasModule, mlflowVersion, type PythonCommand, programOnPath } from '../../platform/python';
import type { EnvironmentKind } from '../mlproject/mlproject';
import type { EnvironmentManager } from '../request/taskDefinition';

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
  if (lacking !== undefined)
    throw new MlflowError(
      'invalid',
      path.isAbsolute(lacking)
        ? vscode.l10n.t('{0} is not there: {1} environments need it.', lacking, manager)
        : vscode.l10n.t('{0} is not on PATH: {1} environments need it.', lacking, manager),
      {
        advice: vscode.l10n.t('Install it, or choose another flowdeck.projects.environmentManager.'),
      },
    );
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
  const advice = vscode.l10n.t('Install or start it, then launch again.');
  if ((await programOnPath('docker', [])) === undefined)
    throw new MlflowError('invalid', vscode.l10n.t('docker is not on PATH: the docker_env of the project needs it.'), {
      advice,
    });
  const problem = await new Promise<string | undefined>((resolve) => {
    execFile('docker', ['info'], { timeout: 20_000, windowsHide: true }, (error, _output, complaint) =>
      resolve(error ? complaint.trim().split('\n').at(-1) || error.message : undefined),
    );
  });
  if (problem !== undefined)
    throw new MlflowError('invalid', vscode.l10n.t('Docker does not answer: {0}', problem), { advice });
}

const isMlflow3 = (version: string) => Number.parseInt(version, 10) >= 3;

/** What MLflow would look for and not find; undefined when all is there. */
async function lackingProgram(python: PythonCommand, manager: EnvironmentManager): Promise<string | undefined> {
  // supervisor.py puts the folder of the Python first.
  const places = [path.dirname(python.command)];
  const lacks = async (name: string) => ((await programOnPath(name, places)) === undefined ? name : undefined);
  switch (manager) {
    case 'local':
      return undefined;
    case 'uv':
      return lacks('uv');
    case 'virtualenv':
      return lacks('pyenv');
    case 'conda':
      return lackingOfConda(python);
  }
}

/** The place where MLflow is to look for conda, as the environment of this window has it. */
function condaPlace(): string | undefined {
  const { MLFLOW_CONDA_HOME: home, CONDA_EXE: exe } = process.env;
  return home ? path.join(home, 'bin') : exe ? path.dirname(exe) : undefined;
}

/**
 * What a launch is given so that MLflow finds conda. Without a place it would activate by `source activate`, and the first
 * of that name is the one of the virtual environment that MLflow itself is in: the program would run there.
 */
export async function managerEnvironment(
  python: PythonCommand,
  manager: EnvironmentManager,
): Promise<{ readonly CONDA_EXE?: string }> {
  if (manager !== 'conda' || condaPlace() !== undefined) return {};
  const found = await programOnPath('conda', [path.dirname(python.command)]);
  return found === undefined ? {} : { CONDA_EXE: found };
}

/** In that place MLflow looks alone, and for this script: https://github.com/mlflow/mlflow/blob/master/mlflow/utils/conda.py */
async function lackingOfConda(python: PythonCommand): Promise<string | undefined> {
  const { CONDA_EXE: found } = await managerEnvironment(python, 'conda');
  const place = condaPlace() ?? (found === undefined ? undefined : path.dirname(found));
  if (place === undefined) return 'conda';
  const names = ['conda', process.env.MLFLOW_CONDA_CREATE_ENV_CMD ?? 'conda'];
  const isWindows = process.platform === 'win32';
  const programs = names.map((name) => path.join(place, isWindows ? `${name}.exe` : name));
  const script = isWindows ? [] : [path.join(place, '..', 'etc', 'profile.d', 'conda.sh')];
  return [...programs, ...script].find((file) => !existsSync(file));
}
