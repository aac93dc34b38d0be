import path from 'node:path';
import * as vscode from 'vscode';
import type { GitRepository } from '../git/gitRepository';
import { isDirty } from '../git/repositoryState';
import { listWorktrees, removeWorktree as removeFolder, type Worktree } from '../git/workingTrees';
import { shortId } from '../shared/commitId';
import { onePerObjectStore } from './rankRepositories';
import type { SourceServices } from './services';
import { openFolders, reportNoRepository, requireGitTrust } from './workspaceRepositories';

const memoryKey = 'flowdeck.worktrees';
const mostRemembered = 200;

/** The folders that Flowdeck checked commits out in: only those are offered for removal. */
export class WorktreeMemory {
  constructor(private readonly memento: vscode.Memento) {}

  get folders(): readonly string[] {
    const known = this.memento.get<unknown>(memoryKey);
    return Array.isArray(known) ? known.filter((folder) => typeof folder === 'string') : [];
  }

  async add(folder: string): Promise<void> {
    const others = this.folders.filter((known) => known !== folder);
    await this.memento.update(memoryKey, [folder, ...others].slice(0, mostRemembered));
  }

  async forget(folder: string): Promise<void> {
    await this.memento.update(
      memoryKey,
      this.folders.filter((known) => known !== folder),
    );
  }
}

/** Takes away a worktree that Flowdeck made, after saying what would be lost. */
export async function removeWorktree(services: SourceServices): Promise<void> {
  requireGitTrust();
  services.repositories.forget();
  const found = await services.repositories.find();
  if (found.repositories.length === 0) return reportNoRepository(found);
  const made = new Set(new WorktreeMemory(services.platform.context.globalState).folders);
  const candidates: { readonly repository: GitRepository; readonly worktree: Worktree }[] = [];
  for (const repository of onePerObjectStore(found.repositories))
    for (const worktree of (await listWorktrees(repository)).slice(1))
      if (made.has(path.resolve(worktree.folder))) candidates.push({ repository, worktree });
  if (candidates.length === 0) {
    await vscode.window.showInformationMessage(
      vscode.l10n.t('None of the open repositories has a worktree that Flowdeck made.'),
    );
    return;
  }
  const items = candidates.map((candidate) => ({
    label: `$(folder) ${path.basename(candidate.worktree.folder)}`,
    description: candidate.worktree.branch ?? shortId(candidate.worktree.commit ?? ''),
    detail: candidate.worktree.folder,
    candidate,
  }));
  const title = vscode.l10n.t('Remove Worktree');
  const chosen = await vscode.window.showQuickPick(items, { title, placeHolder: vscode.l10n.t('Remove which?') });
  if (chosen) await removeWorktreeAt(services, chosen.candidate.repository, chosen.candidate.worktree.folder);
}

/** Asks always: the folder goes away with everything in it. */
export async function removeWorktreeAt(
  services: SourceServices,
  repository: GitRepository,
  folder: string,
): Promise<void> {
  if (openFolders().some((open) => path.resolve(open) === path.resolve(folder))) {
    await vscode.window.showWarningMessage(
      vscode.l10n.t('{0} is open in this window. Close it, then remove it from another one.', folder),
    );
    return;
  }
  const { openRepository } = await import('../git/findRepositories');
  const state = await (await openRepository(folder))?.state();
  const remove = vscode.l10n.t('Remove Worktree');
  const detail =
    state && isDirty(state.changes)
      ? vscode.l10n.t(
          'It has changes that are in no commit, which are lost: {0}. Ignored files are deleted as well.',
          state.changes.examples.slice(0, 4).join(', '),
        )
      : vscode.l10n.t('It has no uncommitted changes. Ignored files are deleted as well.');
  const message = vscode.l10n.t('Remove the folder {0}?', folder);
  if ((await vscode.window.showWarningMessage(message, { modal: true, detail }, remove)) !== remove) return;
  const [main] = await listWorktrees(repository);
  await removeFolder({ root: main?.folder ?? repository.root }, folder);
  await new WorktreeMemory(services.platform.context.globalState).forget(folder);
  services.platform.log.info(`removed the worktree ${folder}`);
  vscode.window.setStatusBarMessage(vscode.l10n.t('Removed {0}', folder), 5_000);
}
