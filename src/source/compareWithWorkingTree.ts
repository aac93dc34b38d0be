import * as vscode from 'vscode';
import { withProgress } from '../platform/cancellation';
import { messages } from '../platform/messages';
import { chooseFiles, manyFiles } from './chooseFiles';
import { openMultiDiff } from './multiDiff';
import { codeLabel, findRunCode } from './runCode';
import type { SourceServices } from './services';
import { requireGitTrust } from './workspaceRepositories';

/** Everything that differs between the code of a run and the folder, in one editor. */
export async function compareWithWorkingTree(services: SourceServices, args: readonly unknown[]): Promise<void> {
  requireGitTrust();
  const title = vscode.l10n.t('Compare Code with Working Tree');
  const [run] = (await services.runs.pickRuns(args, { title, many: false })) ?? [];
  const code = run && (await findRunCode(services, run));
  if (!code) return;
  const { repository, tree } = code;
  const message = vscode.l10n.t('Comparing {0} with the files of {1}', codeLabel(code), repository.name);
  const all = await withProgress(message, (signal) => repository.changesToWorkingTree(tree, signal));
  const files = all.length > manyFiles ? await chooseFiles(all, [code], title) : all;
  if (!files) return;
  if (files.length === 0) {
    const message = vscode.l10n.t('The files of {0} are the same as at {1}.', repository.name, codeLabel(code));
    void messages.showInformationMessage(message);
    return;
  }
  const name = vscode.l10n.t('{0} ({1} ↔ Working Tree)', repository.name, codeLabel(code));
  await openMultiDiff(services.repositories, name, files, {
    left: { files: code },
    right: { workingTree: repository },
  });
}
