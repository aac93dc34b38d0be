import * as vscode from 'vscode';
import { inputStep } from '../../platform/quickSteps';
import { oneLine } from '../../shared/oneLine';
import { optionsProblemText } from '../request/launchTexts';
import { wordsIn, wordsText } from '../request/scripts';
import { listed } from './listed';
import type { ReproducePlan } from './plan';
import { isWritable } from './projectFile';
import type { ScriptRun } from './scriptRun';

/** What was typed for a run, as long as the window is there. */
const typed = new Map<string, string>();

/**
 * What a script is given: as it was recorded, else as a person types it. Nothing for what is no script. Undefined when they
 * leave it.
 */
export async function askForArguments({
  run,
  script,
  entryPoint,
}: ReproducePlan): Promise<readonly string[] | undefined> {
  if (!script || script.recorded) return script?.recorded ?? [];
  const answer = await inputStep({
    title: vscode.l10n.t('Options of {0}', oneLine(entryPoint.name, 80)),
    placeholder: vscode.l10n.t('No options, as in: --name value --switch file'),
    prompt: promptOf(script, oneLine(entryPoint.name, 80)),
    value: typed.get(run.runId) ?? wordsText(script.proposed.args),
    problem: problemOf,
  });
  if (typeof answer !== 'string') return undefined;
  typed.set(run.runId, answer);
  return wordsIn(answer);
}

function problemOf(text: string): string | undefined {
  const words = wordsIn(text);
  if (!words) return optionsProblemText({ kind: 'quote' });
  return words.every(isWritable) ? undefined : vscode.l10n.t('A character in it cannot be given to a program.');
}

function promptOf({ proposed, isDeclared }: ScriptRun, name: string): string {
  const { args, lacking } = proposed;
  return [
    vscode.l10n.t('MLflow did not record the command line of {0}.', name),
    args.length > 0
      ? vscode.l10n.t('These options are made of the params of the run: correct them.')
      : isDeclared
        ? vscode.l10n.t('By its params it was given nothing but defaults: correct that, or leave it empty.')
        : vscode.l10n.t('Its options cannot be read from its source: type what it was given, or nothing.'),
    ...(lacking.length > 0 ? [vscode.l10n.t('It needs {0}.', listed(lacking, 5))] : []),
    vscode.l10n.t('No shell reads them.'),
  ].join(' ');
}
