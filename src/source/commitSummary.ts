import * as vscode from 'vscode';
import { type ChangedFile, changeTotals } from '../git/changedFiles';
import type { CommitDetails, Signature } from '../git/commitDetails';
import { localInstant } from '../shared/runs/cellText';
import type { CommitChanges } from './commitChanges';

/** One line of what `Show Commit` says, and what a click on it shows. */
export interface SummaryLine {
  readonly text: string;
  /** The file that stands in it, of the commit or of the patch on it. */
  readonly file?: {
    readonly name: string;
    readonly at: number;
    readonly changed: ChangedFile;
    readonly ofPatch: boolean;
  };
  /** It counts the files. */
  readonly total?: boolean;
}

/** A commit as a person reads it: who, when, why and which files. */
export function commitSummary(
  shown: { readonly commit: string; readonly details: CommitDetails } & Omit<CommitChanges, 'base'>,
): readonly SummaryLine[] {
  const { details, files, patched, missingParent } = shown;
  const isMerge = details.parents.length > 1;
  const against = isMerge ? vscode.l10n.t('against the first parent') : '';
  const plain = (...texts: readonly string[]) => texts.map((text) => ({ text }));
  const unknown = vscode.l10n.t(
    'What it changed is not known: the repository is a shallow clone without its parent {0}.',
    missingParent ?? '',
  );
  return [
    ...plain(...aligned(headRows(shown.commit, details)), ''),
    ...plain(...details.message.split('\n').map((line) => (line === '' ? '' : `    ${line}`)), ''),
    ...(missingParent === undefined ? statLines(files, against, false) : plain(unknown)),
    ...(patched.length === 0
      ? []
      : [
          ...plain('', vscode.l10n.t('Uncommitted changes that the run carries (+ patch):')),
          ...statLines(patched, '', true),
        ]),
    ...plain(''),
  ];
}

function headRows(
  commit: string,
  { author, committer, parents }: CommitDetails,
): readonly (readonly [string, string])[] {
  const sameHand = author.name === committer.name && author.email === committer.email;
  return [
    [vscode.l10n.t('Commit'), commit],
    parents.length > 1
      ? [vscode.l10n.t('Merge of'), parents.join(' ')]
      : [vscode.l10n.t('Parent'), parents[0] ?? vscode.l10n.t('none: the first commit')],
    [vscode.l10n.t('Author'), person(author)],
    [vscode.l10n.t('Date'), instant(author.time)],
    ...(sameHand && author.time === committer.time
      ? []
      : [[vscode.l10n.t('Committer'), `${person(committer)}, ${instant(committer.time)}`] as const]),
  ];
}

function aligned(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${oneLine(value)}`);
}

/** git counts seconds. */
const instant = (ms: number) => localInstant(ms).replace(/\.\d{3}/, '');

const person = ({ name, email }: Signature) => (email === '' ? name : `${name} <${email}>`);

const mostListed = 500;

function statLines(files: readonly ChangedFile[], against: string, ofPatch: boolean): readonly SummaryLine[] {
  const { added, removed } = changeTotals(files);
  const head = vscode.l10n.t('Files changed: {0}, lines added: {1}, removed: {2}', files.length, added, removed);
  const names = files.slice(0, mostListed).map((changed) => ({ changed, name: fileName(changed) }));
  const width = Math.min(80, Math.max(0, ...names.map(({ name }) => name.length)));
  const more = `     ${vscode.l10n.t('and {0} more', files.length - mostListed)}`;
  return [
    { text: [head, against].filter(Boolean).join(', '), total: files.length > 0 },
    ...names.map(({ changed, name }) => {
      const start = `  ${letters[changed.kind]}  `;
      const text = `${start}${name.padEnd(width)}  ${lineCounts(changed)}`;
      return { text, file: { name, at: start.length, changed, ofPatch } };
    }),
    ...(files.length > mostListed ? [{ text: more }] : []),
  ];
}

/** As git writes them. */
const letters: Readonly<Record<ChangedFile['kind'], string>> = {
  added: 'A',
  deleted: 'D',
  modified: 'M',
  renamed: 'R',
};

const fileName = ({ path, oldPath }: ChangedFile) => oneLine(oldPath === undefined ? path : `${oldPath} → ${path}`);
const oneLine = (text: string) => text.replace(/[\r\n\t]/g, (sign) => JSON.stringify(sign).slice(1, -1));

function lineCounts({ added, removed, submodule }: ChangedFile): string {
  if (submodule)
    return vscode.l10n.t(
      'submodule {0} → {1}',
      submodule.from?.slice(0, 7) ?? vscode.l10n.t('none'),
      submodule.to?.slice(0, 7) ?? vscode.l10n.t('none'),
    );
  return added === undefined || removed === undefined ? vscode.l10n.t('binary') : `+${added} −${removed}`;
}
