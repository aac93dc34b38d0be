import * as vscode from 'vscode';
import type { Connection } from '../connections/connection';
import type { RunsService } from '../experiments/runsService';

/** Runs that are charted when an experiment is. */
const newest = 20;

/**
 * Run ids a command is about: of an experiment node its newest runs; of run nodes these; without an argument the
 * checked or the selected runs. Undefined when the person cancelled, empty when an experiment has no runs.
 */
export async function chooseRuns(
  args: readonly unknown[],
  connection: Connection,
  runs: RunsService,
): Promise<readonly string[] | undefined> {
  const experimentId = experimentIdOf(args[0]);
  if (experimentId !== undefined) {
    const page = await connection.store.searchRuns({
      experimentIds: [experimentId],
      maxResults: newest,
      orderBy: ['attributes.start_time DESC'],
    });
    return page.items.map(({ runId }) => runId);
  }
  if (args[0] === undefined && runs.checkedRunIds.length > 0) {
    const choice = await checkedOrSelected(runs);
    if (choice !== 'ask') return choice;
  }
  const picked = await runs.pickRuns(args, { title: vscode.l10n.t('Open Charts'), many: true });
  return picked?.map(({ runId }) => runId);
}

async function checkedOrSelected(runs: RunsService): Promise<readonly string[] | undefined | 'ask'> {
  const { checkedRunIds, selectedRunId } = runs;
  if (selectedRunId === undefined || (checkedRunIds.length === 1 && checkedRunIds[0] === selectedRunId))
    return checkedRunIds;
  const name = runs.cachedRun(selectedRunId)?.name ?? selectedRunId;
  const items = [
    { label: vscode.l10n.t('{0} checked runs', checkedRunIds.length), chosen: checkedRunIds },
    { label: vscode.l10n.t('The selected run'), description: name, chosen: [selectedRunId] },
    { label: vscode.l10n.t('Other runs…'), chosen: 'ask' as const },
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Open Charts'),
    placeHolder: vscode.l10n.t('Which runs?'),
  });
  return picked?.chosen;
}

/** The experiment of a tree node; undefined for anything else, runs (which name their experiment too) included. */
export function experimentIdOf(node: unknown): string | undefined {
  if (typeof node !== 'object' || node === null || 'run' in node || 'runId' in node) return undefined;
  const { experiment, experimentId } = node as Record<string, unknown>;
  if (typeof experimentId === 'string') return experimentId;
  if (typeof experiment !== 'object' || experiment === null || !('experimentId' in experiment)) return undefined;
  return typeof experiment.experimentId === 'string' ? experiment.experimentId : undefined;
}
