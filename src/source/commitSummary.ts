import * as vscode from 'vscode';
import { type ChangedFile, changeTotals } from '../git/changedFiles';
import type { CommitDetails, Signature } from '../git/commitDetails';
import { localInstant } from '../shared/runs/cellText';
import type { CommitChanges } from './commitChanges';

/** What `Show Commit` says above the files. */
export function commitSummary(
  shown: { readonly commit: string; readonly details: CommitDetails } & Omit<CommitChanges, 'base'>,
): string {
  const { details, files, patched, missingParent } = shown;
  const isMerge = details.parents.length > 1;
  const against = isMerge ? vscode.l10n.t('against the first parent') : '';
  return [
    ...aligned(headRows(shown.commit, details)),
    '',
    ...details.message.split('\n').map((line) => (line === '' ? '' : `    ${line}`)),
    '',
    ...(missingParent === undefined
      ? statLines(files, against)
      : [
          vscode.l10n.t(
            'What it changed is not known: the repository is a shallow clone without its parent {0}.',
            missingParent,
          ),
        ]),
    ...(patched.length === 0
      ? []
      : ['', vscode.l10n.t('Uncommitted changes that the run carries (+ patch):'), ...statLines(patched, '')]),
    '',
  ].join('\n');
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

function statLines(files: readonly ChangedFile[], against: string): readonly string[] {
  const { added, removed } = changeTotals(files);
  const head = vscode.l10n.t('Files changed: {0}, lines added: {1}, removed: {2}', files.length, added, removed);
  const names = files.slice(0, mostListed).map((file) => ({ file, name: fileName(file) }));
  const width = Math.min(80, Math.max(0, ...names.map(({ name }) => name.length)));
  return [
    [head, against].filter(Boolean).join(', '),
    ...names.map(({ file, name }) => `  ${letters[file.kind]}  ${name.padEnd(width)}  ${lineCounts(file)}`),
    ...(files.length > mostListed ? [`     ${vscode.l10n.t('and {0} more', files.length - mostListed)}`] : []),
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
