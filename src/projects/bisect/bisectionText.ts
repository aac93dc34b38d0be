import * as vscode from 'vscode';
import { shortId } from '../../shared/commitId';
import { oneLine } from '../../shared/oneLine';
import { alignedRows, mark } from '../reports/reportText';
import { type Bisection, type Candidate, isGood, nextStep } from './bisect';

/** The commits of a bisection, the oldest first, with what is known of each. */
export function bisectionText(
  metric: string,
  bisection: Bisection,
  commits: ReadonlyMap<string, { readonly subject: string }>,
  note?: string,
): string {
  const { good, bad, candidates } = bisection;
  const next = nextStep(bisection);
  const at = next.kind === 'stuck' ? next.to : next.at;
  const remark = next.kind === 'found' ? vscode.l10n.t('moved here') : vscode.l10n.t('next');
  const rows = candidates.map((candidate, index) => [
    ...verdictOf(bisection, candidate),
    shortId(candidate.commit),
    candidate.value === undefined ? '–' : String(candidate.value),
    index === at && next.kind !== 'stuck' ? remark : '',
    commits.get(candidate.commit)?.subject ?? '',
  ]);
  const head = ['', '', vscode.l10n.t('Commit'), metric, '', vscode.l10n.t('Subject')];
  return [
    oneLine(vscode.l10n.t('Bisecting {0}', metric)),
    '',
    vscode.l10n.t('Good is {0}, bad is {1}.', good, bad),
    ...(note === undefined ? [] : [note]),
    '',
    vscode.l10n.t('Commits'),
    ...alignedRows([head, ...rows]).map((line) => `  ${line}`),
    '',
  ].join('\n');
}

function verdictOf(bisection: Bisection, { value, failed }: Candidate): readonly [string, string] {
  if (value === undefined) return failed ? [mark.unknown, vscode.l10n.t('no value')] : ['·', ''];
  return isGood(bisection, value) ? [mark.same, vscode.l10n.t('good')] : [mark.differs, vscode.l10n.t('bad')];
}
