import type { RunHead } from '../../src/shared/runs/runBatch';
import type { MenuItem } from '../controls/menu';
import type { RowActions } from './rowActions';

/** A commit, or a model that may name one: what is on offer looks there when it is asked. */
export const mayHaveCode = ({ commit, models = [] }: RunHead) => commit !== undefined || models.length > 0;

/** What leads from one run to its code. */
export const codeItems = (actions: RowActions, runId: string): MenuItem[] => [
  { label: 'Open source at its commit', run: () => void actions.run('openSource', [runId]) },
  { label: 'Compare with the working tree', run: () => void actions.run('compareCode', [runId]) },
  { label: 'Show commit', run: () => void actions.run('showCommit', [runId]) },
  { label: 'Fetch commit', run: () => void actions.run('fetchCommit', [runId]) },
  { label: 'Open on remote', run: () => void actions.run('openOnRemote', [runId]) },
  { label: 'Check out in a new worktree…', run: () => void actions.run('checkOut', [runId]) },
  { label: 'Runs of this commit', run: () => void actions.run('runsOfCommit', [runId]) },
];

/** What makes runs anew from their code: of one, or between a good and a bad one. */
export function againItems(actions: Pick<RowActions, 'run'>, heads: readonly RunHead[]): MenuItem[] {
  if (heads.length === 0 || heads.length > 2 || !heads.every((head) => mayHaveCode(head) && !head.deleted)) return [];
  const runIds = heads.map(({ runId }) => runId);
  const bisect = { label: 'Bisect a metric…', run: () => void actions.run('bisectMetric', runIds) };
  if (heads.length === 2) return [bisect];
  return [{ label: 'Reproduce run…', run: () => void actions.run('reproduce', runIds) }, bisect];
}

/** What ties runs to the code that is checked out; of many, how many. */
export const tagLabel = (count: number) =>
  count > 1 ? `Tag ${count} runs with the current commit…` : 'Tag with the current commit…';
