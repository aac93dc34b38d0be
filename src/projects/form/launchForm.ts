import path from 'node:path';
import * as vscode from 'vscode';
import type { TrackingStore } from '../../mlflow/trackingStore';
import { back, inputStep, pickStep, type StepButton } from '../../platform/quickSteps';
import { isScript } from '../command/entryPoints';
import { pathExists } from '../launch/whatToRun';
import type { EntryPoint, Parameter } from '../mlproject/mlproject';
import { parameterText } from '../mlproject/projectTexts';
import { experimentNames } from '../request/experimentNames';
import { optionsProblemText, parameterProblemText } from '../request/launchTexts';
import { takesEmpty, typedProblem, typedValue } from '../request/parameters';
import { optionsText, parseOptions } from '../request/scripts';
import { emptyButton } from '../tasks/askMissing';
import type { FoundProject } from '../view/projectsStore';

export interface LaunchAnswers {
  /** Of every parameter; of a script its options. */
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
  /** Earlier values of a parameter, or all options of a script as `optionsText` has them; the last first. */
  readonly earlier: (parameter: string | undefined) => readonly string[];
  /** Params of a run that a person chooses. */
  readonly fromRun: () => Promise<ReadonlyMap<string, string> | undefined>;
}

type Aside = 'form' | 'run' | 'earlier' | 'browse' | 'empty';
/** What is asked for: one parameter, or what a script is given. */
type Asked = Parameter | 'options' | 'experiment';

/** Asks for the parameters one by one and then for the experiment. Undefined when cancelled. */
export async function askForLaunch(form: LaunchForm): Promise<LaunchAnswers | undefined> {
  const { entryPoint } = form;
  const script = isScript(entryPoint);
  const steps: readonly Asked[] = [...(script ? ['options' as const] : entryPoint.parameters), 'experiment'];
  const values = new Map(form.lastValues);
  const done = (experiment: string) => ({
    values: script ? values : onlyDeclared(entryPoint.parameters, values),
    experiment,
  });
  let complaint: string | undefined;
  for (let at = 0; ; ) {
    const asked = steps[at] ?? 'experiment';
    let pressed: Aside | undefined;
    const buttons = buttonsOf(asked, (aside, text) => {
      pressed = aside;
      if (typeof asked === 'string') take(values, asked, text);
      else put(values, asked.name, aside === 'empty' ? '' : typedValue(asked, text));
    });
    const frame = { title: titleOf(form), step: at + 1, totalSteps: steps.length, canGoBack: at > 0, buttons };
    const answer = await askFor(form, asked, frame, values, complaint);
    complaint = undefined;
    if (pressed === 'form') return { ...done(form.lastExperiment ?? 'Default'), inForm: true };
    if (pressed === 'empty') at++;
    else if (pressed) await stepAside(form, pressed, asked, values);
    else if (answer === undefined) return undefined;
    else if (answer === back) at--;
    else if (asked === 'experiment') return done(answer);
    else {
      take(values, asked, answer);
      complaint = await lacking(form, asked, answer);
      if (complaint === undefined) at++;
    }
  }
}

function askFor(
  form: LaunchForm,
  asked: Asked,
  frame: Frame,
  values: ReadonlyMap<string, string>,
  complaint: string | undefined,
): Promise<string | typeof back | undefined> {
  if (asked === 'experiment') return askForExperiment(form, frame);
  if (asked === 'options') return askForOptions(frame, values);
  return askForParameter(form, asked, frame, values.get(asked.name), complaint);
}

function put(values: Map<string, string>, name: string, value: string | undefined): void {
  if (value === undefined) values.delete(name);
  else values.set(name, value);
}

/** Options that cannot be read, of somebody who steps aside while typing, stay as they were. */
function take(values: Map<string, string>, asked: Asked, text: string): void {
  if (asked === 'experiment') return;
  if (asked !== 'options') return void values.set(asked.name, text);
  const options = parseOptions(text);
  if ('kind' in options) return;
  values.clear();
  for (const [name, value] of options) values.set(name, value);
}

/** Asking the disk takes a moment: the box is shown again when nothing is there. */
async function lacking(form: LaunchForm, asked: Asked, value: string): Promise<string | undefined> {
  if (typeof asked === 'string' || asked.type !== 'path') return undefined;
  const exists = await pathExists(vscode.Uri.joinPath(form.found.file, '..'), value);
  return exists ? undefined : vscode.l10n.t('There is no file or folder {0}.', value);
}

interface Frame {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
  readonly canGoBack: boolean;
  readonly buttons: readonly StepButton[];
}

const titleOf = ({ entryPoint }: LaunchForm) => vscode.l10n.t('Run {0}', entryPoint.name);

function buttonsOf(asked: Asked, press: (aside: Aside, text: string) => void): StepButton[] {
  const button = (aside: Aside, icon: string, tooltip: string): StepButton => ({
    iconPath: new vscode.ThemeIcon(icon),
    tooltip,
    press: (text) => press(aside, text),
  });
  return [
    ...(typeof asked !== 'string' && (asked.type === 'path' || asked.type === 'uri')
      ? [button('browse', 'folder-opened', vscode.l10n.t('Browse…'))]
      : []),
    ...(typeof asked !== 'string' && takesEmpty(asked) ? [emptyButton(() => press('empty', ''))] : []),
    ...(asked === 'experiment' ? [] : [button('earlier', 'history', vscode.l10n.t('Earlier Values…'))]),
    button('run', 'beaker', vscode.l10n.t('Take the Params of a Run…')),
    button('form', 'settings-gear', vscode.l10n.t('All Options…')),
  ];
}

async function stepAside(
  form: LaunchForm,
  aside: Exclude<Aside, 'form' | 'empty'>,
  asked: Asked,
  values: Map<string, string>,
): Promise<void> {
  if (aside === 'run') {
    for (const [name, value] of (await form.fromRun()) ?? []) values.set(name, value);
    return;
  }
  if (asked === 'experiment') return;
  const folder = vscode.Uri.joinPath(form.found.file, '..');
  const chosen =
    aside === 'browse' && asked !== 'options' ? await browse(asked, folder) : await pickEarlier(form, asked);
  if (chosen !== undefined) take(values, asked, chosen);
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

async function pickEarlier(form: LaunchForm, asked: Parameter | 'options'): Promise<string | undefined> {
  const earlier = form.earlier(asked === 'options' ? undefined : asked.name);
  const name = asked === 'options' ? form.entryPoint.name : asked.name;
  const placeHolder =
    earlier.length > 0
      ? vscode.l10n.t('Earlier values of {0}', name)
      : vscode.l10n.t('{0} was not launched with other values yet', name);
  return vscode.window.showQuickPick([...earlier], { title: titleOf(form), placeHolder });
}

function onlyDeclared(parameters: readonly Parameter[], values: ReadonlyMap<string, string>) {
  return new Map(
    parameters.flatMap(({ name, default: fallback }) => {
      const value = values.get(name) ?? fallback;
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
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
      const problem = typedProblem(entryPoint, parameter, typedValue(parameter, text));
      return problem && parameterProblemText(problem);
    },
    ...(complaint === undefined ? {} : { complaint }),
  });
}

function askForOptions(frame: Frame, values: ReadonlyMap<string, string>) {
  return inputStep({
    ...frame,
    prompt: vscode.l10n.t('Options for the script, each with a value; they become params of the run. Empty for none.'),
    placeholder: "--learning-rate 0.1 --name 'two words'",
    value: optionsText(values),
    problem: (typed) => {
      const parsed = parseOptions(typed);
      return 'kind' in parsed ? optionsProblemText(parsed) : undefined;
    },
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
