import { mostChosen, type Scope } from '../shared/view/runsView';

/** What of the Experiments view a command without an argument may be about. */
export interface TreeState {
  readonly checkedRunIds: readonly string[];
  /** The run that is shown, with the other rows where several are selected. */
  readonly selectedRunIds: readonly string[];
  /** Rows that are selected, where they are experiments alone. */
  readonly selectedExperimentIds: readonly string[];
}

export interface ScopeChoice {
  readonly kind: 'checked' | 'selected' | 'experiments';
  readonly scope: Scope;
}

/** What may be meant, the likeliest first. @param experiments whether runs of whole experiments can be */
export function scopeChoices(tree: TreeState, experiments: boolean): readonly ScopeChoice[] {
  const { checkedRunIds: checked, selectedRunIds: selected, selectedExperimentIds: experimentIds } = tree;
  const choices: ScopeChoice[] = [];
  if (checked.length > 0) choices.push({ kind: 'checked', scope: ofRuns(checked) });
  // A run stays selected while its experiment's row is.
  if (experiments && experimentIds.length > 0) choices.push({ kind: 'experiments', scope: { experimentIds } });
  else if (selected.length > 0 && !(checked.length === selected.length && selected.every((id) => checked.includes(id))))
    choices.push({ kind: 'selected', scope: ofRuns(selected) });
  return choices;
}

/** The one that needs no question. One run that is selected may well be meant with its neighbours. */
export function plainChoice(choices: readonly ScopeChoice[], experiments: boolean): Scope | undefined {
  const [first, second] = choices;
  if (!first || second) return undefined;
  const isOneRun = first.kind === 'selected' && 'runIds' in first.scope && first.scope.runIds.length === 1;
  return experiments && isOneRun ? undefined : first.scope;
}

export const ofRuns = (runIds: readonly string[]): Scope => ({ runIds: [...new Set(runIds)].slice(0, mostChosen) });
