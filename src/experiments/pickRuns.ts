import * as vscode from 'vscode';
import { age } from '../shared/age';
import type { Experiment, Run } from '../shared/domain';
import type { ExperimentsStore } from './experimentsStore';
import type { RunRow } from './nesting';
import { nameOf } from './runItem';
import { statusText } from './runStatus';

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
}

/** Asks for an experiment, then for runs of it; or for a run id. Undefined when cancelled. */
export async function askForRuns(
  store: ExperimentsStore,
  { title, many }: PickOptions,
): Promise<readonly Run[] | undefined> {
  const experiment = await askForExperiment(store, title, true);
  if (!experiment) return undefined;
  if (experiment === 'id') {
    const runId = await askForId(title);
    return runId === undefined ? undefined : [await store.run(runId)];
  }
  const items = store
    .list(experiment.experimentId)
    .get()
    .then(({ rows }) => rows.flatMap((row) => runItems(row, 0)));
  const placeHolder = vscode.l10n.t('Run of {0}', experiment.name);
  const options = { title, placeHolder, matchOnDescription: true, matchOnDetail: true };
  if (many) {
    const picked = await vscode.window.showQuickPick(items, { ...options, canPickMany: true });
    return picked && picked.length > 0 ? picked.map(({ run }) => run) : undefined;
  }
  const picked = await vscode.window.showQuickPick(items, options);
  return picked && [picked.run];
}

const runItems = (row: RunRow, depth: number): (vscode.QuickPickItem & { run: Run })[] => [
  {
    label: `${'    '.repeat(depth)}${nameOf(row.run)}`,
    description: `${statusText(row.run)} · ${age(row.run.startTime, Date.now(), vscode.env.language)}`,
    detail: row.run.runId,
    run: row.run,
  },
  ...row.children.flatMap((child) => runItems(child, depth + 1)),
];

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

/** Undefined when cancelled; `id` when the person would rather name a run by its id. */
export async function askForExperiment(
  store: ExperimentsStore,
  title: string,
  orId: boolean,
): Promise<Experiment | 'id' | undefined> {
  const items = store.getExperiments().then((experiments) => [
    ...(experiments ?? []).map((experiment) => ({
      label: experiment.name,
      description: experiment.lifecycleStage === 'deleted' ? vscode.l10n.t('deleted') : experiment.experimentId,
      chosen: experiment as Experiment | 'id',
    })),
    ...(orId ? [{ label: `$(key) ${vscode.l10n.t('Enter a run ID…')}`, description: '', chosen: 'id' as const }] : []),
  ]);
  const placeHolder = vscode.l10n.t('Experiment');
  return (await vscode.window.showQuickPick(items, { title, placeHolder }))?.chosen;
}
