import * as vscode from 'vscode';
import { withProgress } from '../platform/cancellation';
import { oneLine } from '../shared/oneLine';
import { unlessAborted } from '../shared/unlessAborted';
import { chooseFiles, manyFiles } from './chooseFiles';
import { commitChanges } from './commitChanges';
import { openMultiDiff } from './multiDiff';
import { codeLabel, findRunCode, type RunCode } from './runCode';
import type { SourceServices } from './services';
import { commitUri } from './sourceUris';
import { requireGitTrust } from './workspaceRepositories';

/**
 * The commit of a run: who, when, why and which files, with links to what can be done with it. With `changes` as the second
 * argument every file that it changed against its first parent, and what the run's patch changes, in one editor.
 */
export async function showCommit(services: SourceServices, args: readonly unknown[]): Promise<void> {
  requireGitTrust();
  const title = vscode.l10n.t('Show Commit');
  const [, what] = args;
  const given = what === 'changes' ? args.slice(0, 1) : args;
  const [run] = (await services.runs.pickRuns(given, { title, many: false })) ?? [];
  const code = run && (await findRunCode(services, run));
  if (!code) return;
  if (what === 'changes') return openChanges(services, code, title);
  const opening = (signal: AbortSignal) =>
    unlessAborted(Promise.resolve(vscode.workspace.openTextDocument(commitUri(code))), signal);
  const document = await withProgress(reading(code), opening);
  await vscode.window.showTextDocument(document, { preview: true });
}

const reading = (code: RunCode) => vscode.l10n.t('Reading commit {0}', codeLabel(code));

async function openChanges(services: SourceServices, code: RunCode, title: string): Promise<void> {
  const { repository, commit, tree } = code;
  const { base, all } = await withProgress(reading(code), async (signal) => {
    const { base, files, patched } = await commitChanges(repository, commit, tree, signal);
    return { base, all: patched.length === 0 ? files : await repository.changesBetween(base, tree, signal) };
  });
  const files = all.length > manyFiles ? await chooseFiles(all, [code], title) : all;
  if (!files) return;
  const { message } = await repository.details(commit);
  const name = vscode.l10n.t('{0}: {1}', codeLabel(code), oneLine(message.split('\n')[0] ?? '', 60));
  await openMultiDiff(services.repositories, name, files, {
    left: { files: { repository, tree: base } },
    right: { files: code },
  });
}
