import * as vscode from 'vscode';
import type { Commit } from '../git/commitBatch';
import type { GitRepository } from '../git/gitRepository';
import { isDirty, type RepositoryState } from '../git/repositoryState';
import { messages } from '../platform/messages';
import { isCommitId, shortId } from '../shared/commitId';
import type { Run } from '../shared/domain';

/** A run on which another commit stands. */
export interface Conflict {
  readonly run: Run;
  /** As it stands there, be it no commit at all. */
  readonly commit: string;
}

export interface TagQuestion {
  readonly runs: readonly Run[];
  readonly conflicts: readonly Conflict[];
  readonly repository: GitRepository;
  readonly state: RepositoryState & { readonly commit: string };
}

const listed = 5;

/** What is written beside the commit when there are changes beyond it. */
export type Confirmed = 'tags' | 'tagsAndPatch' | undefined;

/** Asks only when there is something to know: changes that the commit does not hold, other commits on the runs. */
export async function confirmTagging(question: TagQuestion): Promise<Confirmed> {
  const { runs, conflicts, repository, state } = question;
  const dirty = isDirty(state.changes);
  if (!dirty && conflicts.length === 0) return 'tags';
  const details = [
    ...(dirty ? [changesText(question)] : []),
    ...(conflicts.length > 0 ? [conflictsText(question, await subjects(question))] : []),
  ];
  const message = dirty
    ? vscode.l10n.t('The repository {0} has changes that are not committed.', repository.name)
    : conflicts.length === 1 && runs.length === 1
      ? vscode.l10n.t('Another commit stands on run {0}.', conflicts[0]?.run.name ?? '')
      : vscode.l10n.t('Another commit stands on {0} of {1} runs.', conflicts.length, runs.length);
  const replaces = conflicts.length > 0;
  const proceed = replaces ? vscode.l10n.t('Replace Commit') : vscode.l10n.t('Tag Anyway');
  const withPatch = replaces ? vscode.l10n.t('Replace Commit, with Patch…') : vscode.l10n.t('Tag with Patch…');
  const options = { modal: true, detail: details.join('\n\n') };
  const choices = dirty ? [withPatch, proceed] : [proceed];
  const chosen = await messages.showWarningMessage(message, options, ...choices);
  return chosen === proceed ? 'tags' : chosen === withPatch ? 'tagsAndPatch' : undefined;
}

function changesText({ state, runs }: TagQuestion): string {
  const { staged, unstaged, conflicted, untracked, submodules, examples } = state.changes;
  const counts = [
    ...(staged > 0 ? [vscode.l10n.t('{0} staged', staged)] : []),
    ...(unstaged > 0 ? [vscode.l10n.t('{0} not staged', unstaged)] : []),
    ...(conflicted > 0 ? [vscode.l10n.t('{0} in conflict', conflicted)] : []),
    ...(untracked > 0 ? [vscode.l10n.t('{0} untracked', untracked)] : []),
  ];
  const total = staged + unstaged + conflicted + untracked;
  const names = examples.slice(0, listed).map((file) => `  ${file}`);
  if (total > names.length) names.push('  …');
  const mark =
    runs.length === 1
      ? vscode.l10n.t('The run will be marked as made with changes beyond commit {0}.', shortId(state.commit))
      : vscode.l10n.t('The runs will be marked as made with changes beyond commit {0}.', shortId(state.commit));
  const patch = vscode.l10n.t('With a patch the changes are stored too, as an artifact of each run.');
  const inside =
    submodules.length === 0
      ? []
      : [vscode.l10n.t('Of submodules it holds the commit, not what is changed inside: {0}', submodules.join(', '))];
  return [vscode.l10n.t('Changed files: {0}', counts.join(', ')), ...names, '', mark, patch, ...inside].join('\n');
}

function conflictsText({ conflicts, runs, state }: TagQuestion, known: ReadonlyMap<string, Commit>): string {
  const text = (id: string) => {
    const subject = known.get(id.toLowerCase())?.subject;
    const short = isCommitId(id.toLowerCase()) ? shortId(id) : id.slice(0, 40);
    return subject === undefined ? vscode.l10n.t('{0} (not in this repository)', short) : `${short} ${subject}`;
  };
  const there = conflicts
    .slice(0, listed)
    .map(({ run, commit }) =>
      runs.length === 1 ? vscode.l10n.t('On the run: {0}', text(commit)) : `${run.name}: ${text(commit)}`,
    );
  if (conflicts.length > listed) there.push('…');
  return [...there, vscode.l10n.t('Current commit: {0}', text(state.commit))].join('\n');
}

function subjects({ conflicts, repository, state }: TagQuestion): Promise<ReadonlyMap<string, Commit>> {
  const there = conflicts.slice(0, listed).map(({ commit }) => commit.toLowerCase());
  return repository.commits([state.commit, ...there.filter(isCommitId)]);
}
