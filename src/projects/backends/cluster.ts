import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { MlflowError } from '../../mlflow/mlflowError';
import { type PythonCommand, pythonOutput } from '../../platform/python';

/**
 * What MLflow does not go without in the file; without kube-context it takes the current one, or that of the pod it runs in.
 * https://github.com/mlflow/mlflow/blob/master/mlflow/projects/__init__.py
 */
const needed = ['kube-job-template-path', 'repository-uri'] as const;

/** As MLflow connects, with one small question. Says nothing when the cluster answers. */
const askCluster = (context: string | undefined) => `
from kubernetes import client, config
from kubernetes.config.config_exception import ConfigException
try:
    try:
        config.load_kube_config(context=${context === undefined ? 'None' : JSON.stringify(context)})
    except (OSError, ConfigException) as error:
        try:
            config.load_incluster_config()
        except ConfigException:
            raise error
    import urllib3
    settings = client.Configuration.get_default_copy()
    settings.retries = urllib3.Retry(0)
    client.VersionApi(client.ApiClient(settings)).get_code(_request_timeout=(5, 8))
    print("answers")
except Exception as error:
    print(" ".join(str(getattr(error, "reason", error)).split())[:300] or type(error).__name__)
`;

/**
 * Throws `MlflowError` when MLflow could not make a job: `config` is its configuration file, read; `project` is the
 * folder that a path in it is relative to.
 */
export async function requireCluster(
  python: PythonCommand,
  file: string,
  config: unknown,
  project: string,
): Promise<void> {
  const value = (key: string): unknown =>
    typeof config === 'object' && config !== null && Object.hasOwn(config, key) ? Reflect.get(config, key) : undefined;
  const missing = needed.find((key) => typeof value(key) !== 'string');
  if (missing !== undefined)
    throw new MlflowError('invalid', vscode.l10n.t('{0} does not say {1}.', file, missing), {
      advice: vscode.l10n.t('The backend kubernetes needs {0} there.', needed.join(', ')),
    });
  const template = String(value('kube-job-template-path'));
  if (!existsSync(path.resolve(project, template)))
    throw new MlflowError('invalid', vscode.l10n.t('The job template {0} is not there.', template), {
      advice: vscode.l10n.t('Correct kube-job-template-path in {0}; it is relative to {1}.', file, project),
    });
  const named = value('kube-context') ?? undefined;
  const context = named === undefined ? undefined : String(named);
  const answer = (await pythonOutput(python, askCluster(context)))?.trim();
  if (answer === 'answers') return;
  const why = answer ?? vscode.l10n.t('no answer');
  throw new MlflowError(
    'invalid',
    context === undefined
      ? vscode.l10n.t('The cluster of the current kube-context does not answer: {0}', why)
      : vscode.l10n.t('The cluster of kube-context {0} does not answer: {1}', context, why),
    {
      advice: vscode.l10n.t('Start it, or choose another of "kubectl config get-contexts".'),
    },
  );
}
