import * as vscode from 'vscode';
import type { Commands } from '../platform/commands';
import { Command } from '../platform/ids';
import { checkOut } from './checkOut';
import { compareWithWorkingTree } from './compareWithWorkingTree';
import { diffRuns } from './diffRuns';
import { fetchCommit } from './fetchCommit';
import { openAtCommit } from './openAtCommit';
import { openOnRemote } from './openOnRemote';
import { removeWorktree } from './removeWorktree';
import type { SourceServices } from './services';
import { showCommit } from './showCommit';

/** From a run to its code. */
export function registerCodeCommands(services: SourceServices, commands: Commands): void {
  commands.register(Command.source.openAtCommit, vscode.l10n.t('open the source of the run'), (...args) =>
    openAtCommit(services, args),
  );
  commands.register(
    Command.source.compareWithWorkingTree,
    vscode.l10n.t('compare the code of the run with the working tree'),
    (...args) => compareWithWorkingTree(services, args),
  );
  commands.register(Command.source.showCommit, vscode.l10n.t('show the commit of the run'), (...args) =>
    showCommit(services, args),
  );
  commands.register(Command.source.fetchCommit, vscode.l10n.t('fetch the commit of the run'), (...args) =>
    fetchCommit(services, args),
  );
  commands.register(Command.source.openOnRemote, vscode.l10n.t('open the commit of the run on its remote'), (...args) =>
    openOnRemote(services, args),
  );
  commands.register(Command.source.checkOut, vscode.l10n.t('check out the commit of the run'), (...args) =>
    checkOut(services, args),
  );
  commands.register(Command.source.removeWorktree, vscode.l10n.t('remove the worktree'), () =>
    removeWorktree(services),
  );
  commands.register(Command.source.diffRuns, vscode.l10n.t('compare the code of the runs'), (...args) =>
    diffRuns(services, args),
  );
}
