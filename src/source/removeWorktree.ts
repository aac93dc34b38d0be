import path from 'node:path';
import * as vscode from 'vscode';
import { exists } from '../git/exists';
import type { GitRepository } from '../git/gitRepository';
import { realFolder } from '../git/realFolder';
import { isDirty } from '../git/repositoryState';
import { listWorktrees, removeWorktree as removeFolder, type Worktree } from '../git/workingTrees';
import { messages } from '../platform/messages';
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
    await this.memento.update(memoryKey, [folder, ...(await this.without(folder))].slice(0, mostRemembered));
  }

  async forget(folder: string): Promise<void> {
    await this.memento.update(memoryKey, await this.without(folder));
  }

  /** A folder that is reached over a link is the one that git names in full. */
  private async without(folder: string): Promise<readonly string[]> {
    const real = await realFolder(folder);
    const known = await Promise.all(this.folders.map(async (one) => ({ one, real: await realFolder(one) })));
    return known.flatMap((other) => (other.real === real ? [] : [other.one]));
  }
}

/** Takes away a worktree that Flowdeck made, after saying what would be lost. */
export async function removeWorktree(services: SourceServices): Promise<void> {
  requireGitTrust();
  services.repositories.forget();
  const found = await services.repositories.find();
  if (found.repositories.length === 0) return reportNoRepository(found);
  const { folders } = new WorktreeMemory(services.platform.context.globalState);
  const made = new Set(await Promise.all(folders.map(realFolder)));
  const candidates: { readonly repository: GitRepository; readonly worktree: Worktree }[] = [];
  for (const repository of onePerObjectStore(found.repositories))
    for (const worktree of (await listWorktrees(repository)).slice(1))
      if (made.has(await realFolder(worktree.folder))) candidates.push({ repository, worktree });
  if (candidates.length === 0) {
    await messages.showInformationMessage(
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
  const real = await realFolder(folder);
  if ((await Promise.all(openFolders().map(realFolder))).includes(real)) {
    await messages.showWarningMessage(
      vscode.l10n.t('{0} is open in this window. Close it, then remove it from another one.', folder),
    );
    return;
  }
  const remove = vscode.l10n.t('Remove Worktree');
  const isThere = await exists(folder);
  const message = isThere
    ? vscode.l10n.t('Remove the folder {0}?', folder)
    : vscode.l10n.t('The folder {0} is gone already. Take it off the list that git keeps?', folder);
  const detail = isThere ? await whatIsLost(folder) : '';
  if ((await messages.showWarningMessage(message, { modal: true, detail }, remove)) !== remove) return;
  const [main] = await listWorktrees(repository);
  await removeFolder({ root: main?.folder ?? repository.root }, folder);
  await new WorktreeMemory(services.platform.context.globalState).forget(folder);
  services.platform.log.info(`removed the worktree ${folder}`);
  vscode.window.setStatusBarMessage(vscode.l10n.t('Removed {0}', folder), 5_000);
}

async function whatIsLost(folder: string): Promise<string> {
  const { openRepository } = await import('../git/openRepository');
  const state = await (await openRepository(folder))?.state();
  return state && isDirty(state.changes)
    ? vscode.l10n.t(
        'It has changes that are in no commit, which are lost: {0}. Ignored files are deleted as well.',
        state.changes.examples.slice(0, 4).join(', '),
      )
    : vscode.l10n.t('It has no uncommitted changes. Ignored files are deleted as well.');
}
