import type { MenuItem } from '../controls/menu';
import type { RowActions } from './rowActions';

/** What leads from one run to its code. */
export const codeItems = (actions: RowActions, runId: string): MenuItem[] => [
  { label: 'Open source at its commit', run: () => void actions.run('openSource', [runId]) },
  { label: 'Compare with the working tree', run: () => void actions.run('compareCode', [runId]) },
  { label: 'Show commit', run: () => void actions.run('showCommit', [runId]) },
  { label: 'Open on remote', run: () => void actions.run('openOnRemote', [runId]) },
  { label: 'Check out in a new worktree…', run: () => void actions.run('checkOut', [runId]) },
];
