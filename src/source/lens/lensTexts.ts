import * as vscode from 'vscode';
import { statusWord } from '../../experiments/runStatus';
import { commandLink } from '../../platform/commandLink';
import { Command, ViewId } from '../../platform/ids';
import { age } from '../../shared/age';
import type { ModelVersion, Run } from '../../shared/domain';
import { oneLine } from '../../shared/oneLine';
import { plainMarkdown } from '../../shared/plainMarkdown';
import { shortNumber } from '../../shared/series/format';
import { type LensFacts, mostRuns, type RunOfVersion } from './lensFacts';
import type { MlflowSubject } from './mlflowCalls';

/** The commands above a call. None where the server knows nothing of it: a line in the code is better than an apology. */
export function lensCommands(facts: LensFacts, call: MlflowSubject): readonly vscode.Command[] {
  switch (facts.kind) {
    case 'nothing':
      return [];
    case 'runs':
      return runCommands(facts, call);
    case 'versions':
      return versionCommands(facts.versions);
  }
}

type RunFacts = LensFacts & { readonly kind: 'runs' };

/** The experiment is named where the line does not say it. */
function runCommands(facts: RunFacts, { kind }: MlflowSubject): readonly vscode.Command[] {
  const [last, before] = facts.runs;
  const show = (title: string) => ({ command: Command.runs.show, title, arguments: last ? [last.runId] : [] });
  if ('file' in facts.of) {
    if (!last) return [];
    const file = vscode.Uri.file(facts.of.file);
    return [
      show(vscode.l10n.t('Last run in {0}: {1}', experimentOf(facts, last), runText(last))),
      { command: Command.source.runsOfFile, title: vscode.l10n.t('Runs of This File'), arguments: [file] },
      ...compareCommands(last, before),
    ];
  }
  const { runs, more } = facts;
  const { experimentId } = facts.of;
  const name = kind === 'experiment' ? '' : oneLine(facts.experiments.get(experimentId) ?? experimentId, 40);
  const table = { command: Command.runs.openTable, arguments: [{ experimentId }] };
  if (!last)
    return [{ ...table, title: name ? vscode.l10n.t('No runs yet in {0}', name) : vscode.l10n.t('No runs yet') }];
  return [
    show(
      name ? vscode.l10n.t('Last run in {0}: {1}', name, runText(last)) : vscode.l10n.t('Last run: {0}', runText(last)),
    ),
    {
      ...table,
      title: more
        ? vscode.l10n.t('All runs')
        : runs.length === 1
          ? vscode.l10n.t('1 run')
          : vscode.l10n.t('{0} runs', runs.length),
    },
    ...compareCommands(last, before),
  ];
}

const experimentOf = ({ experiments }: RunFacts, { experimentId }: Run) =>
  oneLine(experiments.get(experimentId) ?? experimentId, 40);

const compareCommands = (last: Run, before: Run | undefined): readonly vscode.Command[] =>
  before
    ? [
        {
          command: Command.runs.compare,
          title: vscode.l10n.t('Compare last two'),
          arguments: [last.runId, [last.runId, before.runId]],
        },
      ]
    : [];

function versionCommands(versions: readonly [RunOfVersion, ...RunOfVersion[]]): readonly vscode.Command[] {
  const [{ version, run }] = versions;
  const name = versionText(version);
  if (!run) return [{ command: `${ViewId.models}.focus`, title: name }];
  const [, before] = runsOf({ kind: 'versions', versions });
  return [
    { command: Command.runs.show, title: vscode.l10n.t('{0}: run {1}', name, runText(run)), arguments: [run.runId] },
    ...compareCommands(run, before),
  ];
}

/** `Version 3 @champion Production` */
function versionText({ version, aliases, stage }: ModelVersion): string {
  const inStage = stage === 'None' ? '' : stage;
  return [vscode.l10n.t('Version {0}', version), ...aliases.map((alias) => `@${alias}`), inStage]
    .filter(Boolean)
    .join(' ');
}

/** The runs of what is known, the newest first; one that made several versions stands once. */
export function runsOf(facts: LensFacts): readonly Run[] {
  if (facts.kind === 'nothing') return [];
  const runs = facts.kind === 'runs' ? facts.runs : facts.versions.flatMap(({ run }) => run ?? []);
  return [...new Map(runs.map((run) => [run.runId, run])).values()];
}

/** `sad-owl-3 · finished · accuracy 0.93 · 2 days ago` */
export function runText(run: Run): string {
  const [metric] = Object.values(run.metrics).sort((a, b) => (a.key < b.key ? -1 : 1));
  return [
    oneLine(run.name, 40) || run.runId,
    statusWord(run.status),
    metric ? `${oneLine(metric.key, 40)} ${shortNumber(metric.value)}` : '',
    run.startTime > 0 ? age(run.startTime, Date.now(), vscode.env.language) : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

/** The last runs as a list; texts of the server are shown as such, and only these commands can be run. */
export function hoverText(facts: LensFacts): vscode.MarkdownString | undefined {
  const runs = runsOf(facts);
  const [last, before] = runs;
  if (!last) return undefined;
  const text = new vscode.MarkdownString(undefined, true);
  text.isTrusted = { enabledCommands: [Command.runs.show, Command.runs.compare, tableOf(facts).command] };
  text.appendMarkdown(`**${plainMarkdown(heading(facts, runs.length))}**\n\n`);
  for (const run of runs) {
    const show = `[${vscode.l10n.t('Show')}](${commandLink(Command.runs.show, [run.runId])})`;
    const where = facts.kind === 'runs' && 'file' in facts.of ? `${experimentOf(facts, run)} · ` : '';
    text.appendMarkdown(`${plainMarkdown(where + runText(run))} · ${show}  \n`);
  }
  if (before) {
    const compare = commandLink(Command.runs.compare, [last.runId, [last.runId, before.runId]]);
    text.appendMarkdown(`\n[${vscode.l10n.t('Compare last two')}](${compare})`);
  }
  if (facts.kind === 'runs') {
    const { command, args } = tableOf(facts);
    text.appendMarkdown(` · [${vscode.l10n.t('Open Runs Table')}](${commandLink(command, args)})`);
  }
  return text;
}

/** A link holds no address of a file: that of the editor in front, which is pointed at, is taken. */
function tableOf(facts: LensFacts): { readonly command: string; readonly args: readonly unknown[] } {
  if (facts.kind === 'runs' && 'file' in facts.of) return { command: Command.source.runsOfFile, args: [] };
  return { command: Command.runs.openTable, args: facts.kind === 'runs' ? [facts.of] : [] };
}

function heading(facts: LensFacts, shown: number): string {
  if (facts.kind === 'versions') {
    const [{ version }, ...others] = facts.versions;
    return others.length === 0
      ? vscode.l10n.t('Run of version {0}', version.version)
      : vscode.l10n.t('Runs of the last {0} versions', others.length + 1);
  }
  return shown === mostRuns ? vscode.l10n.t('The last {0} runs', shown) : vscode.l10n.t('Runs');
}
