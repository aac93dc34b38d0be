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
      label: oneLine(experiment.name) || experiment.experimentId,
      description: experiment.lifecycleStage === 'deleted' ? vscode.l10n.t('deleted') : experiment.experimentId,
      chosen: experiment as Experiment | 'id',
    })),
    ...(orId ? [{ label: `$(key) ${vscode.l10n.t('Enter a run ID…')}`, description: '', chosen: 'id' as const }] : []),
  ]);
  const placeHolder = deleted ? vscode.l10n.t('Deleted experiment') : vscode.l10n.t('Experiment');
  return (await vscode.window.showQuickPick(items, { title, placeHolder }))?.chosen;
}
