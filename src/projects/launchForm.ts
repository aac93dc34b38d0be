import path from 'node:path';
import * as vscode from 'vscode';
import type { TrackingStore } from '../mlflow/trackingStore';
import { back, inputStep, pickStep, type StepButton } from '../platform/quickSteps';
import { parameterProblemText } from './launchTexts';
import type { EntryPoint, Parameter } from './mlproject';
import { typedProblem } from './parameters';
import type { FoundProject } from './projectsStore';
import { parameterText } from './projectTexts';
import { pathExists } from './whatToRun';

export interface LaunchAnswers {
  /** Of every parameter. */
  readonly values: ReadonlyMap<string, string>;
  readonly experiment: string;
  /** All options are asked for in the form, which begins with these. */
  readonly inForm?: true;
}

export interface LaunchForm {
  readonly found: FoundProject;
  readonly entryPoint: EntryPoint;
  readonly store: TrackingStore;
  /** What was answered last. */
  readonly lastValues: ReadonlyMap<string, string>;
  readonly lastExperiment: string | undefined;
  /** Earlier values of a parameter, the last first. */
  readonly earlier: (parameter: string) => readonly string[];
  /** Params of a run that a person chooses. */
  readonly fromRun: () => Promise<ReadonlyMap<string, string> | undefined>;
}

type Aside = 'form' | 'run' | 'earlier' | 'browse';

/** Asks for the parameters one by one and then for the experiment. Undefined when cancelled. */
export async function askForLaunch(form: LaunchForm): Promise<LaunchAnswers | undefined> {
  const { parameters } = form.entryPoint;
  const values = new Map(form.lastValues);
  const done = (experiment: string) => ({ values: onlyDeclared(parameters, values), experiment });
  let complaint: string | undefined;
  for (let step = 0; ; ) {
    const parameter = parameters[step];
    let pressed: Aside | undefined;
    const buttons = buttonsOf(parameter, (aside, text) => {
      pressed = aside;
      if (parameter) values.set(parameter.name, text);
    });
    const place = { title: titleOf(form), step: step + 1, totalSteps: parameters.length + 1, canGoBack: step > 0 };
    const frame = { ...place, buttons };
    const answer = parameter
      ? await askForParameter(form, parameter, frame, values.get(parameter.name), complaint)
      : await askForExperiment(form, frame);
    complaint = undefined;
    if (pressed === 'form') return { ...done(form.lastExperiment ?? 'Default'), inForm: true };
    if (pressed) await stepAside(form, pressed, parameter, values);
    else if (answer === undefined) return undefined;
    else if (answer === back) step--;
    else if (!parameter) return done(answer);
    else {
      values.set(parameter.name, answer);
      // Asking the disk takes a moment: the box is shown again when nothing is there.
      if (parameter.type === 'path' && !(await pathExists(vscode.Uri.joinPath(form.found.file, '..'), answer)))
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
  readonly buttons: readonly StepButton[];
}

const titleOf = ({ entryPoint }: LaunchForm) => vscode.l10n.t('Run {0}', entryPoint.name);

function buttonsOf(parameter: Parameter | undefined, press: (aside: Aside, text: string) => void): StepButton[] {
  const button = (aside: Aside, icon: string, tooltip: string): StepButton => ({
    iconPath: new vscode.ThemeIcon(icon),
    tooltip,
    press: (text) => press(aside, text),
  });
  return [
    ...(parameter?.type === 'path' || parameter?.type === 'uri'
      ? [button('browse', 'folder-opened', vscode.l10n.t('Browse…'))]
      : []),
    ...(parameter ? [button('earlier', 'history', vscode.l10n.t('Earlier Values…'))] : []),
    button('run', 'beaker', vscode.l10n.t('Take the Params of a Run…')),
    button('form', 'settings-gear', vscode.l10n.t('All Options…')),
  ];
}

async function stepAside(
  form: LaunchForm,
  aside: Exclude<Aside, 'form'>,
  parameter: Parameter | undefined,
  values: Map<string, string>,
): Promise<void> {
  if (aside === 'run') {
    for (const [name, value] of (await form.fromRun()) ?? []) values.set(name, value);
    return;
  }
  if (!parameter) return;
  const folder = vscode.Uri.joinPath(form.found.file, '..');
  const chosen = aside === 'browse' ? await browse(parameter, folder) : await pickEarlier(form, parameter);
  if (chosen !== undefined) values.set(parameter.name, chosen);
}

/** A file or folder for a parameter: relative inside the project, absolute outside, an address for a `uri`. */
export async function browse({ name, type }: Pick<Parameter, 'name' | 'type'>, folder: vscode.Uri) {
  const options = { defaultUri: folder, canSelectFiles: true, canSelectFolders: true, title: name };
  const [chosen] = (await vscode.window.showOpenDialog(options)) ?? [];
  if (!chosen) return undefined;
  if (type === 'uri') return chosen.toString();
  const inside = path.relative(folder.fsPath, chosen.fsPath);
  if (inside === '') return '.';
  return inside.startsWith('..') || path.isAbsolute(inside) ? chosen.fsPath : inside.split(path.sep).join('/');
}

async function pickEarlier(form: LaunchForm, { name }: Parameter): Promise<string | undefined> {
  const earlier = form.earlier(name);
  const placeHolder =
    earlier.length > 0
      ? vscode.l10n.t('Earlier values of {0}', name)
      : vscode.l10n.t('{0} was not launched with other values yet', name);
  return vscode.window.showQuickPick([...earlier], { title: titleOf(form), placeHolder });
}

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
export async function experimentNames(store: TrackingStore): Promise<readonly string[]> {
  const { items } = await store.searchExperiments({ orderBy: ['last_update_time DESC'], maxResults: 1_000 });
  return items.map(({ name }) => name);
}
