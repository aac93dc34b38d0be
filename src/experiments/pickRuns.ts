import * as vscode from 'vscode';
import type { Experiment, Run } from '../shared/domain';
import { oneLine } from '../shared/oneLine';
import type { ExperimentsStore } from './experimentsStore';
import type { RunRow } from './nesting';
import { nameOf } from './runItem';
import { startedText, statusText } from './runStatus';

const runIdPattern = /^[A-Za-z0-9][\w-]{0,63}$/;

/** Run ids in what a command was handed: a row, several selected rows, a run, an id. Arguments come from anywhere. */
export function runIdsOf(args: readonly unknown[]): readonly string[] {
  const [first, selected] = args;
  const several = Array.isArray(selected) ? selected.flatMap((node: unknown) => runIdOf(node) ?? []) : [];
  const one = runIdOf(first);
  // A menu on a row outside the selection means that row alone.
  if (one !== undefined && !several.includes(one)) return [one];
  return [...new Set(several)];
}

function runIdOf(value: unknown): string | undefined {
  const id = typeof value === 'string' ? value : (field(value, 'runId') ?? field(field(value, 'run'), 'runId'));
  return typeof id === 'string' && runIdPattern.test(id) ? id : undefined;
}

const field = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;

export interface PickOptions {
  readonly title: string;
  readonly many: boolean;
  /** Deleted runs are asked for, whatever the view shows; otherwise those that it shows. */
  readonly deleted?: boolean;
}

/** Asks for an experiment, then for runs of it; or for a run id. Undefined when cancelled. */
export async function askForRuns(
  store: ExperimentsStore,
  { title, many, deleted = false }: PickOptions,
): Promise<readonly Run[] | undefined> {
  const experiment = await askForExperiment(store, title, true);
  if (!experiment) return undefined;
  if (experiment === 'id') {
    const runId = await askForId(title);
    return runId === undefined ? undefined : [await store.run(runId)];
  }
  const items = deleted
    ? store.deletedRuns(experiment.experimentId).then((runs) => runs.map((run) => runItem(run, 0)))
    : loadedRuns(store, experiment.experimentId);
  const placeHolder = deleted
    ? vscode.l10n.t('Deleted run of {0}', oneLine(experiment.name))
    : vscode.l10n.t('Run of {0}', oneLine(experiment.name));
  const options = { title, placeHolder, matchOnDescription: true, matchOnDetail: true };
  if (many) {
    const picked = await vscode.window.showQuickPick(items, { ...options, canPickMany: true });
    return picked && picked.length > 0 ? picked.map(({ run }) => run) : undefined;
  }
  const picked = await vscode.window.showQuickPick(items, options);
  return picked && [picked.run];
}

type RunChoice = vscode.QuickPickItem & { readonly run: Run };

const loadedRuns = async (store: ExperimentsStore, experimentId: string): Promise<RunChoice[]> =>
  (await store.list(experimentId).get()).rows.flatMap((row) => runItems(row, 0));

const runItems = (row: RunRow, depth: number): RunChoice[] => [
  runItem(row.run, depth),
  ...row.children.flatMap((child) => runItems(child, depth + 1)),
];

const runItem = (run: Run, depth: number): RunChoice => ({
  label: `${'    '.repeat(depth)}${nameOf(run)}`,
  description: [statusText(run), startedText(run, Date.now())].filter(Boolean).join(' · '),
  detail: run.runId,
  run,
});

async function askForId(title: string): Promise<string | undefined> {
  const answer = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('ID of the run'),
    placeHolder: '3f5c9a1b2d4e4f6a8b7c6d5e4f3a2b1c',
    ignoreFocusOut: true,
    validateInput: (text) =>
      text === '' || runIdPattern.test(text.trim()) ? undefined : vscode.l10n.t('A run ID has letters and digits.'),
  });
  const runId = answer?.trim();
  return runId === undefined || runId === '' ? undefined : runId;
}

/**
 * Undefined when cancelled; `id` when the person would rather name a run by its id. Deleted experiments are offered when
 * the view shows them, or when they are what is asked for.
 */
export async function askForExperiment(
  store: ExperimentsStore,
  title: string,
  orId: boolean,
  deleted = false,
): Promise<Experiment | 'id' | undefined> {
  const items = (deleted ? store.deletedExperiments() : store.getExperiments()).then((experiments) => [
    ...(experiments ?? []).map((experiment) => ({
      ...experimentItem(experiment),
      chosen: experiment as Experiment | 'id',
    })),
    ...(orId ? [{ label: `$(key) ${vscode.l10n.t('Enter a run ID…')}`, description: '', chosen: 'id' as const }] : []),
  ]);
  const placeHolder = deleted ? vscode.l10n.t('Deleted experiment') : vscode.l10n.t('Experiment');
  return (await vscode.window.showQuickPick(items, { title, placeHolder }))?.chosen;
}

const experimentItem = ({ name, experimentId, lifecycleStage }: Experiment) => ({
  label: oneLine(name) || experimentId,
  description: lifecycleStage === 'deleted' ? vscode.l10n.t('deleted') : experimentId,
});

type ExperimentChoice = vscode.QuickPickItem & { readonly chosen: string | undefined };

/**
 * Asks for one experiment or several; `runs` when the person would rather choose runs one by one, which is a row of its
 * own. Where no box is checked Enter means the row it stands on. Undefined when cancelled.
 */
export async function askForExperiments(
  store: ExperimentsStore,
  title: string,
): Promise<readonly string[] | 'runs' | undefined> {
  const pick = vscode.window.createQuickPick<ExperimentChoice>();
  const ofRuns: ExperimentChoice = { label: `$(list-selection) ${vscode.l10n.t('Chosen runs…')}`, chosen: undefined };
  pick.title = title;
  pick.placeholder = vscode.l10n.t('Which experiments?');
  pick.canSelectMany = true;
  pick.matchOnDescription = true;
  pick.busy = true;
  try {
    return await new Promise((resolve, reject) => {
      let checked: readonly ExperimentChoice[] = [];
      pick.onDidChangeSelection((selected) => {
        const fresh = selected.filter((item) => !checked.includes(item));
        checked = selected;
        // The box that checks all rows means experiments.
        if (fresh.length === 1 && fresh[0] === ofRuns) resolve('runs');
      });
      pick.onDidAccept(() => {
        const rows = pick.selectedItems.length > 0 ? pick.selectedItems : pick.activeItems.slice(0, 1);
        const ids = rows.flatMap(({ chosen }) => chosen ?? []);
        if (rows.length > 0) resolve(ids.length > 0 ? ids : 'runs');
      });
      pick.onDidHide(() => resolve(undefined));
      // VS Code marks no row of a list with boxes: Enter is to take the first that was typed.
      const markFirst = () => {
        const typed = pick.value.toLowerCase();
        const first = pick.items.find(({ label, description = '' }) =>
          `${label} ${description}`.toLowerCase().includes(typed),
        );
        if (first) pick.activeItems = [first];
      };
      pick.onDidChangeValue(markFirst);
      pick.show();
      store.getExperiments().then((experiments = []) => {
        const choices = experiments.map((one) => ({ ...experimentItem(one), chosen: one.experimentId }));
        pick.items = [...choices, ofRuns];
        pick.busy = false;
        markFirst();
      }, reject);
    });
  } finally {
    pick.dispose();
  }
}
