import path from 'node:path';
import * as vscode from 'vscode';
import { patchWorkingTree } from '../git/applyPatch';
import { withProgress } from '../platform/cancellation';
import { shortId } from '../shared/commitId';
import { exists } from './rankRepositories';
import { removeWorktreeAt, WorktreeMemory } from './removeWorktree';
import { codeLabel, findRunCode, type RunCode } from './runCode';
import type { SourceServices } from './services';
import { requireGitTrust } from './workspaceRepositories';

/** Checks the run's commit out in a folder of its own, with the run's patch, and opens it in a new window. */
export async function checkOut(services: SourceServices, args: readonly unknown[]): Promise<void> {
  requireGitTrust();
  const title = vscode.l10n.t('Check Out in New Worktree');
  const [run] = (await services.runs.pickRuns(args, { title, many: false })) ?? [];
  const code = run && (await findRunCode(services, run));
  const folder = code && (await chooseFolder(code, title));
  if (!code || folder === undefined) return;
  const { repository, commit, patch } = code;
  await withProgress(vscode.l10n.t('Checking out {0} in {1}', codeLabel(code), folder), async (signal) => {
    await repository.addWorktree(folder, commit, signal);
    if (patch !== undefined) await patchWorkingTree(folder, patch, signal);
  });
  services.platform.log.info(`worktree of ${repository.name} at ${commit} in ${folder}`);
  await new WorktreeMemory(services.platform.context.globalState).add(folder);
  await offerToOpen(services, code, folder);
}

/** The folder is made by git: its parent is asked for, its name follows from the commit. */
async function chooseFolder(code: RunCode, title: string): Promise<string | undefined> {
  const { repository, commit } = code;
  const main = (await repository.worktrees())[0]?.folder ?? repository.root;
  const [chosen] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('{0}: choose the folder in which it is made', title),
      openLabel: vscode.l10n.t('Check Out Here'),
      canSelectFiles: false,
      canSelectFolders: true,
      canSelectMany: false,
      defaultUri: vscode.Uri.file(path.dirname(main)),
    })) ?? [];
  if (!chosen) return undefined;
  const name = `${path.basename(main)}-${shortId(commit)}`;
  for (let count = 1; ; count++) {
    const folder = path.join(chosen.fsPath, count === 1 ? name : `${name}-${count}`);
    if (!(await exists(folder))) return folder;
  }
}

async function offerToOpen(services: SourceServices, code: RunCode, folder: string): Promise<void> {
  const open = vscode.l10n.t('Open in New Window');
  const remove = vscode.l10n.t('Remove Worktree');
  const message = vscode.l10n.t('Checked out {0} in {1}.', codeLabel(code), folder);
  const chosen = await vscode.window.showInformationMessage(message, open, remove);
  if (chosen === open)
    await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(folder), { forceNewWindow: true });
  if (chosen === remove) await removeWorktreeAt(services, code.repository, folder);
}
