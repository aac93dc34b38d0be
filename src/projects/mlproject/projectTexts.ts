import * as vscode from 'vscode';
import type { Parameter, ProjectProblem } from './mlproject';

/** One plain sentence on what is wrong with an MLproject file. */
export function projectProblemText({ kind, subject }: ProjectProblem): string {
  switch (kind) {
    case 'syntax':
      return subject;
    case 'characters':
      return vscode.l10n.t('The file is not UTF-8 text');
    case 'tooLarge':
      return vscode.l10n.t('The file is too large for an MLproject');
    case 'notMapping':
      return vscode.l10n.t('The file must be a YAML mapping with entry_points');
    case 'entryPointsNotMapping':
      return vscode.l10n.t('entry_points must be a mapping of names');
    case 'entryPointNotMapping':
      return vscode.l10n.t('Entry point {0} must be a mapping with a command', subject);
    case 'parametersNotMapping':
      return vscode.l10n.t('parameters of {0} must be a mapping of names', subject);
    case 'parameterNotTextOrMapping':
      return vscode.l10n.t('Parameter {0} must be a type, or a mapping with type and default', subject);
    case 'severalEnvironments':
      return vscode.l10n.t('Only one environment may stand here, not {0}', subject);
    case 'environmentNotText':
      return vscode.l10n.t('{0} must be the path of a file', subject);
    case 'environmentMissing':
      return vscode.l10n.t('The environment file {0} does not exist', subject);
    case 'dockerNotMapping':
      return vscode.l10n.t('docker_env must be a mapping with an image');
    case 'dockerImageMissing':
      return vscode.l10n.t('docker_env names no image');
    case 'dockerVolumes':
      return vscode.l10n.t('volumes must be a list of texts');
    case 'dockerEnvironment':
      return vscode.l10n.t('environment must be a list of names and of pairs');
    case 'sparkJob':
      return vscode.l10n.t(
        'databricks_spark_job takes either a python_file or entry points, no path parameter and no environment',
      );
  }
}

/** With its place, for a row: `… (line 3, column 5)`. */
export function locatedProblemText(problem: ProjectProblem): string {
  const { line, column } = problem.range;
  return vscode.l10n.t('{0} (line {1}, column {2})', projectProblemText(problem), line + 1, column + 1);
}

/** `float = 0.5`, `path, required` */
export function parameterText({ type, default: fallback }: Parameter): string {
  return fallback === undefined ? vscode.l10n.t('{0}, required', type) : `${type} = ${fallback}`;
}
