import path from 'node:path';
import * as vscode from 'vscode';
import { exists } from '../git/exists';
import type { GitRepository } from '../git/gitRepository';
import { headOf } from '../git/history';
import { withProgress } from '../platform/cancellation';
import { gitUri } from '../platform/gitUri';
import { shortId } from '../shared/commitId';
import { recordedPath } from './rankRepositories';
import { codeLabel, findRunCode, type RunCode } from './runCode';
import type { SourceServices } from './services';
import { sourceFile } from './sourceFile';
import { requireGitTrust } from './workspaceRepositories';

/** Opens the run's source file at its commit beside the working copy. */
export async function openAtCommit(services: SourceServices, args: readonly unknown[]): Promise<void> {
  requireGitTrust();
  const title = vscode.l10n.t('Open Source at Commit');
  const [run] = (await services.runs.pickRuns(args, { title, many: false })) ?? [];
  const code = run && (await findRunCode(services, run));
  if (code) await openFrom(code);
}

async function openFrom(code: RunCode): Promise<void> {
  const { repository, tree, origin } = code;
  const message = vscode.l10n.t('Looking for the source of run {0} at {1}', code.run.name, codeLabel(code));
  const { files, located } = await withProgress(message, async (signal) => {
    const files = await repository.listFiles(tree, signal);
    return { files, located: await sourceFile(repository, tree, origin.source, files, signal) };
  });
  const file =
    located.kind === 'one'
      ? located.file
      : await pickFile(located.kind === 'several' ? located.files : files, located.kind, code);
  if (file !== undefined) await openDiff(code, file);
}

async function pickFile(
  files: readonly string[],
  kind: 'several' | 'none',
  { run, commit, origin: { source } }: RunCode,
): Promise<string | undefined> {
  const id = shortId(commit);
  const named = source.kind === 'none' ? source.name : (recordedPath(source) ?? source.kind);
  const placeHolder =
    kind === 'several'
      ? vscode.l10n.t('Several files at {0} may be {1}: choose one', id, named)
      : source.kind === 'none'
        ? vscode.l10n.t('Run {0} names no source file: choose one of commit {1}', run.name, id)
        : vscode.l10n.t('{0} is not in commit {1}: choose another file', named, id);
  const items = files.map((file) => ({
    label: path.posix.basename(file),
    description: path.posix.dirname(file) === '.' ? '' : path.posix.dirname(file),
    file,
  }));
  const title = vscode.l10n.t('Open Source at Commit');
  return (await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDescription: true }))?.file;
}

async function openDiff(code: RunCode, file: string): Promise<void> {
  const { repository, tree } = code;
  const old = gitUri(code, file);
  const name = path.posix.basename(file);
  const id = codeLabel(code);
  const message = vscode.l10n.t('Looking for {0} in the working tree', name);
  const current = await withProgress(message, (signal) => currentName(repository, tree, file, signal));
  if (current === undefined) {
    await vscode.commands.executeCommand(
      'vscode.open',
      old,
      {},
      vscode.l10n.t('{0} ({1}, no longer exists here)', name, id),
    );
    return;
  }
  const title =
    current === file
      ? vscode.l10n.t('{0} ({1} ↔ Working Tree)', name, id)
      : vscode.l10n.t('{0} ({1}) ↔ {2} (Working Tree)', name, id, path.posix.basename(current));
  await vscode.commands.executeCommand('vscode.diff', old, vscode.Uri.file(path.join(repository.root, current)), title);
}

/** What the file is called in the working tree, followed over a rename; undefined when it is gone. */
async function currentName(
  repository: GitRepository,
  commit: string,
  file: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (await exists(path.join(repository.root, file))) return file;
  const head = (await headOf(repository, signal))?.commit;
  const renamed = head === undefined ? undefined : await repository.renamed(commit, head, file, signal);
  return renamed !== undefined && (await exists(path.join(repository.root, renamed))) ? renamed : undefined;
}
