import fs from 'node:fs/promises';
import * as vscode from 'vscode';
import { MlflowError } from '../../mlflow/mlflowError';
import { type PythonCommand, pythonOutput } from '../../platform/python';
import type { EnvironmentKind } from '../mlproject/mlproject';
import { requireCluster } from './cluster';
import { requireDocker, requireModule } from './managers';

export const isLocalBackend = (backend: string | undefined): backend is undefined | 'local' =>
  backend === undefined || backend === 'local';

/** Backends that are a part of MLflow. */
export const ownBackends = ['local', 'kubernetes', 'databricks'] as const;

/** Python 3.8's `entry_points` takes no argument. */
const listPlugins = `
import importlib.metadata as m, json
found = m.entry_points()
group = "mlflow.project_backend"
found = found.select(group=group) if hasattr(found, "select") else found.get(group, [])
print(json.dumps(sorted({point.name for point in found})))
`;

/** Names of the project backends that plug-ins of this Python bring; https://mlflow.org/docs/latest/ml/plugins/ */
export async function pluginBackends(python: PythonCommand): Promise<readonly string[]> {
  const output = await pythonOutput(python, listPlugins);
  try {
    const names: unknown = JSON.parse(output ?? '[]');
    return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/** Throws `MlflowError` for a backend that MLflow would not find, or without the file that it needs. */
export async function requireBackend(
  python: PythonCommand,
  backend: string,
  configFile: string | undefined,
  environment: EnvironmentKind | undefined,
  /** Its folder. */
  project: string,
): Promise<void> {
  const builtIn = ownBackends.some((name) => name === backend);
  const plugins = builtIn ? [] : await pluginBackends(python);
  if (!builtIn && !plugins.includes(backend)) {
    const known = [...ownBackends, ...plugins].join(', ');
    throw new MlflowError('invalid', vscode.l10n.t('{0} knows no project backend {1}.', python.label, backend), {
      advice: vscode.l10n.t('There are: {0}. Others are plug-ins to be installed in that Python.', known),
    });
  }
  if (configFile === undefined) {
    if (backend !== 'kubernetes' && backend !== 'databricks') return;
    throw new MlflowError('invalid', vscode.l10n.t('The backend {0} needs a configuration file.', backend), {
      advice: vscode.l10n.t('Choose a JSON file as MLflow describes it.'),
    });
  }
  const config = await readJson(configFile);
  if (backend !== 'kubernetes') return;
  if (environment !== 'docker_env')
    throw new MlflowError('invalid', vscode.l10n.t('The backend kubernetes runs projects with a docker_env only.'));
  await requireModule(python, 'kubernetes');
  await requireDocker();
  await requireCluster(python, configFile, config, project);
}

async function readJson(file: string): Promise<unknown> {
  const problem = (message: string) => new MlflowError('invalid', message);
  // By this ending MLflow tells a path from a text.
  if (!file.endsWith('.json')) throw problem(vscode.l10n.t('{0} must end in .json.', file));
  try {
    return JSON.parse(await fs.readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw problem(vscode.l10n.t('{0} is no JSON: {1}', file, error.message));
    throw problem(vscode.l10n.t('{0} cannot be read.', file));
  }
}
