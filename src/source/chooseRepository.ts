import * as vscode from 'vscode';
import type { GitRepository } from '../git/gitRepository';

/** Asks when there are several. Undefined when the person cancelled. */
export async function pickRepository(
  repositories: readonly GitRepository[],
  title: string,
): Promise<GitRepository | undefined> {
  if (repositories.length <= 1) return repositories[0];
  const items = repositories.map((repository) => ({
    label: `$(repo) ${repository.name}`,
    description: vscode.workspace.asRelativePath(repository.root, true),
    repository,
  }));
  const placeHolder = vscode.l10n.t('Which of the open repositories?');
  return (await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDescription: true }))?.repository;
}
