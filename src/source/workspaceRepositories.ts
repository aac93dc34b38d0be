import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { FoundRepositories } from '../git/findRepositories';
import type { GitRepository } from '../git/gitRepository';
import type { Log } from '../platform/log';
import { messages } from '../platform/messages';
import { requireTrust } from '../platform/trust';

/** ms; long enough for one action of a person, short enough to notice a repository that was just made. */
const freshFor = 15_000;

/** The git repositories of the open folders. Asks git only when asked, and never in Restricted Mode. */
export class WorkspaceRepositories {
  private known: { readonly at: number; readonly found: Promise<FoundRepositories> } | undefined;

  constructor(
    subscriptions: vscode.Disposable[],
    private readonly log: Pick<Log, 'warn'>,
    /** Where launches keep copies of remote repositories. */
    private readonly copies?: string,
  ) {
    subscriptions.push(vscode.workspace.onDidChangeWorkspaceFolders(() => this.forget()));
  }

  /** Throws `GitError` when git is missing. */
  find(): Promise<FoundRepositories> {
    if (!vscode.workspace.isTrusted) return Promise.resolve(noRepositories);
    const now = Date.now();
    if (this.known && now - this.known.at < freshFor) return this.known.found;
    const found = import('../git/findRepositories').then(({ findRepositories }) => findRepositories(openFolders()));
    this.known = { at: now, found };
    found.then(
      ({ refused, unsearched }) => {
        for (const { folder, error } of refused) this.log.warn(`repository ${folder} is left out: ${error.message}`);
        for (const folder of unsearched) this.log.warn(`not all folders in ${folder} were searched for repositories`);
      },
      () => this.forget(),
    );
    return found;
  }

  /** The one whose working tree is at `root`, or a copy that a launch made there. One that was made since the last look is found as well. */
  async at(root: string): Promise<GitRepository | undefined> {
    if (this.copies !== undefined && root === path.join(this.copies, path.basename(root))) {
      const { GitRepository } = await import('../git/gitRepository');
      return new GitRepository(root, root);
    }
    const among = async () => (await this.find()).repositories.find((repository) => repository.root === root);
    const known = await among();
    const looked = this.known?.at ?? 0;
    if (known || !(await changedSince(path.join(root, '.git'), looked))) return known;
    this.forget();
    return among();
  }

  forget(): void {
    this.known = undefined;
  }
}

const noRepositories: FoundRepositories = { repositories: [], refused: [], unsearched: [] };

const changedSince = (file: string, time: number): Promise<boolean> =>
  stat(file).then(
    ({ mtimeMs }) => mtimeMs >= time,
    () => false,
  );

/** Absolute paths of the open folders that are on disk. */
export function openFolders(): readonly string[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath);
}

/** Throws `UntrustedError` in Restricted Mode. */
export const requireGitTrust = () =>
  requireTrust(vscode.l10n.t('Flowdeck runs git only in folders you trust: a repository can make git run programs.'));

/** Says that nothing was committed on the branches that are checked out. */
export async function reportNoCommits(repositories: readonly GitRepository[]): Promise<void> {
  const [first, second] = repositories;
  await messages.showWarningMessage(
    second
      ? vscode.l10n.t(
          'What is checked out in the {0} open repositories has no commits yet. Commit first.',
          repositories.length,
        )
      : vscode.l10n.t('What is checked out in {0} has no commits yet. Commit first.', first?.name ?? ''),
  );
}

/** Says that no repository is open, and why one that is there cannot be used. */
export async function reportNoRepository({ refused, unsearched }: FoundRepositories): Promise<void> {
  const [first] = refused;
  if (first) {
    const message = vscode.l10n.t('The repository {0} cannot be used: {1}', first.folder, first.error.message);
    await messages.showWarningMessage(message);
    return;
  }
  const initialize = vscode.l10n.t('Initialize Repository');
  const openFolder = vscode.l10n.t('Open Folder…');
  const hasFolder = openFolders().length > 0;
  const message = !hasFolder
    ? vscode.l10n.t('Open a folder with a git repository first.')
    : unsearched.length === 0
      ? vscode.l10n.t('None of the open folders is in a git repository.')
      : vscode.l10n.t(
          'None of the open folders is in a git repository, and {0} holds too many folders to look into all: open the folder of the repository itself.',
          unsearched.join(', '),
        );
  const chosen = await messages.showWarningMessage(message, hasFolder ? initialize : openFolder);
  if (chosen === initialize) await vscode.commands.executeCommand('git.init');
  if (chosen === openFolder) await vscode.commands.executeCommand('vscode.openFolder');
}
