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

/** What ties runs to the code that is checked out; of many, how many. */
export const tagLabel = (count: number) =>
  count > 1 ? `Tag ${count} runs with the current commit…` : 'Tag with the current commit…';
