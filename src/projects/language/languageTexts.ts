import * as vscode from 'vscode';
import { projectProblemText } from '../mlproject/projectTexts';
import type { Finding } from './findings';
import type { Fix } from './fixes';
import type { RenameProblem } from './references';
import type { KeyPlace } from './vocabulary';

/** One sentence on what is wrong, and what MLflow makes of it. */
export function findingText({ code, subject, nearest }: Pick<Finding, 'code' | 'subject' | 'nearest'>): string {
  const meant = nearest === undefined ? '' : ` ${vscode.l10n.t('Is it {0}?', nearest)}`;
  switch (code) {
    case 'commandMissing':
      return vscode.l10n.t('Entry point {0} has no command, so MLflow cannot run it.', subject);
    case 'commandNotText':
      return vscode.l10n.t('The command of {0} is no text, so MLflow cannot run it. Put it in quotes.', subject);
    case 'braceAlone':
      return vscode.l10n.t('A brace that stands alone: MLflow refuses the command. Write {{ or }} for a brace itself.');
    case 'placeholderNumber':
      return vscode.l10n.t('{0} names no parameter. Write {{ and }} for braces themselves.', subject);
    case 'placeholderForm':
      return vscode.l10n.t(
        'MLflow cannot fill {0}: a placeholder holds the name of a parameter, which is a text.',
        subject,
      );
    case 'placeholderUnknown':
      return vscode.l10n.t('No parameter is named {0}, so MLflow cannot run the entry point.', subject) + meant;
    case 'placeholderQuoted':
      return vscode.l10n.t(
        'MLflow puts quotes around the value of {0} itself. With quotes here too, the shell reads the value as code.',
        subject,
      );
    case 'placeholderExposed':
      return vscode.l10n.t(
        'Here the shell reads the value of {0} itself, so Flowdeck launches with plain ones alone: letters, digits and @%+=:,./-_ in them. As a word of its own it can have any.',
        subject,
      );
    case 'parameterUnused':
      return vscode.l10n.t('The command does not use {0}: MLflow drops its value.', subject);
    case 'nameNotText':
      return vscode.l10n.t(
        'YAML reads {0} as no text, so no option of mlflow run reaches it. Put it in quotes.',
        subject,
      );
    default:
      return valueText({ code, subject }, meant);
  }
}

function valueText({ code, subject }: Pick<Finding, 'code' | 'subject'>, meant: string): string {
  switch (code) {
    case 'typeUnknown':
      return vscode.l10n.t('MLflow knows no type {0} and checks nothing.', subject || '""') + meant;
    case 'defaultNotNumber':
      return vscode.l10n.t('{0} is no number, as the type float wants it.', subject);
    case 'defaultNotInteger':
      return vscode.l10n.t('{0} is no whole number, as the type wants it.', subject);
    case 'defaultNotUri':
      return vscode.l10n.t('{0} is no URI: MLflow refuses it.', subject);
    case 'defaultNoFile':
      return vscode.l10n.t('There is no file or folder {0} in the project.', subject);
    case 'defaultNull':
      return vscode.l10n.t('An empty default is none: {0} must be given.', subject);
    case 'duplicateKey':
      return vscode.l10n.t('{0} stands here more than once: only the last one counts.', subject);
    case 'keyUnknown':
      return vscode.l10n.t('MLflow reads no key {0} here and ignores it.', subject) + meant;
    default:
      return projectProblemText({
        kind: code as Parameters<typeof projectProblemText>[0]['kind'],
        subject,
        range: nowhere,
      });
  }
}

const nowhere = { line: 0, column: 0, endLine: 0, endColumn: 0 };

export function fixTitle({ kind, subject }: Fix): string {
  switch (kind) {
    case 'useNearest':
      return vscode.l10n.t('Change to {0}', subject);
    case 'doubleBrace':
      return vscode.l10n.t('Write {0} for a brace itself', subject + subject);
    case 'declareParameter':
      return vscode.l10n.t('Declare the parameter {0}', subject);
    case 'removeQuotes':
      return vscode.l10n.t('Take away the quotes around {0}', subject);
    case 'addToCommand':
      return vscode.l10n.t('Add {0} to the command', subject);
    case 'quote':
      return vscode.l10n.t('Put {0} in quotes', subject);
  }
}

export function renameProblemText(problem: RenameProblem, name: string): string {
  switch (problem) {
    case 'name':
      return vscode.l10n.t(
        '{0} cannot be the name of a parameter: letters, digits, _ and - in it, and a letter first.',
        name,
      );
    case 'taken':
      return vscode.l10n.t('There is a parameter {0} already.', name);
    case 'shared':
      return vscode.l10n.t('Another entry point shares this command and would lose its parameter {0}.', name);
  }
}

export function keyText(place: KeyPlace, name: string): string {
  switch (`${place}.${name}`) {
    case 'root.name':
      return vscode.l10n.t('Name of the project, for people.');
    case 'root.entry_points':
      return vscode.l10n.t('What can be run: a name for each command, with its parameters.');
    case 'root.python_env':
      return vscode.l10n.t(
        'File of a virtualenv or uv environment, relative to the project. Without it, python_env.yaml or conda.yaml of the folder counts.',
      );
    case 'root.conda_env':
      return vscode.l10n.t('File of a conda environment, relative to the project.');
    case 'root.docker_env':
      return vscode.l10n.t('The container image in which entry points run.');
    case 'root.databricks_spark_job':
      return vscode.l10n.t('A job on Databricks: a Python file, or entry points; no environment beside it.');
    case 'entryPoint.parameters':
      return vscode.l10n.t('Parameters of the command: a type for each, or a mapping with type and default.');
    case 'entryPoint.command':
      return vscode.l10n.t(
        'A line for the shell. {name} stands for the value of a parameter, quoted by MLflow; {{ and }} are braces.',
      );
    case 'parameter.type':
      return vscode.l10n.t('string, float, path or uri. MLflow checks path and uri only.');
    case 'parameter.default':
      return vscode.l10n.t('The value where none is given. Without it the parameter must be given.');
    case 'docker_env.image':
      return vscode.l10n.t('Name of the image, local or with its registry.');
    case 'docker_env.volumes':
      return vscode.l10n.t('A list of texts such as "/here:/there".');
    case 'docker_env.environment':
      return vscode.l10n.t('A list of names of variables to pass on, and of pairs of a name and a value.');
    default:
      return '';
  }
}

export function typeText(type: string): string {
  switch (type) {
    case 'string':
      return vscode.l10n.t('Any text.');
    case 'float':
      return vscode.l10n.t('A number. MLflow passes it on as it is; Flowdeck checks it.');
    case 'path':
      return vscode.l10n.t('A file or folder: relative paths become absolute, and a URI is downloaded first.');
    case 'uri':
      return vscode.l10n.t('An address such as s3://… or runs:/…, passed on as it is. A file on disk needs path.');
    case 'int':
    case 'integer':
      return vscode.l10n.t('A text to MLflow; Flowdeck asks for a whole number.');
    default:
      return vscode.l10n.t('A text to MLflow, which checks nothing.');
  }
}
