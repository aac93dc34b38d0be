import * as vscode from 'vscode';
import { mayNameCommit, runOrigin } from '../mlflow/runSource';
import { type Fact, factsTooltip, instantFact } from '../platform/tooltip';
import { type Run, TagKey } from '../shared/domain';
import { oneLine } from '../shared/oneLine';
import { plainMarkdown } from '../shared/plainMarkdown';
import { shortNumber } from '../shared/series/format';
import type { RunRow } from './nesting';
import { durationText, startedText, statusIcon, statusText } from './runStatus';

/** Rows are decorated by these, which name nothing else: of the second they are greyed. */
export const runScheme = 'flowdeck-run';
export const greyScheme = 'flowdeck-grey';

export interface RunItemOptions {
  /** The metric shown on runs. */
  readonly metric: string | undefined;
  readonly checked: boolean;
  /** The run's colour in charts, when it has one. */
  readonly color: number | undefined;
  readonly filtered: boolean;
}

export function runItem(row: RunRow, options: RunItemOptions): vscode.TreeItem {
  const { run, matches, children } = row;
  const state = children.length > 0 ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None;
  const item = new vscode.TreeItem(nameOf(run), state);
  const isDeleted = run.lifecycleStage === 'deleted';
  item.id = `run ${run.runId}`;
  item.contextValue = ['run', run.lifecycleStage, ...(mayNameCommit(run) ? ['commit'] : [])].join(' ');
  item.iconPath = statusIcon(run.status, options.color, !matches || isDeleted);
  const note = isDeleted ? vscode.l10n.t('deleted') : matches ? '' : notMatching(options.filtered);
  item.description = [metricText(run, options.metric), startedText(run, Date.now()), note].filter(Boolean).join(' · ');
  item.checkboxState = {
    state: options.checked ? vscode.TreeItemCheckboxState.Checked : vscode.TreeItemCheckboxState.Unchecked,
    tooltip: options.checked ? vscode.l10n.t('Chosen for charts') : vscode.l10n.t('Choose for charts'),
    accessibilityInformation: { label: vscode.l10n.t('Choose {0} for charts', nameOf(run)) },
  };
  const scheme = !matches || isDeleted ? greyScheme : runScheme;
  item.resourceUri = vscode.Uri.from({ scheme, path: `/${run.runId}` });
  item.accessibilityInformation = { label: `${nameOf(run)}, ${statusText(run)}, ${item.description}` };
  return item;
}

/** The name on one short line; the id of a run whose name shows nothing. */
export const nameOf = (run: Pick<Run, 'name' | 'runId'>) => oneLine(run.name) || run.runId;

const notMatching = (filtered: boolean) =>
  filtered ? vscode.l10n.t('does not match the filter') : vscode.l10n.t('among runs not loaded yet');

function metricText(run: Run, key: string | undefined): string {
  const metric = key === undefined ? undefined : run.metrics[key];
  return metric ? shortNumber(metric.value) : '';
}

const mostShown = 12;

/** Params, last metrics, source and commit, and what is known of that. Made only when somebody points at the run. */
export function runTooltip(run: Run, knownCommit?: string): vscode.MarkdownString {
  const { tags } = run;
  const params = Object.entries(run.params);
  const metrics = Object.values(run.metrics);
  const text = factsTooltip(nameOf(run), tags[TagKey.note] ?? '', [
    [vscode.l10n.t('Status'), [statusText(run), durationText(run, Date.now())].filter(Boolean).join(', ')],
    instantFact(vscode.l10n.t('Started'), run.startTime > 0 ? run.startTime : undefined),
    given(vscode.l10n.t('User'), tags[TagKey.user] ?? run.userId),
    given(vscode.l10n.t('Source'), tags[TagKey.sourceName]),
    given(vscode.l10n.t('Commit'), commitText(run, knownCommit)),
    [vscode.l10n.t('Run ID'), run.runId],
  ]);
  appendTable(
    text,
    vscode.l10n.t('Metrics (last)'),
    metrics.map(({ key, value }) => [key, shortNumber(value)]),
  );
  appendTable(text, vscode.l10n.t('Params'), params);
  return text;
}

const given = (label: string, value: string | undefined): Fact => (value ? [label, value] : undefined);

function commitText(run: Run, known: string | undefined): string {
  const { commit, strangeCommit, branch, dirty } = runOrigin(run);
  const recorded = [
    (commit ?? strangeCommit)?.slice(0, 12),
    branch ? `(${branch})` : '',
    dirty ? vscode.l10n.t('with uncommitted changes') : '',
  ];
  return [recorded.filter(Boolean).join(' '), known].filter(Boolean).join(' · ');
}

function appendTable(text: vscode.MarkdownString, title: string, facts: readonly Exclude<Fact, undefined>[]): void {
  if (facts.length === 0) return;
  text.appendMarkdown(`\n---\n**${title}**\n\n`);
  for (const [key, value] of facts.slice(0, mostShown))
    text.appendMarkdown(`${plainMarkdown(`${oneLine(key)}: ${value.slice(0, 200)}`)}  \n`);
  if (facts.length > mostShown) text.appendMarkdown(vscode.l10n.t('and {0} more', facts.length - mostShown));
}
