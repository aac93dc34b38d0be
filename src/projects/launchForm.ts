import * as vscode from 'vscode';
import type { TrackingStore } from '../mlflow/trackingStore';
import { back, inputStep, pickStep } from '../platform/quickSteps';
import { pathExists } from './launch';
import type { EntryPoint, Parameter } from './mlproject';
import { typedProblem } from './parameters';
import type { FoundProject } from './projectsStore';
import { parameterProblemText, parameterText } from './projectTexts';

export interface LaunchAnswers {
  /** Of every parameter. */
  readonly values: ReadonlyMap<string, string>;
  readonly experiment: string;
}

export interface LaunchForm {
  readonly found: FoundProject;
  readonly entryPoint: EntryPoint;
  readonly store: TrackingStore;
  /** What was answered last. */
  readonly lastValues: ReadonlyMap<string, string>;
  readonly lastExperiment: string | undefined;
}

/** Asks for the parameters one by one and then for the experiment. Undefined when cancelled. */
export async function askForLaunch(form: LaunchForm): Promise<LaunchAnswers | undefined> {
  const { parameters } = form.entryPoint;
  const values = new Map(form.lastValues);
  let complaint: string | undefined;
  for (let step = 0; ; ) {
    const parameter = parameters[step];
    const frame = { title: titleOf(form), step: step + 1, totalSteps: parameters.length + 1, canGoBack: step > 0 };
    const answer = parameter
      ? await askForParameter(form, parameter, frame, values.get(parameter.name), complaint)
      : await askForExperiment(form, frame);
    complaint = undefined;
    if (answer === undefined) return undefined;
    if (answer === back) step--;
    else if (!parameter) return { values: onlyDeclared(parameters, values), experiment: answer };
    else {
      values.set(parameter.name, answer);
      // Asking the disk takes a moment: the box is shown again when nothing is there.
      if (parameter.type === 'path' && !(await pathExists(form.found, answer)))
        complaint = vscode.l10n.t('There is no file or folder {0}.', answer);
      else step++;
    }
  }
}

interface Frame {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
  readonly canGoBack: boolean;
}

const titleOf = ({ entryPoint }: LaunchForm) => vscode.l10n.t('Run {0}', entryPoint.name);

function onlyDeclared(parameters: readonly Parameter[], values: ReadonlyMap<string, string>) {
  return new Map(parameters.map(({ name, default: fallback }) => [name, values.get(name) ?? fallback ?? '']));
}

function askForParameter(
  { entryPoint }: LaunchForm,
  parameter: Parameter,
  frame: Frame,
  known: string | undefined,
  complaint: string | undefined,
) {
  return inputStep({
    ...frame,
    placeholder: parameter.default ?? parameter.type,
    prompt: `${parameter.name}: ${parameterText(parameter)}`,
    value: known ?? parameter.default ?? '',
    problem: (text) => {
      const problem = typedProblem(entryPoint, parameter, text);
      return problem && parameterProblemText(problem);
    },
    ...(complaint === undefined ? {} : { complaint }),
  });
}

interface ExperimentItem extends vscode.QuickPickItem {
  readonly experiment: string;
}

async function askForExperiment(form: LaunchForm, frame: Frame): Promise<string | typeof back | undefined> {
  const last = form.lastExperiment ?? 'Default';
  let names: readonly string[] = [];
  const items = (): readonly ExperimentItem[] =>
    [last, ...names.filter((name) => name !== last)].map((name) => ({
      label: name,
      experiment: name,
      ...(name === form.lastExperiment ? { description: vscode.l10n.t('used last') } : {}),
    }));
  const later = experimentNames(form.store).then((found) => {
    names = found;
    return items();
  });
  const picked = await pickStep<ExperimentItem>({
    ...frame,
    placeholder: vscode.l10n.t('Experiment of the run: choose one or type a new name'),
    items: items(),
    later,
    typed: (value) => {
      const experiment = value.trim();
      if (experiment === '' || experiment === last || names.includes(experiment)) return undefined;
      return { label: `$(add) ${experiment}`, description: vscode.l10n.t('new experiment'), experiment };
    },
  });
  return picked === undefined || picked === back ? picked : picked.experiment;
}

/** The experiments a person would look among, those used last first. */
async function experimentNames(store: TrackingStore): Promise<readonly string[]> {
  const { items } = await store.searchExperiments({ orderBy: ['last_update_time DESC'], maxResults: 1_000 });
  return items.map(({ name }) => name);
}
