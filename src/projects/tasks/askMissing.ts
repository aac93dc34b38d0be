import * as vscode from 'vscode';
import { back, inputStep, type StepButton } from '../../platform/quickSteps';
import { pathExists, projectAt } from '../launch/whatToRun';
import type { EntryPoint, Parameter } from '../mlproject/mlproject';
import { parameterText } from '../mlproject/projectTexts';
import { parameterProblemText } from '../request/launchTexts';
import { takesEmpty, typedProblem, typedValue } from '../request/parameters';
import type { LaunchRequest } from '../request/taskDefinition';
import { type LaunchMemory, memoryKey } from './launchMemory';

/**
 * A task with the values that it leaves out and its entry point has no default for: asked for, with the last answers. A
 * `CancellationError` when the person gives none. What another version or a sweep lacks is said when it is launched.
 */
export async function askMissing(
  request: LaunchRequest,
  folder: vscode.WorkspaceFolder,
  memory: LaunchMemory,
): Promise<LaunchRequest> {
  const { entryPoint: name, project, parameters, version, repository, sweep } = request;
  if (version !== undefined || repository !== undefined || sweep) return request;
  const place = vscode.Uri.joinPath(folder.uri, project);
  const found = await projectAt(place, folder);
  const declared = found && 'project' in found.content ? found.content.project.entryPoints : [];
  const entryPoint = declared.find((candidate) => candidate.name === name);
  const missing = (entryPoint?.parameters ?? []).filter(
    (parameter) => parameter.default === undefined && !parameters.has(parameter.name),
  );
  if (!found || !entryPoint || missing.length === 0) return request;
  const key = memoryKey(found, name);
  const known = new Map(memory.values(key));
  const answers = await ask(entryPoint, missing, known, place);
  await memory.remember(key, new Map([...known, ...answers]), memory.experiment ?? 'Default');
  return { ...request, parameters: new Map([...parameters, ...answers]) };
}

async function ask(
  entryPoint: EntryPoint,
  missing: readonly Parameter[],
  known: ReadonlyMap<string, string>,
  place: vscode.Uri,
): Promise<ReadonlyMap<string, string>> {
  const answers = new Map<string, string>();
  let complaint: string | undefined;
  for (let step = 0; ; ) {
    const parameter = missing[step];
    if (!parameter) return answers;
    const { name, type } = parameter;
    let isEmpty = false;
    const empty = emptyButton(() => {
      isEmpty = true;
    });
    const answer = await inputStep({
      title: vscode.l10n.t('Run {0}', entryPoint.name),
      step: step + 1,
      totalSteps: missing.length,
      canGoBack: step > 0,
      buttons: takesEmpty(parameter) ? [empty] : [],
      placeholder: type,
      prompt: `${name}: ${parameterText(parameter)}`,
      value: answers.get(name) ?? known.get(name) ?? '',
      problem: (text) => {
        const problem = typedProblem(entryPoint, parameter, typedValue(parameter, text));
        return problem && parameterProblemText(problem);
      },
      ...(complaint === undefined ? {} : { complaint }),
    });
    complaint = undefined;
    if (answer === undefined && !isEmpty) throw new vscode.CancellationError();
    if (answer === back) {
      step--;
      continue;
    }
    answers.set(name, answer ?? '');
    // Asking the disk takes a moment: the box is shown again when nothing is there.
    if (type === 'path' && answer !== undefined && !(await pathExists(place, answer)))
      complaint = vscode.l10n.t('There is no file or folder {0}.', answer);
    else step++;
  }
}

/** For a parameter that takes an empty text: Enter in an empty box may be a mistake. */
export const emptyButton = (press: () => void): StepButton => ({
  iconPath: new vscode.ThemeIcon('circle-slash'),
  tooltip: vscode.l10n.t('Give Empty Text'),
  press,
});
