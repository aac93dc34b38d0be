import * as vscode from 'vscode';
import type { RunsService } from '../experiments/runsService';
import { isRecord, texts } from '../shared/view/decode';
import { mostChosen, type Scope, type Tab } from '../shared/view/runsView';
import { ofRuns, plainChoice, type ScopeChoice, scopeChoices } from './scopeChoices';

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
 * What a command is about: experiment nodes mean their runs, run nodes these; without an argument it is what is selected
 * or checked in the tree, or what the person picks. Undefined when the person cancelled.
 */
export async function chooseScope(
  args: readonly unknown[],
  tab: Tab,
  title: string,
  runs: RunsService,
): Promise<ChosenScope | undefined> {
  const experimentIds = experimentIdsOf(args);
  if (experimentIds.length > 0) return { scope: { experimentIds } };
  const isAsked = args[0] === undefined;
  if (isAsked) {
    const scope = await scopeOfTree(title, runs, tab !== 'compare');
    if (scope !== 'runs') return scope && { scope };
  }
  const picked = await runs.pickRuns(args, { title, many: true, ask: isAsked });
  return picked && picked.length > 0 ? { scope: ofRuns(picked.map(({ runId }) => runId)) } : undefined;
}

/** `runs` where these are to be chosen one by one. */
async function scopeOfTree(
  title: string,
  runs: RunsService,
  experiments: boolean,
): Promise<Scope | 'runs' | undefined> {
  const choices = scopeChoices(runs, experiments);
  const plain = plainChoice(choices, experiments);
  if (plain) return plain;
  if (choices.length > 0) {
    const others = experiments ? vscode.l10n.t('Experiments or other runs…') : vscode.l10n.t('Other runs…');
    const items: readonly (vscode.QuickPickItem & { readonly scope?: Scope })[] = [
      ...choices.map((choice) => ({ ...choiceText(choice, runs), scope: choice.scope })),
      { label: others },
    ];
    const picked = await vscode.window.showQuickPick(items, { title, placeHolder: vscode.l10n.t('Which runs?') });
    if (!picked || picked.scope) return picked?.scope;
  }
  if (!experiments) return 'runs';
  const ids = await runs.pickExperiments(title);
  return ids === 'runs' || !ids ? ids : { experimentIds: ids };
}

function choiceText({ kind, scope }: ScopeChoice, runs: RunsService): { label: string; description: string } {
  const ids = 'runIds' in scope ? scope.runIds : scope.experimentIds;
  const [only] = ids.length === 1 ? ids : [];
  switch (kind) {
    case 'checked':
      return { label: vscode.l10n.t('{0} checked runs', ids.length), description: '' };
    case 'selected':
      if (only === undefined) return { label: vscode.l10n.t('{0} selected runs', ids.length), description: '' };
      return { label: vscode.l10n.t('The selected run'), description: runs.cachedRun(only)?.name ?? only };
    case 'experiments':
      if (only === undefined) return { label: vscode.l10n.t('{0} selected experiments', ids.length), description: '' };
      return { label: vscode.l10n.t('The selected experiment'), description: runs.experimentName(only) ?? only };
  }
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
