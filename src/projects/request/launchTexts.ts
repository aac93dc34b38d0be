import * as vscode from 'vscode';
import type { ParameterProblem, VariedProblem } from './parameters';
import type { OptionsProblem } from './scripts';
import { mostSweepRuns, type SweepProblem } from './sweepSpec';

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
        'The shell would read this value of {0} as code, or as another text, where the command has it: in quotes, a comment or a substitution, say. Make the placeholder a word of its own in the MLproject file: MLflow quotes values itself.',
        name,
      );
  }
}

export const variedProblemText = (found: VariedProblem) =>
  found.of === 'sweep' ? sweepProblemText(found.problem) : parameterProblemText(found.problem);

export function optionsProblemText(problem: OptionsProblem): string {
  switch (problem.kind) {
    case 'quote':
      return vscode.l10n.t('A quote does not end.');
    case 'word':
      return vscode.l10n.t('{0} is no option: type --name value, or name=value.', problem.subject);
    case 'value':
      return vscode.l10n.t('{0} needs a value.', problem.subject);
  }
}

export const repeatedText = (name: string) =>
  vscode.l10n.t(
    'The docker argument {0} stands there twice: MLflow takes each name once. Many have a second name, such as v and volume, e and env.',
    name,
  );

export function sweepProblemText({ kind, name }: SweepProblem): string {
  switch (kind) {
    case 'empty':
      return vscode.l10n.t('{0}: type values with commas between them, or a range such as 1..5.', name);
    case 'badRange':
      return vscode.l10n.t('{0}: a range goes from the smaller to the larger number, by a step above 0.', name);
    case 'wholeRange':
      return vscode.l10n.t('{0} is an integer: the ends and the step of a range are whole numbers.', name);
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
