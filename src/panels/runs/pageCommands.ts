import * as vscode from 'vscode';
import { Command } from '../../platform/ids';
import type { RunCommandName } from '../../shared/protocol/runs';

/** Commands that a page may run, on runs; each asks, reports and offers undo by itself. */
const commands: Readonly<Record<RunCommandName, string>> = {
  delete: Command.runs.delete,
  restore: Command.runs.restore,
  rename: Command.runs.rename,
  setTag: Command.runs.setTag,
  removeTag: Command.runs.removeTag,
  openWebUi: Command.runs.openWebUi,
  copyLink: Command.runs.copyLink,
  openSource: Command.source.openAtCommit,
  compareCode: Command.source.compareWithWorkingTree,
  showCommit: Command.source.showCommit,
  fetchCommit: Command.source.fetchCommit,
  openOnRemote: Command.source.openOnRemote,
  checkOut: Command.source.checkOut,
  diffCode: Command.source.diffRuns,
  reproduce: Command.runs.reproduce,
  bisectMetric: Command.source.bisectMetric,
  tagWithCommit: Command.source.tagRun,
  runsOfCommit: Command.source.runsOfCommit,
  openCharts: Command.charts.open,
};

export async function runPageCommand(params: {
  readonly command: RunCommandName;
  readonly runIds: readonly string[];
}): Promise<void> {
  const nodes = params.runIds.map((runId) => ({ runId }));
  await vscode.commands.executeCommand(commands[params.command], nodes[0], nodes);
}
