import * as vscode from 'vscode';
import { commandLink } from '../platform/commandLink';
import type { FileTree } from '../platform/gitUri';
import { Command } from '../platform/ids';
import { isCommitId } from '../shared/commitId';
import { commitChanges } from './commitChanges';
import { commitSummary, type SummaryLine } from './commitSummary';
import { openedRepository, queryOf } from './gitDocuments';
import { entryOf } from './multiDiff';
import type { SourceServices } from './services';

/** A commit of a run, as a text with links: what `Show Commit` opens. */
interface CommitPage {
  readonly lines: readonly SummaryLine[];
  readonly commit: string;
  readonly runId: string;
  readonly base: FileTree;
  readonly committed: FileTree;
  readonly patched: FileTree;
}

/** Anybody can make such an address: what it names is checked. Undefined when it is of something else. */
export async function commitPage(services: SourceServices, uri: vscode.Uri): Promise<CommitPage | undefined> {
  const query = queryOf(uri) ?? {};
  if (query.kind !== 'commit') return undefined;
  const text = (name: string) => (typeof query[name] === 'string' ? query[name] : '');
  const [commit, tree] = [text('commit'), text('tree')];
  const opened = await openedRepository(services.repositories, text('repository'));
  const repository = opened.reading(...(tree === '' ? [] : [tree]));
  const details = await repository.details(commit);
  const changes = await commitChanges(repository, commit, tree || commit);
  return {
    lines: commitSummary({ commit, details, ...changes }),
    commit,
    runId: text('run'),
    base: { repository, tree: changes.base },
    committed: { repository, tree: commit },
    patched: { repository, tree: tree || commit, ...(tree === '' ? {} : { patch: tree }) },
  };
}

/** What can be done with the commit, above it. */
export async function commitLenses(services: SourceServices, uri: vscode.Uri): Promise<vscode.CodeLens[]> {
  const page = await commitPage(services, uri);
  if (!page) return [];
  const { runId, commit, lines } = page;
  const top = new vscode.Range(0, 0, 0, 0);
  const run = { runId };
  const lens = (title: string, command: string, ...args: readonly unknown[]) =>
    new vscode.CodeLens(top, { title, command, arguments: [...args] });
  return [
    ...(lines.some(({ total }) => total)
      ? [lens(vscode.l10n.t('Open All Changes'), Command.source.showCommit, run, 'changes')]
      : []),
    lens(vscode.l10n.t('Compare with Working Tree'), Command.source.compareWithWorkingTree, run),
    ...(isCommitId(commit) ? [lens(vscode.l10n.t('Runs of This Commit'), Command.source.runsOfCommit, commit)] : []),
    lens(vscode.l10n.t('Open on Remote'), Command.source.openOnRemote, run),
    lens(vscode.l10n.t('Check Out in New Worktree…'), Command.source.checkOut, run),
  ];
}

/** Its files lead to their differences. */
export async function commitLinks(services: SourceServices, uri: vscode.Uri): Promise<vscode.DocumentLink[]> {
  const page = await commitPage(services, uri);
  return (page?.lines ?? []).flatMap((line, at) => {
    const { text, file, total } = line;
    if (!page || (!file && !total)) return [];
    const range = file
      ? new vscode.Range(at, file.at, at, file.at + file.name.length)
      : new vscode.Range(at, 0, at, text.length);
    const target = file
      ? fileLink(page, file)
      : commandUri(Command.source.showCommit, { runId: page.runId }, 'changes');
    if (!target) return [];
    const link = new vscode.DocumentLink(range, target);
    link.tooltip = file ? vscode.l10n.t('Show what changed') : vscode.l10n.t('Open all changes');
    return [link];
  });
}

/** Undefined for a submodule: it has no text. */
function fileLink(
  page: CommitPage,
  { changed, ofPatch, name }: NonNullable<SummaryLine['file']>,
): vscode.Uri | undefined {
  if (changed.submodule) return undefined;
  const [left, right] = ofPatch ? [page.committed, page.patched] : [page.base, page.committed];
  const [label, older, newer] = entryOf(changed, { left: { files: left }, right: { files: right } });
  if (!older || !newer) return commandUri('vscode.open', label);
  return commandUri('vscode.diff', older, newer, `${name} (${page.commit.slice(0, 7)})`);
}

const commandUri = (command: string, ...args: readonly unknown[]) => vscode.Uri.parse(commandLink(command, args));
