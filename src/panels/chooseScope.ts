import * as vscode from 'vscode';
import type { RunsService } from '../experiments/runsService';
import { isRecord, texts } from '../shared/view/decode';
import { mostChosen, type Scope } from '../shared/view/runsView';

export interface ChosenScope {
  readonly scope: Scope;
  readonly title?: string;
}

/** Runs that a command of another feature found: those of a filter, or these. */
export interface AskedRuns extends ChosenScope {
  readonly filter: string;
}

/** Undefined for anything else. Arguments come from anywhere. */
export function decodeAskedRuns(value: unknown): AskedRuns | undefined {
  if (!isRecord(value) || !isRecord(value.scope)) return undefined;
  const experimentIds = texts(value.scope.experimentIds);
  const runIds = texts(value.scope.runIds).slice(0, mostChosen);
  if (experimentIds.length === 0 && runIds.length === 0) return undefined;
  return {
    scope: experimentIds.length > 0 ? { experimentIds } : { runIds },
    filter: typeof value.filter === 'string' ? value.filter : '',
    ...(typeof value.title === 'string' ? { title: value.title } : {}),
  };
}

/**
 * What a command is about: experiment nodes mean their runs, run nodes these; without an argument it is the checked or
 * the selected runs, or what the person picks. Undefined when the person cancelled.
 */
export async function chooseScope(
  args: readonly unknown[],
  title: string,
  runs: RunsService,
): Promise<ChosenScope | undefined> {
  const experimentIds = experimentIdsOf(args);
  if (experimentIds.length > 0) return { scope: { experimentIds } };
  if (args[0] === undefined && runs.checkedRunIds.length > 0) {
    const choice = await checkedOrSelected(title, runs);
    if (choice !== 'ask') return choice && ofRuns(choice);
  }
  const picked = await runs.pickRuns(args, { title, many: true });
  return picked && picked.length > 0 ? ofRuns(picked.map(({ runId }) => runId)) : undefined;
}

const ofRuns = (runIds: readonly string[]): ChosenScope => ({
  scope: { runIds: [...new Set(runIds)].slice(0, mostChosen) },
});

async function checkedOrSelected(title: string, runs: RunsService): Promise<readonly string[] | undefined | 'ask'> {
  const { checkedRunIds, selectedRunId } = runs;
  if (selectedRunId === undefined || (checkedRunIds.length === 1 && checkedRunIds[0] === selectedRunId))
    return checkedRunIds;
  const name = runs.cachedRun(selectedRunId)?.name ?? selectedRunId;
  const items = [
    { label: vscode.l10n.t('{0} checked runs', checkedRunIds.length), chosen: checkedRunIds },
    { label: vscode.l10n.t('The selected run'), description: name, chosen: [selectedRunId] },
    { label: vscode.l10n.t('Other runs…'), chosen: 'ask' as const },
  ];
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder: vscode.l10n.t('Which runs?') });
  return picked?.chosen;
}

/** Experiments among the tree nodes a command was handed: one, or several selected ones. */
export function experimentIdsOf([first, selected]: readonly unknown[]): readonly string[] {
  const one = experimentIdOf(first);
  if (one === undefined) return [];
  const several = Array.isArray(selected) ? selected.flatMap((node: unknown) => experimentIdOf(node) ?? []) : [];
  return several.includes(one) ? [...new Set(several)] : [one];
}

/** The experiment of a tree node; undefined for anything else, runs (which name their experiment too) included. */
export function experimentIdOf(node: unknown): string | undefined {
  if (typeof node !== 'object' || node === null || 'run' in node || 'runId' in node) return undefined;
  const { experiment, experimentId } = node as Record<string, unknown>;
  if (typeof experimentId === 'string') return experimentId;
  if (typeof experiment !== 'object' || experiment === null || !('experimentId' in experiment)) return undefined;
  return typeof experiment.experimentId === 'string' ? experiment.experimentId : undefined;
}
