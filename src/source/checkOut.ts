import path from 'node:path';
import * as vscode from 'vscode';
import { patchWorkingTree } from '../git/applyPatch';
import { exists } from '../git/exists';
import { GitError } from '../git/gitError';
import { newTreePlace } from '../git/newTreePlace';
import { updateSubmodules } from '../git/submodules';
import { addWorktree, removeWorktree } from '../git/workingTrees';
import { withProgress } from '../platform/cancellation';
import { messages } from '../platform/messages';
import { settings } from '../platform/settings';
import { shortId } from '../shared/commitId';
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
  const { repository, commit } = code;
  const message = vscode.l10n.t('Checking out {0} in {1}', codeLabel(code), folder);
  const lacking = await withProgress(message, (signal) => fill(code, folder, signal));
  services.platform.log.info(`worktree of ${repository.name} at ${commit} in ${folder}`);
  await new WorktreeMemory(services.platform.context.globalState).add(folder);
  await open(services, code, folder, lacking);
}

/** Gives why its submodules could not be had: the rest is of use all the same. What is not whole otherwise is taken away. */
async function fill({ repository, commit, patch }: RunCode, folder: string, signal: AbortSignal): Promise<string> {
  await addWorktree(repository, folder, commit, signal);
  try {
    if (patch !== undefined) await patchWorkingTree(folder, patch, signal);
    await updateSubmodules(folder, signal);
    return '';
  } catch (error) {
    if (error instanceof GitError && error.kind !== 'patch') return error.message;
    await removeWorktree(repository, folder);
    throw error;
  }
}

/** The folder is made by git: its parent is asked for, its name follows from the commit. */
async function chooseFolder(code: RunCode, title: string): Promise<string | undefined> {
  const { repository, commit } = code;
  const place = await newTreePlace(repository);
  const [chosen] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t('{0}: choose the folder in which it is made', title),
      openLabel: vscode.l10n.t('Check Out Here'),
      canSelectFiles: false,
      canSelectFolders: true,
      canSelectMany: false,
      defaultUri: vscode.Uri.file(place.parent),
    })) ?? [];
  if (!chosen) return undefined;
  const name = `${place.name}-${shortId(commit)}`;
  for (let count = 1; ; count++) {
    const folder = path.join(chosen.fsPath, count === 1 ? name : `${name}-${count}`);
    if (!(await exists(folder))) return folder;
  }
}

async function open(services: SourceServices, code: RunCode, folder: string, lacking: string): Promise<void> {
  const openIt = vscode.l10n.t('Open in New Window');
  const remove = vscode.l10n.t('Remove Worktree');
  const asks = settings.openWorktree.get() === 'ask';
  const inNewWindow = () =>
    vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(folder), { forceNewWindow: true });
  if (!asks) await inNewWindow();
  const done = asks
    ? vscode.l10n.t('Checked out {0} in {1}.', codeLabel(code), folder)
    : vscode.l10n.t('Checked out {0} in {1}, opened in a new window.', codeLabel(code), folder);
  const choices = asks ? [openIt, remove] : [remove];
  const chosen =
    lacking === ''
      ? await messages.showInformationMessage(done, ...choices)
      : await messages.showWarningMessage(
          vscode.l10n.t('{0} Its submodules could not be checked out: {1}', done, lacking),
          ...choices,
        );
  if (chosen === openIt) await inNewWindow();
  if (chosen === remove) await removeWorktreeAt(services, code.repository, folder);
}
