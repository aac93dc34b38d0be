import * as vscode from 'vscode';
import type { Parameter, ProjectProblem } from './mlproject';
import type { ParameterProblem } from './parameters';
import { mostSweepRuns, type SweepProblem } from './sweepPlan';

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

export function parameterProblemText({ kind, name }: ParameterProblem): string {
  switch (kind) {
    case 'missing':
      return vscode.l10n.t('{0} has no default and needs a value.', name);
    case 'unreachable':
      return vscode.l10n.t('{0} is no text in the MLproject file: put its name in quotes there.', name);
    case 'unusableName':
      return vscode.l10n.t('No parameter of the name {0} can be passed to MLflow.', JSON.stringify(name));
    case 'notNumber':
      return vscode.l10n.t('{0} is a float: type a number.', name);
    case 'notInteger':
      return vscode.l10n.t('{0} is an integer: type a whole number.', name);
    case 'notUri':
      return vscode.l10n.t('{0} is a URI: type an address such as https://… or s3://…', name);
    case 'tooLong':
      return vscode.l10n.t('The value of {0} is longer than the 6,000 characters that MLflow stores.', name);
    case 'nul':
      return vscode.l10n.t('The value of {0} holds a character that no program can be given.', name);
    case 'readByShell':
      return vscode.l10n.t(
        'The command puts {0} in quotes of its own, so that the shell would read this value. Take the quotes around the placeholder out of the MLproject file: MLflow quotes values itself.',
        name,
      );
  }
}

/** `float = 0.5`, `path, required` */
export function parameterText({ type, default: fallback }: Parameter): string {
  return fallback === undefined ? vscode.l10n.t('{0}, required', type) : `${type} = ${fallback}`;
}

export function sweepProblemText({ kind, name }: SweepProblem): string {
  switch (kind) {
    case 'empty':
      return vscode.l10n.t('{0}: type values with commas between them, or a range such as 1..5.', name);
    case 'badRange':
      return vscode.l10n.t('{0}: a range goes from the smaller to the larger number, by a step above 0.', name);
    case 'logRange':
      return vscode.l10n.t('{0}: a logarithmic range begins above 0.', name);
    case 'needsStep':
      return vscode.l10n.t('{0}: a grid needs "step 0.1", "count 5" or "log 5" after the range.', name);
    case 'badQuotes':
      return vscode.l10n.t('{0}: a value in double quotes is not closed.', name);
    case 'tooMany':
      return vscode.l10n.t('A sweep has at most {0} runs.', mostSweepRuns);
    case 'nothing':
      return vscode.l10n.t('Choose at least one parameter that varies.');
  }
}
