import * as vscode from 'vscode';
import { oneLine } from '../shared/oneLine';
import { chooseFiles, manyFiles } from './chooseFiles';
import { commitChanges } from './commitChanges';
import { openMultiDiff } from './multiDiff';
import { codeLabel, findRunCode } from './runCode';
import type { SourceServices } from './services';
import { commitUri } from './sourceTexts';
import { requireGitTrust } from './workspaceRepositories';

/** The commit of a run: who, when, why, and every file it changed against its first parent. */
export async function showCommit(services: SourceServices, args: readonly unknown[]): Promise<void> {
  requireGitTrust();
  const title = vscode.l10n.t('Show Commit');
  const [run] = (await services.runs.pickRuns(args, { title, many: false })) ?? [];
  const code = run && (await findRunCode(services, run));
  if (!code) return;
  const { repository, commit, tree } = code;
  const { base, files: committed, patched } = await commitChanges(repository, commit, tree);
  const all = patched.length === 0 ? committed : await repository.changesBetween(base, tree);
  const files = all.length > manyFiles ? await chooseFiles(all, [code], title) : all;
  if (!files) return;
  const summary = commitUri(commit, repository, tree);
  if (files.length === 0) {
    await vscode.commands.executeCommand('vscode.open', summary);
    return;
  }
  const { message } = await repository.details(commit);
  const name = vscode.l10n.t('{0}: {1}', codeLabel(code), oneLine(message.split('\n')[0] ?? '', 60));
  const sides = { left: { files: { repository, tree: base } }, right: { files: code } };
  await openMultiDiff(services.repositories, name, files, sides, [{ right: summary }]);
}
