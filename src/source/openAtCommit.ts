import path from 'node:path';
import * as vscode from 'vscode';
import type { GitRepository } from '../git/gitRepository';
import { type RunOrigin, runOrigin } from '../mlflow/runSource';
import { Command } from '../platform/ids';
import { shortId } from '../shared/commitId';
import type { Run } from '../shared/domain';
import { gitUri } from './gitDocuments';
import { offerFetch } from './missingCommit';
import { exists, rankRepositories, recordedPath } from './rankRepositories';
import type { SourceServices } from './services';
import { sourceFile } from './sourceFile';
import { openFolders, reportNoRepository, requireGitTrust } from './workspaceRepositories';

/** Opens the run's source file at its commit beside the working copy. */
export async function openAtCommit(services: SourceServices, args: readonly unknown[]): Promise<void> {
  requireGitTrust();
  const title = vscode.l10n.t('Open Source at Commit');
  const [run] = (await services.runs.pickRuns(args, { title, many: false })) ?? [];
  if (!run) return;
  const origin = runOrigin(run);
  const { commit } = origin;
  if (commit === undefined) return offerTag(run, origin);
  services.repositories.forget();
  const found = await services.repositories.find();
  if (found.repositories.length === 0) return reportNoRepository(found);
  const repository =
    (await repositoryWith(found.repositories, commit, origin)) ??
    (await offerFetch(
      {
        run,
        commit,
        origin,
        repositories: found.repositories,
        workingFile: await workingFile(origin, found.repositories),
      },
      services.platform.log,
    ));
  if (repository) await openFrom(repository, commit, run, origin);
}

async function offerTag(run: Run, { strangeCommit }: RunOrigin): Promise<void> {
  const tag = vscode.l10n.t('Tag with Current Commit');
  const message =
    strangeCommit === undefined
      ? vscode.l10n.t('Run {0} does not say which commit it was made from.', run.name)
      : vscode.l10n.t('The commit tag of run {0} holds no commit id: {1}', run.name, strangeCommit.slice(0, 80));
  if ((await vscode.window.showWarningMessage(message, tag)) === tag)
    await vscode.commands.executeCommand(Command.source.tagRun, run.runId);
}

/** The best of those that contain the commit. */
async function repositoryWith(
  repositories: readonly GitRepository[],
  commit: string,
  origin: RunOrigin,
): Promise<GitRepository | undefined> {
  const contains = await Promise.all(repositories.map((repository) => repository.commit(commit)));
  const holders = repositories.filter((_, at) => contains[at] !== undefined);
  return (await rankRepositories(holders, origin))[0];
}

async function openFrom(repository: GitRepository, id: string, run: Run, origin: RunOrigin): Promise<void> {
  const commit = (await repository.commit(id))?.id ?? id;
  const files = await repository.listFiles(commit);
  const located = await sourceFile(repository, commit, origin.source, files);
  const file =
    located.kind === 'one'
      ? located.file
      : await pickFile(located.kind === 'several' ? located.files : files, located.kind, run, commit, origin);
  if (file !== undefined) await openDiff(repository, commit, file, origin.dirty === true);
}

async function pickFile(
  files: readonly string[],
  kind: 'several' | 'none',
  run: Run,
  commit: string,
  { source }: RunOrigin,
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

async function openDiff(repository: GitRepository, commit: string, file: string, dirty: boolean): Promise<void> {
  const old = gitUri(repository, commit, file);
  const name = path.posix.basename(file);
  const id = dirty ? vscode.l10n.t('{0} and uncommitted changes', shortId(commit)) : shortId(commit);
  const current = await currentName(repository, commit, file);
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
async function currentName(repository: GitRepository, commit: string, file: string): Promise<string | undefined> {
  if (await exists(path.join(repository.root, file))) return file;
  const { commit: head } = await repository.state();
  const renamed = head === undefined ? undefined : await repository.renamed(commit, head, file);
  return renamed !== undefined && (await exists(path.join(repository.root, renamed))) ? renamed : undefined;
}

/** The file the run names as it stands today in an open folder. */
async function workingFile(origin: RunOrigin, repositories: readonly GitRepository[]): Promise<vscode.Uri | undefined> {
  const recorded = recordedPath(origin.source);
  if (recorded === undefined || origin.source.kind === 'project') return undefined;
  for (const folder of [...repositories.map(({ root }) => root), ...openFolders()]) {
    const file = path.resolve(folder, recorded);
    const inside = path.relative(folder, file);
    if (!inside.startsWith('..') && !path.isAbsolute(inside) && (await exists(file))) return vscode.Uri.file(file);
  }
  return undefined;
}
